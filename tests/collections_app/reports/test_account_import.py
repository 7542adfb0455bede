import csv
import io
from dataclasses import replace

import pytest

from collections_app.reports.account_import import HEADINGS, HeadingMissing, assignments
from collections_app.reports.csv_tables import Table, write_csv
from collections_app.reports.figures import Account
from tests.collections_app.reports.cast import CASH, EARNINGS, RENT, SALES

CHOSEN = replace(RENT, category_source="borrower")


def written(table: Table) -> list[list[str]]:
    file = io.StringIO(newline="")
    write_csv(table, file)
    return list(csv.reader(io.StringIO(file.getvalue(), newline="")))


def test_the_accounts_chosen_here_are_given_back_with_what_the_gateway_says_of_them() -> None:
    old = replace(CHOSEN, number="0600", active=False, category="Travel Expense")
    assert written(assignments([CASH, CHOSEN, EARNINGS, SALES, old])) == [
        list(HEADINGS),
        ["0600", "Rent", "incomestatement", "debit", "closing account", "3000", "inactive", "Travel Expense"],
        ["6000", "Rent", "incomestatement", "debit", "closing account", "3000", "active", "Rent Expense"],
    ]


@pytest.mark.parametrize(
    "account", [RENT, replace(RENT, category_source="none"), replace(CHOSEN, category=" ")]
)
def test_what_was_not_chosen_here_is_left_out(account: Account) -> None:
    assert written(assignments([account])) == [list(HEADINGS)]


def test_the_borrowers_own_template_decides_headings_and_their_order() -> None:
    headings = ("Quickstart category", "ACCT_NO", "DEPT_REQUIRED", "Title")
    assert written(assignments([CHOSEN], headings)) == [list(headings), ["Rent Expense", "6000", "", "Rent"]]


@pytest.mark.parametrize(
    ("headings", "sentence"),
    [
        (("TITLE", "CATEGORY"), "The template has no column for the account number"),
        (("ACCT_NO", "TITLE"), "The template has no column for the category"),
        ((), "The template has no column for the account number"),
    ],
)
def test_a_template_without_number_or_category_is_refused(headings: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(HeadingMissing, match=sentence):
        assignments([CHOSEN], headings)


@pytest.mark.parametrize("title", ["=HYPERLINK(1)", "+1+1", "-2+3", "@SUM(A1)", "\t=1"])
def test_a_title_that_a_spreadsheet_would_run_is_made_harmless(title: str) -> None:
    (_, row) = written(assignments([replace(CHOSEN, title=title)]))
    assert row[1].startswith("'")


def test_commas_quotes_and_line_breaks_stay_in_their_cell() -> None:
    title = 'Rent, "main"\r\nhall'
    (_, row) = written(assignments([replace(CHOSEN, title=title)]))
    assert len(row) == len(HEADINGS)
    assert 'Rent, "main"' in row[1]
