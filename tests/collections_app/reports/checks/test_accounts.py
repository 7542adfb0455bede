"""Accounts that are not what they should be.

Sound books with one thing spoiled: the right check fails, by exactly that much, and no other does. Where
arithmetic ties two checks to each other, both must fail.
"""

from dataclasses import replace
from datetime import date

import pytest

from tests.collections_app.reports.checks.proving import failing, only, prove
from tests.collections_app.reports.checks.sound import (
    Entry,
    balance,
    sound_books,
    with_account,
    with_lines,
)


def test_overdrawn_cash_is_on_the_wrong_side() -> None:
    books = sound_books(Entry("9", date(2024, 1, 20), {"1500": 1_500_000, "1000": -1_500_000}))
    assert only(books, "R16") == "-4400.00"
    check = prove(books)["R16"]
    assert check.is_warning
    assert check.evidence[0].place == "Account 1000 Cash, 31 Jan 2024"


def test_a_contra_account_is_judged_with_its_line() -> None:
    books = sound_books()
    worn = balance("1550", "Accumulated depreciation", "Accumulated Depreciation", "credit")
    accounts = tuple(worn if each.number == "2400" else each for each in books.accounts)
    months = tuple(
        replace(
            month,
            rows=tuple(replace(row, account=row.account.replace("2400", "1550")) for row in month.rows),
        )
        for month in books.months
    )
    renamed = with_lines(
        replace(books, accounts=accounts, months=months),
        lambda line: (replace(line, account=line.account.replace("2400", "1550")),),
    )
    assert failing(renamed) == {}


def test_a_balance_in_suspense_is_a_warning() -> None:
    books = with_account(sound_books(), "1500", title="Payroll Clearing")
    assert only(books, "R17") == "3000.00"
    assert prove(books)["R17"].is_warning


@pytest.mark.parametrize(
    "title", ["Suspense", "CLEARING - cards", "Uncategorized", "Ask my accountant", "Temporary"]
)
def test_every_title_for_unresolved_items_is_known(title: str) -> None:
    assert only(with_account(sound_books(), "1500", title=title), "R17") == "3000.00"


def test_titles_that_only_contain_such_a_word_are_not_taken_for_it() -> None:
    assert failing(with_account(sound_books(), "1500", title="Task chairs, contemporary")) == {}


def test_an_income_account_that_is_never_closed_is_a_conflict() -> None:
    assert only(with_account(sound_books(), "6000", closing_type="non-closing account"), "R19") == "1"


def test_a_category_of_the_other_statement_is_a_conflict_and_no_category() -> None:
    books = with_account(sound_books(), "1500", category="Rent Expense")
    assert failing(books) == {"C3": "3000.00", "R19": "1"}
