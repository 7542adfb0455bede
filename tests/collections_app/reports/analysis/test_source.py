"""Positions and flows from statements, however their columns are cut."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from collections_app.reports.analysis.ratios import period_ratios
from collections_app.reports.analysis.source import Source, covering
from collections_app.reports.figures import Account
from collections_app.reports.placement import Placement, Reason, place
from collections_app.reports.statement import Column, Line, Statement


def numbers(*texts: str) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, texts))


def span(key: str, start: date, end: date) -> Column:
    return Column(key, key, start, end)


Q1 = span("q1", date(2024, 1, 1), date(2024, 3, 31))
Q2 = span("q2", date(2024, 4, 1), date(2024, 6, 30))
MAY = span("may", date(2024, 5, 1), date(2024, 5, 31))
HALF = span("half", date(2024, 1, 1), date(2024, 6, 30))
COLUMNS = (Q1, Q2, MAY)
INCOME = Statement(
    "income_statement",
    "Income statement",
    COLUMNS,
    (
        Line("revenue", "Revenue", 2, "line", numbers("10", "20", "7"), ("4000",)),
        Line("account:4000", "4000 Sales", 3, "account", numbers("10", "20", "7"), ("4000",)),
        Line("other_operating_expenses", "Other", 3, "line", numbers("5", "6", "2"), ("6000",)),
        Line("account:6000", "6000 Rent", 4, "account", numbers("5", "6", "2"), ("6000",)),
    ),
)
CASH_FLOW = Statement(
    "cash_flow",
    "Cash flow",
    COLUMNS,
    (
        Line("net_income", "Net income", 2, "line", numbers("99", "99", "99")),
        Line("cash_from_operations", "From operations", 1, "total", numbers("-40", "-20", "0")),
        Line("cash_from_investing", "From investing", 1, "total", numbers("0", "-6", "0")),
    ),
)
SHEET = Statement(
    "balance_sheet",
    "Balance sheet",
    (Column("opening", "", None, date(2023, 12, 31)), Column("closing", "", None, date(2024, 6, 30))),
    (
        Line("cash_and_equivalents", "Cash", 3, "line", numbers("100", "33"), ("1000",)),
        Line("other_current_assets", "Other", 3, "line", numbers("8", "9"), ("1500", "1510")),
        Line("account:1500", "1500 Due from sister", 4, "account", numbers("5", "6"), ("1500",)),
        Line("account:1510", "1510 Lent to staff", 4, "account", numbers("3", "3"), ("1510",)),
        Line("paid_in_capital", "Paid-in capital", 2, "line", numbers("50", "45"), ("3000",)),
        Line("account:3000", "3000 Capital", 3, "account", numbers("50", "45"), ("3000",)),
    ),
)


def account(number: str, category: str) -> Account:
    if number < "4000":
        return Account(number, "", "balancesheet", "debit", category=category)
    return Account(number, "", "incomestatement", "debit", category=category)


PLACEMENTS = (
    place(account("1500", "intercompany receivable "), closed_to=False),
    place(account("1510", "Rent Expense"), closed_to=False),
    place(account("6000", "Rent Expense"), closed_to=False),
)
SOURCE = Source(SHEET, INCOME, PLACEMENTS, CASH_FLOW)


def test_a_span_is_read_from_its_own_column_or_from_those_that_make_it_up() -> None:
    assert covering(COLUMNS, Q2.start or date.min, Q2.end) == (1,)
    assert covering(COLUMNS, date(2024, 1, 1), date(2024, 6, 30)) == (0, 1)
    assert covering((*COLUMNS, HALF), date(2024, 1, 1), date(2024, 6, 30)) == (3,)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2024, 1, 1), date(2024, 5, 31)),
        (date(2024, 2, 1), date(2024, 6, 30)),
        (date(2024, 1, 1), date(2024, 7, 1)),
        (date(2023, 12, 31), date(2024, 6, 30)),
    ],
)
def test_a_span_that_is_not_covered_exactly_gives_nothing(start: date, end: date) -> None:
    assert covering(COLUMNS, start, end) is None
    assert SOURCE.flows(start, end) is None


def test_flows_are_sums_of_columns_with_the_blocks_of_the_cash_flow() -> None:
    flows = SOURCE.flows(date(2024, 1, 1), date(2024, 6, 30))
    assert flows is not None
    assert flows.lines["revenue"] == 30
    assert "net_income" not in flows.lines, "the cash flow's own copy is not the income statement's"
    assert flows.lines["cash_from_operations"] == -60
    assert flows.categories == {"Rent Expense": 11}
    assert flows.costs == {"6000": 11}


def test_a_position_has_lines_categories_and_capital_accounts() -> None:
    position = SOURCE.position(date(2024, 6, 30))
    assert position is not None
    assert position.lines == {
        "cash_and_equivalents": 33,
        "other_current_assets": 9,
        "paid_in_capital": 45,
    }
    assert position.capital == {"3000": 45}
    # 1510 has a category of the other statement, so it is not rent.
    assert position.categories == {"Intercompany Receivable": 6}


def test_an_account_that_others_close_to_counts_in_no_category() -> None:
    closed = Placement(account("1500", "Intercompany Receivable"), "retained_earnings", Reason.CLOSED_TO)
    position = replace(SOURCE, placements=(closed,)).position(date(2024, 6, 30))
    assert position is not None and position.categories == {}


def test_burn_and_runway_come_from_the_cash_flow_statement() -> None:
    period = SOURCE.period_ending(date(2024, 6, 30))
    assert period is not None
    ratios = period_ratios(period)
    assert ratios.metric("burn").display == "11.00"
    assert ratios.metric("runway").display == "3.00 months"
    without = replace(SOURCE, cash_flow=None).period_ending(date(2024, 6, 30))
    assert without is not None
    assert period_ratios(without).metric("burn").missing == (
        "Cash from operations for 1 Jan 2024 to 30 Jun 2024",
        "Cash from investing for 1 Jan 2024 to 30 Jun 2024",
    )
