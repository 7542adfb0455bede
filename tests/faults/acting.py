"""`python -m tests.faults.acting COMMAND`: what people do to an installation, through its own services.

One process for several answers, because a management command for each would take longer than the collection.
"""

import csv
import json
import os
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.utils import timezone  # noqa: E402 - Django comes first

from collections_app import links  # noqa: E402
from collections_app.models import Collection, Lender, Link, Run  # noqa: E402
from collections_app.services import collecting, connecting, document_requests, intake, invitations, lenders  # noqa: E402
from tests.collecting import BORROWER, OPERATOR, invite, started  # noqa: E402
from tests.faults.holdings import holdings_of  # noqa: E402


def ready(folder: str, start: str, end: str, *reports: str) -> dict[str, str]:
    """Everything answered for the company of this folder: only Connect is left."""
    lender = Lender.objects.filter(slug="harbor").first() or lenders.lender_create(
        slug="harbor", name="Harbor"
    )
    wanted: dict[str, Any] = {"date_from": date.fromisoformat(start), "date_to": date.fromisoformat(end)}
    if reports:
        wanted["reports"] = list(reports)
    collection = started(lender, **wanted)
    invitation = invitations.link_reissue(collection=collection, by=OPERATOR, send_mail=False)
    _sign_in(collection, Path(folder))
    _examine(collection, Path(folder))
    return {"reference": collection.reference, "link": invitation.url}


def invite_many(
    count: str, start: str, end: str, lender: str = "{}", documents: str = "[]"
) -> dict[str, str]:
    """As many requests that nobody has opened yet; their links, one in each line.

    Of a new lender with these fields, as JSON; each asks for the documents that are named.
    """
    named: dict[str, Any] = {"slug": "harbor", "name": "Harbor"} | json.loads(lender)
    asking = lenders.lender_create(slug=named.pop("slug"), name=named.pop("name"))
    Lender.objects.filter(pk=asking.pk).update(**named)
    asking.refresh_from_db()
    wanted: dict[str, Any] = {"date_from": date.fromisoformat(start), "date_to": date.fromisoformat(end)}
    wanted["documents"] = document_requests.wanted_documents(json.loads(documents))
    return {"links": "\n".join(invite(asking, **wanted).url for _ in range(int(count)))}


def expire(address: str) -> dict[str, str]:
    """The link of this address works no longer, as if its time had passed."""
    link = links.find(address.rstrip("/").rpartition("/")[2])
    assert link
    Link.objects.filter(pk=link.pk).update(expires_at=timezone.now())
    return {"reference": Collection.objects.get(pk=link.collection_id).reference}


def begin(folder: str, start: str, end: str, *reports: str) -> dict[str, str]:
    """The same, and Connect is pressed."""
    made = ready(folder, start, end, *reports)
    submit(made["reference"])
    return made


def collect(folder: str, start: str, end: str, *reports: str) -> dict[str, str]:
    """The whole collection, done here."""
    made = begin(folder, start, end, *reports)
    _work(Run.objects.get(collection__reference=made["reference"], kind=Run.Kind.COLLECT))
    return made


def submit(reference: str) -> dict[str, str]:
    intake.collection_submit(collection=_called(reference), by=BORROWER)
    return {}


def withdraw(reference: str) -> dict[str, str]:
    invitations.collection_withdraw(collection=_called(reference), by=OPERATOR)
    return {}


def holdings(reference: str) -> dict[str, str]:
    """What is kept of a collection, as plain content: a SHA-256 for each thing."""
    return holdings_of(_called(reference))


def _called(reference: str) -> Collection:
    return Collection.objects.get(reference=reference)


def _sign_in(collection: Collection, folder: Path) -> None:
    description = json.loads((folder / "company.json").read_text())
    user = next(user for user in description["users"] if user["status"] == "active")
    _work(
        connecting.connection_save(
            collection=collection,
            company_id=description["companyid"],
            user_id=user["userid"],
            password=user["password"],
            by=BORROWER,
        )
    )
    collection.refresh_from_db()


def _examine(collection: Collection, folder: Path) -> None:
    if collection.scope_kind:
        _work(collection.runs.get(kind=Run.Kind.EXAMINE))
    else:
        _work(intake.scope_choose(collection=collection, kind="company", identifier="", by=BORROWER))
    collection.refresh_from_db()
    with (folder / "assignments.csv").open(newline="") as file:
        answers = {row["ACCOUNTNO"]: row["CATEGORY"] for row in csv.DictReader(file)}
    intake.categories_assign(collection=collection, answers=answers, by=BORROWER)


def _work(run: Run) -> None:
    """Does the run here; another worker may help."""
    while run.status in Run.LIVE:
        if not collecting.unit_advance(run_id=run.pk):
            time.sleep(0.1)
        run.refresh_from_db()
    assert run.status == Run.Status.DONE, (run.problem, run.problem_detail)


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    acts = (ready, invite_many, expire, begin, collect, submit, withdraw, holdings)
    commands = {act.__name__: act for act in acts}
    json.dump(commands[command](*arguments), sys.stdout)
