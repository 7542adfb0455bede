"""What is missing.

Sound books with one thing spoiled: the right check fails, by exactly that much, and no other does. Where
arithmetic ties two checks to each other, both must fail.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from collections_app.reports.books import Books, EntityBooks
from collections_app.reports.figures import Scope
from collections_app.reports.journal import JournalLine
from collections_app.reports.transfers import Transfer
from tests.collections_app.reports.checks.proving import failing, only, prove
from tests.collections_app.reports.checks.sound import (
    MONTHS,
    TRANSFERS,
    Entry,
    shifted,
    sound_books,
    with_account,
    with_lines,
)

EVERY_MONTH, LAST = range(len(MONTHS)), (len(MONTHS) - 1,)


def test_activity_without_journal_lines_is_a_missing_month() -> None:
    books = shifted(sound_books(), "1000", [6], debits="5.00", credits="5.00")
    assert only(books, "C1") == "1"
    (row,) = prove(books)["C1"].evidence
    assert row.place == "2023-07"


def test_a_trial_balance_that_is_missing_is_a_missing_month() -> None:
    books = sound_books()
    assert prove(replace(books, months=books.months[:-1]))["C1"].difference == 1


def test_a_line_on_an_account_outside_the_chart_is_found() -> None:
    def with_stranger(line: JournalLine) -> Iterator[JournalLine]:
        yield line
        if line.record == "1-1":
            yield replace(line, record="1-3", account="9999", debit=Decimal(7), credit=Decimal(7))

    books = with_lines(sound_books(), with_stranger)
    assert only(books, "C2") == "1"
    assert prove(books)["C2"].evidence[0].place == "Account 9999"


def test_an_account_that_closes_to_a_stranger_is_found() -> None:
    assert only(with_account(sound_books(), "6000", closes_to="3999"), "C2") == "1"


def test_an_account_without_a_category_fails_by_its_amount() -> None:
    books = with_account(sound_books(), "6000", category="")
    assert only(books, "C3") == "800.00"
    assert "800.00 USD, 5.52 % of total assets" in prove(books)["C3"].sentence


def test_a_small_amount_without_a_category_is_a_warning() -> None:
    large = Entry("9", date(2023, 6, 1), {"1500": 50_000_000, "3200": -50_000_000})
    books = with_account(sound_books(large), "6000", category="Made up")
    assert only(books, "C3") == "800.00"
    assert prove(books)["C3"].is_warning


def test_a_transfer_that_is_cut_fails_by_the_rows_that_are_missing() -> None:
    books = replace(sound_books(), transfers=(*TRANSFERS, Transfer("Bills", 7, 10, part=2)))
    assert only(books, "C4") == "-3"
    assert prove(books)["C4"].evidence[0].place == "Bills, part 2"


def entities(books: Books, **changes: str) -> Books:
    """The books as those of one entity, which holds so much more on its cash in the last month."""
    months = shifted(books, "1000", LAST, **changes).months
    return replace(books, entities=(EntityBooks(Scope("entity", "E1", "East"), "USD", months),))


def test_entities_that_are_the_book_pass() -> None:
    books = entities(sound_books())
    assert failing(books) == {}
    assert "together they are the book" in prove(books)["C5"].sentence


def test_an_entity_with_other_figures_than_the_book_is_the_difference() -> None:
    assert only(entities(sound_books(), closing="-50.00"), "C5") == "50.00"


def test_an_entity_without_figures_is_a_missing_subsidiary() -> None:
    books = entities(sound_books())
    empty = tuple(replace(month, rows=()) for month in books.months)
    silent = EntityBooks(Scope("entity", "E2", "West"), "USD", empty)
    check = prove(replace(books, entities=(*books.entities, silent)))["C5"]
    assert check.outcome == "fail"
    assert check.evidence[0].place == "Entity E2 West"


def test_a_company_that_returned_nothing_at_all_fails() -> None:
    books = sound_books()
    silent = replace(books, months=tuple(replace(month, rows=()) for month in books.months))
    assert prove(silent)["C5"].outcome == "fail"
