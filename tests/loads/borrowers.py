"""Many borrowers at once, in a process of its own: `python -m tests.loads.borrowers PLAN.json RESULT.json`.

They answer through the services that the pages use; workers elsewhere do the rest. All prepare first;
then all press Connect, in the order of the plan. The plan is JSON: `from` and `to`; `categories`, a file;
and as `borrowers` a list of `lender` and `company`. Each link is printed, then `Prepared` and `Connected`.
The result tells of each collection its lender, its company and the seconds from the first press of Connect
to its end, and the seconds that preparing took.
"""

import csv
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

# Models can be imported only once Django is set up.
from collections_app import links, readiness  # noqa: E402
from collections_app.events import Who  # noqa: E402
from collections_app.models import Collection, Lender, Run  # noqa: E402
from collections_app.services import connecting, intake  # noqa: E402
from collections_app.services.asking import CollectionRequest  # noqa: E402
from collections_app.services.invitations import collection_invite  # noqa: E402
from collections_app.services.lenders import lender_create  # noqa: E402
from intacct.sandbox.generate.writer import PASSWORD, USER  # noqa: E402

BORROWER = Who.borrower()
LOOK_AGAIN_SECONDS = 0.5


@dataclass
class Borrower:
    """One collection, and the answers that it needs."""

    collection: Collection
    company: str
    categories: dict[str, str]

    def sign_in(self) -> None:
        collection = self.collection
        intake.system_choose(collection=collection, key="sage-intacct", by=BORROWER)
        intake.review_confirm(collection=collection, by=BORROWER)
        intake.connect_confirm(collection=collection, by=BORROWER)
        connecting.connection_save(
            collection=collection, company_id=self.company, user_id=USER, password=PASSWORD, by=BORROWER
        )

    def choose(self) -> None:
        """The whole company, unless it was the only choice."""
        self.collection.refresh_from_db()
        if not self.collection.scope_kind:
            intake.scope_choose(collection=self.collection, kind="company", identifier="", by=BORROWER)

    def assign(self) -> None:
        needed = {account.number for account in readiness.accounts_to_assign(self.collection)}
        answers = {number: name for number, name in self.categories.items() if number in needed}
        intake.categories_assign(collection=self.collection, answers=answers, by=BORROWER)

    def connect(self) -> None:
        intake.collection_submit(collection=self.collection, by=BORROWER)


def invited(plan: dict[str, Any]) -> Iterator[Borrower]:
    """Borrowers whose link was opened; each link is printed, for whoever watches their pages."""
    lenders: dict[str, Lender] = {}
    categories = read_categories(Path(plan["categories"]))
    for number, row in enumerate(plan["borrowers"], start=1):
        slug = row["lender"]
        if slug not in lenders:
            lenders[slug] = lender_create(slug=slug, name=f"Bank {slug}", time_zone="America/Toronto")
        asked = CollectionRequest(
            lender=lenders[slug],
            borrower_name=f"Borrower {number}",
            borrower_email=f"owner{number}@example.com",
            date_from=date.fromisoformat(plan["from"]),
            date_to=date.fromisoformat(plan["to"]),
        )
        invitation = collection_invite(asked, by=Who.operator("a load test"), send_mail=False)
        print(f"Link: {invitation.url}", flush=True)
        link = links.find(invitation.url.rstrip("/").rpartition("/")[2])
        if link is None:
            raise RuntimeError("A new link is not known.")
        intake.link_open(link=link, by=BORROWER)
        yield Borrower(Collection.objects.get(pk=link.collection_id), row["company"], categories)


def read_categories(path: Path) -> dict[str, str]:
    with path.open(newline="", encoding="utf-8") as file:
        return {row["ACCOUNTNO"]: row["CATEGORY"] for row in csv.DictReader(file)}


def each_after(kind: str, borrowers: list[Borrower], then: Callable[[Borrower], None]) -> None:
    """Lets every borrower go on as soon as their own run of this kind is done."""
    waiting = {borrower.collection.pk: borrower for borrower in borrowers}
    while waiting:
        done = Run.objects.filter(kind=kind, status=Run.Status.DONE, collection__in=waiting)
        for collection_id in list(done.values_list("collection_id", flat=True)):
            then(waiting.pop(collection_id))
        time.sleep(LOOK_AGAIN_SECONDS if waiting else 0)


def told(run: Run, company: str, since: datetime) -> dict[str, Any]:
    if run.finished_at is None:
        raise RuntimeError("A run that is done has no end.")
    seconds = (run.finished_at - since).total_seconds()
    return {"lender": run.collection.lender.slug, "company": company, "seconds": round(seconds, 2)}


def main() -> int:
    """Everything from the invitation to the finished reports."""
    plan, result = json.loads(Path(sys.argv[1]).read_text("utf-8")), Path(sys.argv[2])
    started = time.monotonic()
    borrowers = list(invited(plan))
    for borrower in borrowers:
        borrower.sign_in()
    each_after(Run.Kind.VERIFY, borrowers, Borrower.choose)
    each_after(Run.Kind.EXAMINE, borrowers, Borrower.assign)
    prepared = time.monotonic() - started
    print("Prepared", flush=True)
    for borrower in borrowers:
        borrower.connect()
    print("Connected", flush=True)
    each_after(Run.Kind.COLLECT, borrowers, lambda borrower: None)
    companies = {borrower.collection.pk: borrower.company for borrower in borrowers}
    runs = Run.objects.filter(kind=Run.Kind.COLLECT, collection__in=companies).order_by("created_at")
    first = runs[0].created_at
    collections = [
        told(run, companies[run.collection_id], first) for run in runs.select_related("collection__lender")
    ]
    answer = {"prepare_seconds": round(prepared, 2), "collections": collections}
    result.write_text(json.dumps(answer, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
