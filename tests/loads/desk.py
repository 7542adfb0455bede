"""A program of its own: fills a database with lenders and collections, and times the pages of the desk.

`python -m tests.loads.desk fill COLLECTIONS LENDERS`, then `... time RESULT ROUNDS` for the list or
`... pages RESULT ROUNDS` for the newest collection, on the database that the environment names. What is timed
is the whole answer in this process: middleware, queries, template.
"""

# ruff: noqa: E402

import json
import os
import random
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

import django

django.setup()

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone
from django_otp import DEVICE_ID_SESSION_KEY

from collections_app.desk_views import desk_view
from collections_app.models import (
    AuthenticatorApp,
    Collection,
    DataKey,
    Document,
    DocumentRequest,
    Event,
    Lender,
    Link,
    Question,
    Run,
    StaffMember,
    WorkUnit,
)
from collections_app.reports.desk.page import MOVEMENTS
from portal import webserver

S, R = Collection.Status, Collection.Review
LIST = "/admin/collections_app/collection/"
# How many in a hundred stand where: most of what a lender ever asked for is decided.
SHARES = (
    [(S.INVITED, R.OPEN)] * 8
    + [(S.STARTED, R.OPEN)] * 8
    + [(S.COLLECTING, R.OPEN)] * 2
    + [(S.SUBMITTED, R.OPEN)] * 7
    + [(S.SUBMITTED, R.ACCEPTED)] * 55
    + [(S.SUBMITTED, R.DECLINED)] * 10
    + [(S.WITHDRAWN, R.OPEN)] * 10
)
# A form of two fields: what any page of the desk costs before it shows something.
FLOOR = {"floor: own password": ("analyst", "/admin/password_change/")}
LISTS = {
    "analyst: needs us": ("analyst", ""),
    "analyst: to review": ("analyst", "?view=review"),
    "analyst: waiting": ("analyst", "?view=borrower"),
    "analyst: all": ("analyst", "?view=all"),
    "analyst: all, page 20": ("analyst", "?view=all&p=20"),
    "analyst: by borrower": ("analyst", "?view=all&o=2"),
    "analyst: search": ("analyst", "?view=all&q=birch+4"),
    "operator: all": ("operator", "?view=all"),
    "operator: needs us": ("operator", "?view=mine"),
    "operator: waiting": ("operator", "?view=borrower"),
    "operator: search": ("operator", "?view=all&q=birch+4711"),
    "operator: reference": ("operator", "?view=all&q=R004-0711"),
}


def batches(rows: Iterator[Any], size: int = 2_000) -> Iterator[list[Any]]:
    while batch := list(islice(rows, size)):
        yield batch


def fill(collections: int, lenders: int) -> None:
    """The rows that the list reads: collections, links, runs with two units, five events each, a required
    document that one in ten lacks, and questions of which one in ten is open.
    """
    banks = [Lender.objects.create(slug=f"bank{n}", name=f"Bank {n}") for n in range(lenders)]
    user = User.objects.create(username="analyst", is_staff=True)
    StaffMember.objects.create(user=user, lender=banks[0], role=StaffMember.Role.ANALYST)
    User.objects.create(username="operator", is_staff=True, is_superuser=True)
    for rows in batches(_collections(collections, banks)):
        made = Collection.objects.bulk_create(rows)
        DataKey.objects.bulk_create(DataKey(collection=each, wrapped=b"x") for each in made)
        Link.objects.bulk_create(map(_link, made))
        runs = Run.objects.bulk_create(_run(each) for each in made if each.status != S.INVITED)
        WorkUnit.objects.bulk_create(
            WorkUnit(run=run, position=place, kind="table", done_at=run.finished_at)
            for run in runs
            for place in (1, 2)
        )
        _ask(made)
        for _ in range(5):
            Event.objects.bulk_create(
                Event(collection=each, actor_kind="borrower", action="link.opened") for each in made
            )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _collections(count: int, banks: list[Lender]) -> Iterator[Collection]:
    chance = random.Random(7)
    now = timezone.now()
    for number in range(count):
        status, review = SHARES[chance.randrange(100)]
        submitted = now - timedelta(days=number % 700) if status == S.SUBMITTED else None
        yield Collection(
            reference=f"R{number // 1000:03}-{number % 1000:04}",
            lender=banks[number % len(banks)],
            status=status,
            review=review,
            failed_checks=chance.randrange(3) if status == S.SUBMITTED else None,
            borrower_name=f"Birch {number} Incorporated",
            borrower_email=f"owner{number}@example.com",
            lender_reference=f"L-{number}",
            date_from=date(2025, 1, 1),
            date_to=date(2025, 12, 31),
            reports=["balance_sheet"],
            accounting_system="sage-intacct",
            submitted_at=submitted,
            shared_at=submitted,
        )


def _ask(made: list[Collection]) -> None:
    """Before the other events, so that those must be passed over on the way to them."""
    requests = DocumentRequest.objects.bulk_create(
        DocumentRequest(collection=each, position=1, name="Tax return") for each in made
    )
    Document.objects.bulk_create(
        Document(collection=each.collection, request=each, storage_name="x", size=1, sealed=b"")
        for each in requests
        if each.collection_id % 10 != 5
    )
    shared = [each for each in made if each.status == S.SUBMITTED]
    Event.objects.bulk_create(
        Event(collection=each, actor_kind="staff", action="review.documents_asked")
        for each in shared
        if each.pk % 5 == 0
    )
    now = timezone.now()
    Question.objects.bulk_create(
        Question(collection=each, asked_by="Ana", sealed=b"", answered_at=now if each.pk % 10 else None)
        for each in shared
    )


def _link(collection: Collection) -> Link:
    days = collection.pk % 30 - 5
    return Link(
        collection=collection,
        token_hash=collection.pk.to_bytes(32, "big"),
        expires_at=timezone.now() + timedelta(days=days),
    )


def _run(collection: Collection) -> Run:
    unfinished = collection.status in (S.STARTED, S.COLLECTING)
    status = ("queued", "needs_borrower", "done")[collection.pk % 3] if unfinished else "done"
    return Run(
        collection=collection,
        kind=Run.Kind.VERIFY if unfinished else Run.Kind.COLLECT,
        status=status,
        problem="sign_in_refused" if status == "needs_borrower" else "",
        finished_at=timezone.now() if status == "done" else None,
    )


def timed(pages: dict[str, tuple[str, str]], rounds: int) -> list[dict[str, Any]]:
    """Each page so many times, after two to warm up: median and 95th percentile in ms, and its queries.

    The pages take turns, so that a moment in which the machine is slow is nobody's alone. The first page of
    a visit also writes that somebody looked: its queries are counted by themselves.
    """
    browsers = {}
    for name in {who for who, _ in pages.values()}:
        browsers[name] = signed_in(User.objects.get(username=name))
    told: list[dict[str, Any]] = []
    # As the web server's processes do.
    webserver.post_worker_init(None)
    with override_settings(ALLOWED_HOSTS=["*"]):
        for name, (who, address) in pages.items():
            browser = browsers[who]
            asked: list[list[str]] = []
            for _visit in ("first", "again"):
                asked.append([])
                with connection.execute_wrapper(_noting(asked[-1])):
                    response = browser.get(address, secure=True)
                    size = len(response.getvalue())
                assert response.status_code == 200, (name, response.status_code)
            told.append({"page": name, "first": len(asked[0]), "queries": len(asked[1]), "bytes": size})
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in pages}
        for _ in range(rounds):
            for name, (who, address) in pages.items():
                taken[name].append(_seconds(browsers[who], address))
    return [row | _summary(taken[row["page"]]) for row in told]


def _summary(taken: list[tuple[float, float]]) -> dict[str, float]:
    walls, processor = sorted(wall for wall, _ in taken), sorted(used for _, used in taken)
    return {
        "median": 1000 * walls[len(walls) // 2],
        "p95": 1000 * walls[min(len(walls) - 1, int(len(walls) * 0.95))],
        "processor": 1000 * processor[len(processor) // 2],
    }


def signed_in(user: User) -> Client:
    """A browser of somebody who gave the password and the code, so that all is asked that is asked then."""
    app, _ = AuthenticatorApp.objects.get_or_create(
        user=user, confirmed=True, defaults={"name": "app", "sealed_key": b"x"}
    )
    browser = Client()
    browser.force_login(user)
    session = browser.session
    session[DEVICE_ID_SESSION_KEY] = app.persistent_id
    session.save()
    return browser


def _noting(asked: list[str]) -> Any:
    def note(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    return note


def _seconds(browser: Client, address: str) -> tuple[float, float]:
    """What passed on the clock, and what this process used of a processor."""
    began, used = time.perf_counter(), time.process_time()
    browser.get(address, secure=True).getvalue()
    return time.perf_counter() - began, time.process_time() - used


def main(what: str, *arguments: str) -> None:
    if what == "fill":
        fill(int(arguments[0]), int(arguments[1]))
        return
    result, rounds = arguments
    lists = {name: (who, LIST + query) for name, (who, query) in LISTS.items()}
    pages = pages_of_newest() if what == "pages" else lists
    Path(result).write_text(json.dumps(timed(FLOOR | pages, int(rounds))))


def pages_of_newest() -> dict[str, tuple[str, str]]:
    """The pages of the newest collection, as an analyst; the account is the one with most months."""
    collection = Collection.objects.latest("pk")
    user, _ = User.objects.get_or_create(username="analyst", is_staff=True)
    StaffMember.objects.get_or_create(user=user, lender=collection.lender, role=StaffMember.Role.ANALYST)
    accounts = desk_view(collection, MOVEMENTS) or {}
    busiest = max(accounts, key=lambda number: len(accounts[number]["months"]))
    page = f"{LIST}{collection.pk}"
    return {
        "collection": ("analyst", f"{page}/change/"),
        "statement, accounts": ("analyst", f"{page}/statements/balance_sheet"),
        "account, journal lines": ("analyst", f"{page}/accounts/{busiest}"),
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
