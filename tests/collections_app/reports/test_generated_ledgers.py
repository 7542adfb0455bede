"""Ledgers that nobody would think of: what must hold for each of them, against whole cents in SQL."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collections_app.reports.build import Reports, build
from tests.collections_app.reports.generated_companies import Company, companies
from tests.collections_app.reports.integer_ledger import RESET_RULES, money, year_start

pytestmark = pytest.mark.slow

EXAMPLES = settings(max_examples=30, deadline=None)


def assert_in_balance(reports: Reports) -> None:
    for month in reports.trial_balance:
        assert month.total.opening == month.total.closing == 0
        assert month.total.debits == month.total.credits
        assert all(row.closing == row.opening + row.flow for row in month.rows)
    sheet = reports.balance_sheet
    assert sheet.values("total_assets") == sheet.values("total_liabilities_and_equity")


@EXAMPLES
@given(companies(), st.sampled_from(RESET_RULES))
def test_everything_balances_and_the_reset_rule_changes_nothing(company: Company, rule: str) -> None:
    reports = build(company.books("fiscal year"))
    assert_in_balance(reports)
    others = build(company.books(rule))
    assert replace(others, checks=()) == replace(reports, checks=())
    assert [check.outcome for check in others.checks] == [check.outcome for check in reports.checks]


@EXAMPLES
@given(companies())
def test_net_income_and_the_equity_split_agree_with_the_lines_of_the_ledger(company: Company) -> None:
    reports = build(company.books("window"))
    ledger = company.ledger()
    income = ledger.income_accounts()
    statement, sheet = reports.income_statement, reports.balance_sheet
    for position, column in enumerate(statement.columns):
        assert column.start is not None
        flow = ledger.total(income, column.start, column.end)
        assert statement.values("net_income")[position] == money(-flow)
    for position, column in enumerate(sheet.columns):
        year = year_start(column.end, company.first_month)
        to_date = money(-ledger.total(income, year, column.end))
        assert sheet.values("current_year_net_income")[position] == to_date
    ledger.close()


@EXAMPLES
@given(companies())
def test_the_total_is_the_sum_of_the_months_on_every_line(company: Company) -> None:
    for line in build(company.books("never")).income_statement.lines:
        if line.style != "heading":
            assert line.values[-1] == sum(line.values[:-1])


@EXAMPLES
@given(companies())
def test_each_month_opens_where_the_one_before_closed_except_for_the_yearly_close(company: Company) -> None:
    months = build(company.books("never")).trial_balance
    income = {each.number for each in company.accounts if each.account_type == "incomestatement"}
    for month, following in zip(months, months[1:], strict=False):
        new_year = following.window.start == year_start(following.window.start, company.first_month)
        closings = {row.account: row.closing for row in month.rows}
        for row in following.rows:
            if not new_year:
                assert row.opening == closings[row.account]
            elif row.account in income:
                assert row.opening == 0
    assert_in_balance(build(company.books("never")))


@EXAMPLES
@given(companies())
def test_every_account_stands_on_exactly_one_statement_once(company: Company) -> None:
    reports = build(company.books("fiscal year"))
    lines = (*reports.balance_sheet.lines, *reports.income_statement.lines)
    shown = [line.key for line in lines if line.key.startswith("account:")]
    assert sorted(shown) == sorted(f"account:{account.number}" for account in company.accounts)
