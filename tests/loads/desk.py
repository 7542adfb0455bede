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

from collections_app.desk_views import desk_view
from collections_app.models import Collection, DataKey, Event, Lender, Link, Run, StaffMember, WorkUnit
from collections_app.reports.desk.page import MOVEMENTS

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
    """The rows that the list reads: collections, links, runs with two units, five events each."""
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
        Event.objects.bulk_create(
            Event(collection=each, actor_kind="borrower", action="link.opened")
            for each in made
            for _ in range(5)
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
    """Each page so many times, after one to warm up: median and 95th percentile in ms, and its queries."""
    browsers = {}
    for name in {who for who, _ in pages.values()}:
        browsers[name] = Client()
        browsers[name].force_login(User.objects.get(username=name))
    told = []
    with override_settings(ALLOWED_HOSTS=["*"]):
        for name, (who, address) in pages.items():
            browser = browsers[who]
            asked: list[str] = []
            with connection.execute_wrapper(_noting(asked)):
                response = browser.get(address, secure=True)
                size = len(response.getvalue())
            assert response.status_code == 200, (name, response.status_code)
            taken = [_seconds(browser, address) for _ in range(rounds)]
            walls, processor = sorted(wall for wall, _ in taken), sorted(used for _, used in taken)
            told.append(
                {
                    "page": name,
                    "queries": len(asked),
                    "bytes": size,
                    "median": 1000 * walls[len(walls) // 2],
                    "p95": 1000 * walls[min(len(walls) - 1, int(len(walls) * 0.95))],
                    "processor": 1000 * processor[len(processor) // 2],
                }
            )
    return told


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
    Path(result).write_text(json.dumps(timed(pages, int(rounds))))


def pages_of_newest() -> dict[str, tuple[str, str]]:
    """The pages of the newest collection, as the operator; the account is the one with most months."""
    User.objects.get_or_create(username="operator", is_staff=True, is_superuser=True)
    collection = Collection.objects.latest("pk")
    accounts = desk_view(collection, MOVEMENTS) or {}
    busiest = max(accounts, key=lambda number: len(accounts[number]["months"]))
    page = f"{LIST}{collection.pk}"
    return {
        "collection": ("operator", f"{page}/change/"),
        "statement, accounts": ("operator", f"{page}/statements/balance_sheet"),
        "account, journal lines": ("operator", f"{page}/accounts/{busiest}"),
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
