"""A real ledger, against figures computed from its source and against whole cents in SQL."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from collections_app.reports.build import Reports, build
from collections_app.reports.statement import Statement
from tests.collections_app.reports.conftest import MapleBooks
from tests.collections_app.reports.integer_ledger import (
    RESET_RULES,
    IntegerLedger,
    day_before,
    money,
    year_start,
)

CALENDAR_2020 = (date(2020, 1, 1), date(2020, 12, 31))
FISCAL_2021 = (date(2020, 3, 1), date(2021, 2, 28))
PERIODS = pytest.mark.parametrize(
    "period", [CALENDAR_2020, FISCAL_2021], ids=["calendar 2020", "fiscal 2021"]
)

# Written by hand from the chart and the borrower's answers: which accounts stand on which line.
BALANCE_SHEET_LINES = {
    "cash_and_equivalents": ["100"],
    "accounts_receivable": ["610"],
    "inventory": ["630"],
    "other_current_assets": ["620"],
    "fixed_assets_gross": ["110", "120", "710", "720"],
    "accumulated_depreciation": ["115", "125", "711", "721"],
    "other_assets": ["640"],
    "accounts_payable": ["800"],
    "accrued_liabilities": ["801", "802", "803", "820", "825", "830"],
    "other_current_liabilities": ["099", "826", "840", "850", "860", "877"],
    "notes_payable_long_term": ["900"],
    "paid_in_capital": ["880", "881", "970"],
    "distributions": ["1005"],
}
ASSET_LINES = {"cash_and_equivalents", "accounts_receivable", "inventory", "other_current_assets"}
ASSET_LINES |= {"fixed_assets_gross", "accumulated_depreciation", "other_assets"}
INCOME_LINES = {
    "revenue": ["200", "260"],
    "cost_of_revenue": ["310", "405"],
    "payroll_expenses": ["477", "478"],
    "depreciation_and_amortization": ["416", "422"],
    "other_income": ["270"],
    "interest_expense": ["437"],
    "other_expenses": ["404", "497", "498", "499"],
    "income_tax": ["505", "1100"],
}
ALWAYS_ZERO = {"short_term_investments", "intangible_assets", "unassigned_assets", "notes_payable_current"}
ALWAYS_ZERO |= {"deferred_revenue_current", "other_long_term_liabilities", "unassigned_liabilities"}


@pytest.fixture(scope="module")
def calendar_2020(maple_books: MapleBooks) -> Reports:
    return build(maple_books(*CALENDAR_2020))


@pytest.fixture(scope="module")
def fiscal_2021(maple_books: MapleBooks) -> Reports:
    return build(maple_books(*FISCAL_2021))


def total(reports: Reports, key: str) -> Decimal:
    return reports.income_statement.values(key)[-1]


def sums(statement: Statement, *numbers: str) -> tuple[Decimal, ...]:
    columns = zip(*(statement.values(f"account:{number}") for number in numbers), strict=True)
    return tuple(sum(column, Decimal(0)) for column in columns)


def test_net_income_is_that_of_the_source(calendar_2020: Reports, fiscal_2021: Reports) -> None:
    assert total(calendar_2020, "net_income") == Decimal("369541.45")
    assert total(fiscal_2021, "net_income") == Decimal("415454.68")


def test_revenue_and_costs_of_2020_are_those_of_the_source(calendar_2020: Reports) -> None:
    costs = {"payroll_expenses", "other_operating_expenses", "depreciation_and_amortization"}
    costs |= {"interest_expense", "other_expenses", "income_tax"}
    assert total(calendar_2020, "revenue") == Decimal("403763.84")
    # The source's direct cost is account 310; subcontracting (405), an expense there, had none in 2020.
    assert total(calendar_2020, "cost_of_revenue") == Decimal("2733.58")
    assert sum(total(calendar_2020, key) for key in costs) == Decimal("31488.81")
    assert total(calendar_2020, "other_income") == 0


def test_the_bank_account_opens_and_closes_as_in_the_source(calendar_2020: Reports) -> None:
    months = calendar_2020.trial_balance
    bank = [next(row for row in month.rows if row.account == "100") for month in (months[0], months[-1])]
    assert bank[0].opening == Decimal("9474.28")
    assert bank[1].closing == Decimal("114449.43")
    assert calendar_2020.balance_sheet.values("cash_and_equivalents")[-1] == Decimal("114449.43")


def test_assets_liabilities_and_equity_regroup_to_those_of_the_source(calendar_2020: Reports) -> None:
    """The source calls the card (099) an asset, and the owner's drawings (880) a liability."""
    last = {line.key: line.values[-1] for line in calendar_2020.balance_sheet.lines if line.values}
    card, drawings = last["account:099"], last["account:880"]
    assert last["total_assets"] - card == Decimal("263464.10")
    assert -(last["total_liabilities"] - card + drawings) == Decimal("122580.49")
    assert -(last["paid_in_capital"] - drawings + last["distributions"]) == Decimal("29990.00")
    assert last["retained_earnings"] + last["current_year_net_income"] == Decimal("416034.59")


@PERIODS
def test_every_month_is_in_balance(maple_books: MapleBooks, period: tuple[date, date]) -> None:
    reports = build(maple_books(*period))
    assert len(reports.trial_balance) == 12
    for month in reports.trial_balance:
        assert month.total.opening == month.total.closing == 0
        assert month.total.debits == month.total.credits
        assert all(row.closing == row.opening + row.flow for row in month.rows)
    sheet = reports.balance_sheet
    assert sheet.values("total_assets") == sheet.values("total_liabilities_and_equity")
    assert any(sheet.values("total_assets"))


@PERIODS
def test_each_balance_sheet_line_agrees_with_the_lines_of_the_ledger(
    maple_books: MapleBooks, maple_ledger: IntegerLedger, period: tuple[date, date]
) -> None:
    sheet = build(maple_books(*period)).balance_sheet
    for position, column in enumerate(sheet.columns):
        for key, accounts in BALANCE_SHEET_LINES.items():
            balance = maple_ledger.total(accounts, date.min, column.end)
            expected = money(balance if key in ASSET_LINES else -balance)
            assert sheet.values(key)[position] == expected, (key, column.key)
        for key in ALWAYS_ZERO:
            assert sheet.values(key)[position] == 0


@PERIODS
def test_equity_is_split_by_the_fiscal_year(
    maple_books: MapleBooks, maple_ledger: IntegerLedger, period: tuple[date, date]
) -> None:
    sheet = build(maple_books(*period)).balance_sheet
    income = maple_ledger.income_accounts()
    for position, column in enumerate(sheet.columns):
        year = year_start(column.end, 3)
        to_date = -maple_ledger.total(income, year, column.end)
        earned = -maple_ledger.total([*income, "960"], date.min, column.end)
        assert sheet.values("current_year_net_income")[position] == money(to_date)
        assert sheet.values("retained_earnings")[position] == money(earned - to_date)


@PERIODS
def test_each_income_statement_line_agrees_with_the_lines_of_the_ledger(
    maple_books: MapleBooks, maple_ledger: IntegerLedger, period: tuple[date, date]
) -> None:
    statement = build(maple_books(*period)).income_statement
    listed = {number for accounts in INCOME_LINES.values() for number in accounts}
    rest = [number for number in maple_ledger.income_accounts() if number not in listed]
    lines = {**INCOME_LINES, "other_operating_expenses": rest}
    for position, column in enumerate(statement.columns):
        assert column.start is not None
        for key, accounts in lines.items():
            flow = maple_ledger.total(accounts, column.start, column.end)
            expected = money(-flow if key in ("revenue", "other_income") else flow)
            assert statement.values(key)[position] == expected, (key, column.key)
        assert statement.values("unassigned_income_statement")[position] == 0


@pytest.mark.parametrize("rule", RESET_RULES)
@PERIODS
def test_the_gateways_reset_rule_changes_no_figure(
    maple_books: MapleBooks, period: tuple[date, date], rule: str
) -> None:
    reports, usual = build(maple_books(*period, rule=rule)), build(maple_books(*period))
    assert replace(reports, checks=()) == replace(usual, checks=())
    assert [check.outcome for check in reports.checks] == [check.outcome for check in usual.checks]


def test_income_accounts_open_at_their_fiscal_year_to_date(
    maple_ledger: IntegerLedger, calendar_2020: Reports
) -> None:
    for month in calendar_2020.trial_balance:
        start = month.window.start
        sales = next(row for row in month.rows if row.account == "200")
        assert sales.opening == money(maple_ledger.total(["200"], year_start(start, 3), day_before(start)))


@PERIODS
def test_without_answers_the_unassigned_accounts_are_visible_and_the_totals_hold(
    maple_books: MapleBooks, period: tuple[date, date]
) -> None:
    answered, reports = build(maple_books(*period)), build(maple_books(*period, assigned=False))
    sheet, income = reports.balance_sheet, reports.income_statement
    assert sheet.values("total_assets") == sheet.values("total_liabilities_and_equity")
    assert income.values("net_income") == answered.income_statement.values("net_income")
    assert sheet.values("total_equity") == answered.balance_sheet.values("total_equity")
    labels = {line.key: line.label for line in (*sheet.lines, *income.lines)}
    assert labels["account:640"] == "640 Wealthsimple Investments"
    assert sheet.values("unassigned_assets") == sums(sheet, "099", "640")
    assert sheet.values("unassigned_liabilities") == sums(sheet, "840", "850", "877")
    unassigned = sums(income, "437", "469", "497", "498", "499")
    assert income.values("unassigned_income_statement") == unassigned
    listed = {placement.account.number for placement in reports.unassigned}
    assert "499" in listed
    assert listed <= {"099", "499", "640", "840"}


def test_with_answers_nothing_is_unassigned(calendar_2020: Reports) -> None:
    assert calendar_2020.unassigned == ()
