"""From what was collected to what the reports are made of, through the gateway and the storage."""

import csv
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from collections_app import books
from collections_app.models import Collection, Lender
from collections_app.services import intake
from intacct.sandbox import Sandbox
from tests.collecting import BORROWER, EXCHANGES, GROUP, UNASSIGNED, sign_in, started, work

pytestmark = pytest.mark.slow

FIRST, LAST = date(2026, 4, 1), date(2026, 6, 30)

Collect = Callable[..., Collection]


@pytest.fixture
def collect(lender: Lender, gateway: Sandbox) -> Collect:
    """A finished collection of the group, about one of its scopes."""

    def run(kind: str, identifier: str = "", **changes: object) -> Collection:
        collection = started(lender, **changes)
        work(sign_in(collection, GROUP))
        work(intake.scope_choose(collection=collection, kind=kind, identifier=identifier, by=BORROWER))
        answers = {UNASSIGNED: "Cash and Cash Equivalents"}
        intake.categories_assign(collection=collection, answers=answers, by=BORROWER)
        work(intake.collection_submit(collection=collection, by=BORROWER))
        collection.refresh_from_db()
        assert collection.status == Collection.Status.SUBMITTED
        return collection

    return run


def posted(**wanted: str) -> list[dict[str, str]]:
    """The posted money lines of the company's own file in the period."""
    with (EXCHANGES / "company" / "GLDETAIL.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["STATE"] == "Posted" and row["STATISTICAL"] != "T"]
    dated = [row for row in rows if FIRST <= day(row["ENTRY_DATE"]) <= LAST]
    return [row for row in dated if all(row[field] == value for field, value in wanted.items())]


def day(text: str) -> date:
    month, number, year = map(int, text.split("/"))
    return date(year, month, number)


def test_the_journal_has_every_posted_line_of_the_period_and_no_other(collect: Collect) -> None:
    journal = books.books_of(collect("company")).journal
    assert journal
    lines = list(journal.lines(FIRST, LAST))
    expected = posted(BOOKID="ACCRUAL")
    assert {line.record for line in lines} == {row["RECORDNO"] for row in expected}
    assert len(lines) == len(expected) > 5
    assert sum(line.movement for line in lines) == sum(Decimal(row["AMOUNT"]) for row in expected) == 0
    assert list(journal.lines(date(2026, 5, 1), date(2026, 5, 31))) == [
        line for line in lines if line.entry_date.month == 5
    ]


def test_lines_of_an_adjustment_book_count_as_adjusting(collect: Collect) -> None:
    journal = books.books_of(collect("company", adjustment_books=["GAAP"])).journal
    assert journal
    adjusting = {line.record for line in journal.lines(FIRST, LAST) if line.adjusting}
    assert {row["RECORDNO"] for row in posted(BOOKID="GAAPACCRUAL")} <= adjusting


def test_documents_become_a_subledger_with_what_settles_them(collect: Collect) -> None:
    subledger = books.books_of(collect("company")).receivables
    assert subledger
    with (EXCHANGES / "company" / "ARINVOICE.csv").open(newline="") as file:
        known = {row["RECORDNO"] for row in csv.DictReader(file)}
    assert {document.key.partition(":")[2] for document in subledger.documents} <= known
    assert subledger.applications
    assert set(subledger.parties)


def test_an_entity_is_read_from_inside_it(collect: Collect) -> None:
    journal = books.books_of(collect("entity", "E100")).journal
    assert journal
    inside = {line.location for line in journal.lines(FIRST, LAST)}
    everywhere = {row["LOCATIONID"] for row in posted(BOOKID="ACCRUAL")}
    assert inside
    assert inside < everywhere


def test_a_consolidation_book_is_explained_by_its_entities(collect: Collect) -> None:
    reports = books.reports_of(collect("book", "USDCONS"))
    assert [bridge.statement for bridge in reports.bridges] == [
        "balance_sheet",
        "income_statement",
        "cash_flow",
    ]
    for bridge in reports.bridges:
        assert bridge.residuals == ()
        assert len(bridge.scopes) == 2


def test_reports_that_need_no_detail_read_none(collect: Collect) -> None:
    made = books.books_of(collect("company", reports=["balance-sheet"]))
    assert (made.journal, made.receivables, made.payables, made.entities) == (None, None, None, ())
