from dataclasses import replace

import pytest

from collections_app.reports.build import build
from collections_app.reports.figures import Account
from collections_app.reports.placement import Reason, place
from tests.collections_app.reports.cast import CASH, EARNINGS, RENT, SALES, small_books


@pytest.mark.parametrize(
    ("account", "line"),
    [
        (CASH, "unassigned_assets"),
        (EARNINGS, "unassigned_liabilities"),
        (SALES, "unassigned_income_statement"),
        (RENT, "unassigned_income_statement"),
    ],
)
def test_an_account_without_a_category_is_unassigned_in_its_own_statement(
    account: Account, line: str
) -> None:
    placement = place(replace(account, category=" "), closed_to=False)
    assert (placement.line, placement.reason) == (line, Reason.NO_CATEGORY)
    assert placement.is_unassigned


def test_an_unknown_category_counts_as_none() -> None:
    placement = place(replace(CASH, category="Cash in the drawer"), closed_to=False)
    assert (placement.line, placement.reason) == ("unassigned_assets", Reason.UNKNOWN_CATEGORY)


def test_a_category_of_the_other_statement_does_not_move_the_account() -> None:
    placement = place(replace(CASH, category="Rent Expense"), closed_to=False)
    assert (placement.line, placement.reason) == ("unassigned_assets", Reason.OTHER_STATEMENT)
    placement = place(replace(RENT, category="Fixed Assets"), closed_to=False)
    assert (placement.line, placement.reason) == ("unassigned_income_statement", Reason.OTHER_STATEMENT)


def test_the_account_that_others_close_to_is_retained_earnings_whatever_its_category() -> None:
    for category in ("", "Partners Equity", "Rent Expense"):
        placement = place(replace(EARNINGS, category=category), closed_to=True)
        assert (placement.line, placement.is_unassigned) == ("retained_earnings", False)


def test_an_account_that_income_accounts_name_is_closed_to_even_if_it_is_not_marked() -> None:
    unmarked = replace(EARNINGS, closing_type="non-closing account", category="")
    reports = build(small_books(accounts=(CASH, unmarked, SALES, RENT)))
    (placement,) = [each for each in reports.placements if each.account.number == "3000"]
    assert placement.reason is Reason.CLOSED_TO
