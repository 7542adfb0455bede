import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from collections_app.reports.build import build
from collections_app.reports.fiscal_ledger import fiscal_ledger
from collections_app.reports.general_ledger import LedgerRow, RowKind, general_ledger
from collections_app.reports.journal import JournalLine
from tests.collections_app.reports.cast import small_books
from tests.collections_app.reports.conftest import CompanyBooks
from tests.collections_app.reports.folder_journal import FolderJournal

SMALL = fiscal_ledger(small_books())


def posted(record: str, day: int, account: str, debit: str = "0", credit: str = "0") -> JournalLine:
    return JournalLine(
        record=record,
        batch=record,
        batch_date=None,
        batch_title="",
        journal="GJ",
        book="ACCRUAL",
        module="2.GL",
        line_number="1",
        entry_date=date(2024, 1, day),
        account=account,
        debit=Decimal(debit),
        credit=Decimal(credit),
    )


class Lines:
    """A journal of given lines, which counts how often it is read."""

    def __init__(self, *lines: JournalLine) -> None:
        self.given = lines
        self.reads = 0

    def lines(self, start: date, end: date) -> Iterator[JournalLine]:
        self.reads += 1
        return (line for line in self.given if start <= line.entry_date <= end)


JANUARY_LINES = (
    posted("1", 20, "1000", credit="40"),
    posted("2", 20, "6000", debit="40"),
    posted("3", 5, "4000", credit="100"),
    posted("4", 5, "1000", debit="100"),
)


def told(rows: Iterator[LedgerRow]) -> list[tuple[str, str, str, int]]:
    return [
        (row.account.number, row.kind.name, row.line.record if row.line else "", int(row.balance))
        for row in rows
    ]


def test_each_account_runs_from_its_opening_to_its_closing_balance_in_order_of_date() -> None:
    assert told(general_ledger(SMALL, Lines(*JANUARY_LINES))) == [
        ("1000", "OPENING", "", 500),
        ("1000", "LINE", "4", 600),
        ("1000", "LINE", "1", 560),
        ("1000", "CLOSING", "", 560),
        ("3000", "OPENING", "", -500),
        ("3000", "CLOSING", "", -500),
        ("4000", "OPENING", "", 0),
        ("4000", "LINE", "3", -100),
        ("4000", "CLOSING", "", -100),
        ("6000", "OPENING", "", 0),
        ("6000", "LINE", "2", 40),
        ("6000", "CLOSING", "", 40),
    ]


def test_lines_that_do_not_lead_to_the_closing_balance_leave_a_difference() -> None:
    rows = list(general_ledger(SMALL, Lines(*JANUARY_LINES[1:])))
    difference = next(row for row in rows if row.kind is RowKind.DIFFERENCE)
    assert difference.account.number == "1000"
    assert (difference.amount, difference.balance) == (Decimal(-40), Decimal(560))
    assert rows[rows.index(difference) + 1].kind is RowKind.CLOSING


def test_a_line_on_an_account_that_nothing_else_knows_is_not_lost() -> None:
    rows = told(general_ledger(SMALL, Lines(*JANUARY_LINES, posted("5", 9, "9999", debit="7"))))
    assert rows[-4:] == [
        ("9999", "OPENING", "", 0),
        ("9999", "LINE", "5", 7),
        ("9999", "DIFFERENCE", "", 0),
        ("9999", "CLOSING", "", 0),
    ]


@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_a_month_too_large_to_hold_gives_the_same_rows_in_more_readings(at_once: int) -> None:
    whole = Lines(*JANUARY_LINES)
    expected = list(general_ledger(SMALL, whole))
    assert whole.reads == 1
    piecemeal = Lines(*JANUARY_LINES)
    assert list(general_ledger(SMALL, piecemeal, at_once)) == expected
    assert piecemeal.reads > 1


@pytest.mark.parametrize(
    ("company", "first_month", "date_from", "date_to"),
    [
        ("maple", 3, date(2020, 1, 1), date(2020, 12, 31)),
        ("small_company", 7, date(2025, 7, 1), date(2026, 9, 30)),
    ],
)
@pytest.mark.parametrize("books", [("ACCRUAL",), ("ACCRUAL", "GAAPACCRUAL")], ids=["main", "with GAAP"])
def test_real_lines_lead_to_every_closing_balance(
    company: str,
    first_month: int,
    date_from: date,
    date_to: date,
    books: tuple[str, ...],
    company_books: CompanyBooks,
    request: pytest.FixtureRequest,
) -> None:
    folder: Path = request.getfixturevalue(company)
    reports = build(company_books(folder, date_from, date_to, first_month, books=books))
    rows = list(general_ledger(reports.ledger, FolderJournal(folder, books)))
    assert RowKind.DIFFERENCE not in {row.kind for row in rows}
    lines = [row for row in rows if row.kind is RowKind.LINE]
    assert len(lines) == sum(1 for _ in FolderJournal(folder, books).lines(date_from, date_to))
    closings = {
        (row.window.start, row.account.number): row.balance for row in rows if row.kind is RowKind.CLOSING
    }
    for month in reports.trial_balance:
        for each in month.rows:
            assert closings.get((month.window.start, each.account), Decimal(0)) == each.closing


class Endless:
    """So many lines a day, made while they are read."""

    def __init__(self, lines_a_day: int) -> None:
        self.lines_a_day = lines_a_day

    def lines(self, start: date, end: date) -> Iterator[JournalLine]:
        for offset in range((end - start).days + 1):
            day = (start + timedelta(days=offset)).day
            for place in range(self.lines_a_day):
                number = ("1000", "4000", "6000")[place % 3]
                yield posted(f"{day}-{place}", day, number, debit="1")


def peak(lines_a_day: int) -> int:
    tracemalloc.start()
    count = sum(1 for row in general_ledger(SMALL, Endless(lines_a_day), 200) if row.line)
    highest = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 31 * lines_a_day
    return highest


def test_memory_does_not_grow_with_the_lines_of_a_month() -> None:
    assert peak(120) < 1.2 * peak(40)


def test_months_before_the_request_are_left_out() -> None:
    books = small_books(date_from=date(2024, 1, 15))
    first = replace(books.months[0], end=date(2024, 1, 14))
    second = replace(books.months[0], start=date(2024, 1, 15))
    ledger = fiscal_ledger(replace(books, months=(first, second)))
    windows = {row.window.start for row in general_ledger(ledger, Lines(*JANUARY_LINES))}
    assert windows == {date(2024, 1, 15)}
