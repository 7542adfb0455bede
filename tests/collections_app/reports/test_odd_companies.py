"""Companies at the edge: every statement is made, ties, and says what is odd."""

from dataclasses import replace
from decimal import Decimal

import pytest

from collections_app.reports.books import Books
from collections_app.reports.build import Reports, build
from collections_app.reports.cash_flow_classes import CashFlowClass, CashFlowOverride
from collections_app.reports.chart import chart_of_accounts
from collections_app.reports.figures import Account, Scope, TrialBalanceRow
from tests.collections_app.reports.cast import CASH, CHART, EARNINGS, JANUARY, RENT, SALES, row, small_books


def books(accounts: tuple[Account, ...], *rows: TrialBalanceRow, **heading: object) -> Books:
    made = small_books(accounts=accounts, **heading)
    return replace(made, months=(replace(JANUARY, rows=rows),))


UNCLOSED = tuple(replace(each, closes_to="", closing_type="") for each in (CASH, SALES, RENT))
OTHER_EARNINGS = replace(EARNINGS, number="3001", title="Earnings of the branch")
RENT_OF_BRANCH = replace(RENT, closes_to="3001")

COMPANIES = {
    "empty": books(()),
    "a chart without figures": books(CHART),
    "one line": books(CHART, row("1000", "0", "5"), row("4000", "0", "0", "5")),
    "no closed-to account": books(
        UNCLOSED, row("1000", "500", "100", "40"), row("4000", "-900", "0", "100"), row("6000", "400", "40")
    ),
    "several closed-to accounts": books(
        (CASH, EARNINGS, OTHER_EARNINGS, SALES, RENT_OF_BRANCH),
        row("1000", "500", "100", "40"),
        row("4000", "-900", "0", "100"),
        row("6000", "400", "40"),
    ),
    "figures outside the chart": books(CHART, row("1000", "0", "0", "9"), row("8888", "0", "9")),
    "straight to retained earnings": books(CHART, row("1000", "7", "0", "9"), row("3000", "-7", "9")),
    "cash basis": books(CHART, row("1000", "0", "5"), row("4000", "0", "0", "5"), basis="cash"),
    "one entity": books(
        CHART, row("1000", "0", "5"), row("4000", "0", "0", "5"), scope=Scope("entity", "E1", "East")
    ),
    "consolidation book": books(
        CHART, row("1000", "0", "5"), row("4000", "0", "0", "5"), scope=Scope("book", "CONS", "Group")
    ),
}


@pytest.fixture(params=list(COMPANIES.values()), ids=list(COMPANIES))
def reports(request: pytest.FixtureRequest) -> Reports:
    return build(request.param)


def test_every_statement_is_made_and_ties(reports: Reports) -> None:
    for statements in (reports.by_month, *reports.by_period):
        sheet, flow, equity = statements.balance_sheet, statements.cash_flow, statements.changes_in_equity
        assert sheet.values("total_assets") == sheet.values("total_liabilities_and_equity")
        assert flow.values("closing_cash")[0] == sheet.values("cash_and_equivalents")[0]
        assert equity.values("closing_equity")[0] == sheet.values("total_equity")[0]
        names = {line.key for line in (*flow.lines, *equity.lines)}
        assert not names & {"cash_difference", "equity_difference"}


def test_the_chart_has_a_row_for_every_account(reports: Reports) -> None:
    rows = chart_of_accounts(reports)
    assert [each.account for each in rows] == [each.account for each in reports.placements]
    assert all(each.line_label and each.reason and each.cash_flow_reason for each in rows)


def test_an_account_outside_the_chart_stands_beside_the_blocks_of_the_cash_flow() -> None:
    flow = build(COMPANIES["figures outside the chart"]).cash_flow
    assert flow.values("unassigned_accounts") == (Decimal(-9), Decimal(-9))


def test_earnings_without_an_account_are_in_opening_equity() -> None:
    equity = build(COMPANIES["no closed-to account"]).changes_in_equity
    assert equity.values("opening_earned_equity")[0] == Decimal(500)
    assert equity.values("closing_earned_equity")[0] == Decimal(560)


def test_each_income_account_closes_to_its_own_account() -> None:
    sheet = build(COMPANIES["several closed-to accounts"]).balance_sheet
    assert sheet.values("account:3000")[0] == Decimal(900)
    assert sheet.values("account:3001")[0] == Decimal(-400)
    assert sheet.values("retained_earnings")[0] == Decimal(500)


def test_a_direct_posting_is_a_change_in_equity_and_no_income() -> None:
    equity = build(COMPANIES["straight to retained earnings"]).changes_in_equity
    assert equity.values("adjustments_to_retained_earnings")[0] == Decimal(-9)
    assert equity.values("net_income")[0] == 0


def test_the_chart_tells_who_gave_the_category_and_why_the_cash_flow_differs() -> None:
    override = CashFlowOverride("account", "1000", CashFlowClass.FINANCING, "An overdraft")
    made = replace(small_books(), cash_flow_overrides=(override,))
    cash, earned, *_ = chart_of_accounts(build(made))
    assert (cash.account.category_source, cash.line_label) == ("intacct", "Cash and cash equivalents")
    assert cash.cash_flow_class is CashFlowClass.FINANCING
    assert cash.cash_flow_reason == "Set for this account: An overdraft"
    assert earned.reason == "Retained earnings, because other accounts close to it."
