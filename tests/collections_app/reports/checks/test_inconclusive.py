"""What was not collected proves nothing, and the sentence says what to ask for."""

from dataclasses import replace
from datetime import date

from collections_app.reports.books import EntityBooks
from collections_app.reports.figures import Scope
from collections_app.reports.transfers import Transfer
from tests.collections_app.reports.checks.proving import failing, inconclusive, prove
from tests.collections_app.reports.checks.sound import (
    TRANSFERS,
    sound_books,
    with_account,
    with_lines,
)


def test_without_the_journal_nothing_is_claimed_about_it() -> None:
    books = replace(sound_books(), journal=None)
    assert inconclusive(books) == {"C1", "R8", "R9", "R20"}
    assert failing(books) == {}
    assert all("ask for the general ledger" in prove(books)[name].sentence for name in ("C1", "R8", "R9"))


def test_a_consolidation_book_has_no_lines_of_its_own_and_needs_its_entities() -> None:
    books = sound_books()
    book = replace(books, heading=replace(books.heading, scope=Scope("book", "B1", "Group")))
    assert inconclusive(book) == {"C5", "R8"}


def test_translation_that_was_not_read_proves_nothing() -> None:
    books = sound_books()
    foreign = EntityBooks(Scope("entity", "E1", "East"), "EUR", books.months)
    assert inconclusive(replace(books, entities=(foreign,))) == {"C5"}


def test_without_agings_control_accounts_or_accruals_nothing_is_tied() -> None:
    books = sound_books()
    unread = replace(books, receivables=None, payables=None)
    assert inconclusive(unread) == {"R10", "R11"}
    assert "Ask for the aging of receivables." in prove(unread)["R10"].sentence
    assert inconclusive(with_account(books, "1200", control="")) == {"R10"}
    cash = replace(books, heading=replace(books.heading, basis="cash"))
    assert inconclusive(cash) == {"R10", "R11"}


def test_transfers_that_announce_nothing_prove_nothing() -> None:
    books = replace(sound_books(), transfers=(*TRANSFERS, Transfer("Bills", 7)))
    assert inconclusive(books) == {"C4"}
    assert inconclusive(replace(books, transfers=())) == {"C4"}


def test_one_fiscal_year_alone_cannot_roll_forward() -> None:
    books = sound_books()
    heading = replace(books.heading, date_to=date(2023, 12, 31))
    assert inconclusive(replace(books, heading=heading, months=books.months[:-1])) == {"R7"}


def test_lines_without_entries_and_dates_cannot_be_judged_by_them() -> None:
    books = with_lines(sound_books(), lambda line: (replace(line, batch="", batch_date=None),))
    assert inconclusive(books) == {"R9", "R20"}
