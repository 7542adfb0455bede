"""Six accounts that a known package turns into liabilities, from the books to the printed line.

Its fallback takes an account whose category it does not list for a liability, unless it is a debit account.
"""

from dataclasses import replace
from decimal import Decimal

import pytest

from collections_app.reports.books import Books
from collections_app.reports.build import Reports, build
from collections_app.reports.figures import Account
from tests.collections_app.reports.cast import CASH, EARNINGS, JANUARY, SALES, row, small_books

ON_THE_SHEET = replace(CASH, normal_balance="credit", title="")
OF_INCOME = replace(SALES, title="")
SIX = (
    replace(OF_INCOME, number="8000", category="Interest Income"),
    replace(ON_THE_SHEET, number="3100", category="Common Stock"),
    replace(ON_THE_SHEET, number="3200", category="Preferred Stock"),
    replace(ON_THE_SHEET, number="1290", category="Allowance for Doubtful Accounts"),
    replace(OF_INCOME, number="4200", category="Intercompany Sales"),
    replace(OF_INCOME, number="8100", category="Gain/Loss on Sales of Fixed Assets"),
)


def credit(number: str, amount: str) -> Books:
    """Cash against the account: the credit is its only entry."""
    rows = (row("1000", "0", amount), row("3000"), row(number, "0", "0", amount))
    accounts = (CASH, EARNINGS, *SIX)
    return replace(small_books(accounts=accounts), months=(replace(JANUARY, rows=rows),))


def misfiled(reports: Reports) -> list[str]:
    """The lines of liabilities and the unassigned lines that hold anything."""
    lines = (*reports.balance_sheet.lines, *reports.income_statement.lines)
    return [
        line.key
        for line in lines
        if any(line.values)
        and ("liabilities" in line.key or "unassigned" in line.key or "payable" in line.key)
        and line.key != "total_liabilities_and_equity"
    ]


@pytest.mark.parametrize("account", SIX, ids=[account.category for account in SIX])
def test_none_of_the_six_is_a_liability_or_unassigned(account: Account) -> None:
    reports = build(credit(account.number, "70"))
    assert misfiled(reports) == []
    assert reports.unassigned == ()
    assert reports.balance_sheet.values("total_assets") == reports.balance_sheet.values(
        "total_liabilities_and_equity"
    )


@pytest.mark.parametrize(
    ("number", "line", "printed"),
    [
        ("8000", "other_income", 70),
        ("3100", "paid_in_capital", 70),
        ("3200", "paid_in_capital", 70),
        ("1290", "accounts_receivable", -70),
        ("4200", "revenue", 70),
        ("8100", "other_income", 70),
    ],
)
def test_each_of_the_six_prints_on_its_line_with_its_sign(number: str, line: str, printed: int) -> None:
    reports = build(credit(number, "70"))
    statement = reports.balance_sheet if number in ("3100", "3200", "1290") else reports.income_statement
    assert statement.values(line)[0] == Decimal(printed)


@pytest.mark.parametrize("number", ["8000", "4200", "8100"])
def test_the_three_of_income_reach_net_income(number: str) -> None:
    reports = build(credit(number, "70"))
    assert reports.income_statement.values("net_income")[0] == 70
    assert reports.balance_sheet.values("current_year_net_income") == (Decimal(70),)


def test_a_loss_on_the_sale_of_an_asset_is_less_other_income() -> None:
    reports = build(credit("8100", "-70"))
    assert reports.income_statement.values("other_income")[0] == -70
    assert misfiled(reports) == []


def test_a_name_that_is_on_no_list_goes_to_review_and_to_no_class() -> None:
    odd = replace(ON_THE_SHEET, number="3300", category="Convertible Stock")
    books = credit("3300", "70")
    reports = build(replace(books, accounts=(*books.accounts, odd)))
    assert [placement.account.number for placement in reports.unassigned] == ["3300"]
    assert reports.balance_sheet.values("unassigned_liabilities") == (Decimal(70),)
