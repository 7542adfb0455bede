"""What stands in place of a ratio where there is no honest number."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from collections_app.reports.analysis.definitions import LenderInputs
from collections_app.reports.analysis.period import Position
from collections_app.reports.analysis.ratios import period_ratios
from tests.collections_app.reports.analysis.company import CLOSING, INPUTS, PERIOD, YEAR, flows, position

NEEDED = {
    "cash_flow_to_current_maturities": "prior-year current maturities of long-term debt",
    "owners_compensation_to_sales": "officers', directors', owners' compensation",
    "effective_tangible_net_worth": "subordinated debt",
    "senior_debt_to_worth": "subordinated debt",
    "debt_and_guarantees_to_worth": "guarantees given",
    "dscr": "scheduled principal",
    "fccr": "scheduled principal",
    "uca_coverage": "scheduled principal",
    "break_even_sales": "tags for variable cost accounts",
}


def test_what_the_books_lack_is_asked_for_and_never_taken_for_zero() -> None:
    found = period_ratios(PERIOD)
    assert {metric.key for metric in found.metrics if metric.status == "needs input"} == set(NEEDED)
    for key, name in NEEDED.items():
        missing = found.metric(key)
        assert (missing.value, missing.display) == (None, "needs input")
        assert name in missing.missing
        assert name in missing.reason


def test_books_that_do_not_go_back_leave_averages_and_growth_open() -> None:
    found = period_ratios(replace(PERIOD, opening=None, last_year=None, three_years_ago=None), INPUTS)
    needs = {metric.key for metric in found.metrics if metric.status == "needs input"}
    assert needs == {
        "return_on_assets",
        "return_on_equity",
        "sustainable_growth",
        "fccr",
        "uca_coverage",
        "sales_growth",
        "gross_profit_growth",
        "ebitda_growth",
        "sales_cagr",
    }
    assert found.metric("return_on_assets").reason == "Needs the balance sheet at the start of the period."
    assert found.metric("sales_growth").reason == "Needs the same period of last year."


def test_a_statement_line_that_is_not_there_is_unknown() -> None:
    lines = {key: amount for key, amount in CLOSING.lines.items() if key != "inventory"}
    found = period_ratios(replace(PERIOD, closing=Position(CLOSING.as_of, lines))).metric("dio")
    assert (found.status, found.missing) == ("needs input", ("Inventory at 31 Dec 2024",))


NOTHING = position(date(2024, 12, 31))

NO_INCOME = flows(date(2024, 1, 1), date(2024, 12, 31), cash_from_operations=0, cash_from_investing=0)


def test_on_a_zero_base_every_quotient_is_not_meaningful() -> None:
    period = replace(PERIOD, closing=NOTHING, opening=replace(NOTHING, as_of=date(2023, 12, 31)))
    period = replace(period, flows=NO_INCOME, last_year=NO_INCOME, three_years_ago=NO_INCOME)
    zeros = LenderInputs(
        scheduled_principal=Decimal(0),
        prior_current_maturities=Decimal(0),
        financed_capital_spending=Decimal(0),
        owners_compensation=Decimal(0),
        subordinated_debt=Decimal(0),
        guarantees=Decimal(0),
        variable_accounts=frozenset(),
    )
    found = period_ratios(period, zeros)
    amounts = {"working_capital", "tangible_net_worth", "effective_tangible_net_worth", "funded_debt"}
    amounts |= {"ebitda", "traditional_cash_flow"}
    for metric in found.metrics:
        assert metric.status == ("value" if metric.key in amounts else "n/m"), metric.key
        assert metric.missing == ()
    assert found.metric("current_ratio").reason == "The base, Current liabilities, is zero."


def test_a_negative_base_is_not_meaningful_and_says_so() -> None:
    closing = replace(CLOSING, lines={**CLOSING.lines, "total_equity": Decimal(-10)})
    found = period_ratios(replace(PERIOD, closing=closing)).metric("debt_to_worth")
    assert (found.value, found.display) == (None, "n/m")
    assert found.reason == "The base, Tangible net worth, is negative."


def test_a_known_bad_base_needs_no_further_input() -> None:
    closing = replace(CLOSING, lines={**CLOSING.lines, "total_equity": Decimal(-10)})
    found = period_ratios(replace(PERIOD, closing=closing)).metric("debt_and_guarantees_to_worth")
    assert (found.status, found.missing) == ("n/m", ())


def test_a_loss_is_a_number_above_the_line_and_no_base_below_it() -> None:
    loss = replace(YEAR, lines={**YEAR.lines, "net_income": Decimal(-400)})
    found = period_ratios(replace(PERIOD, flows=loss), INPUTS)
    assert found.metric("net_margin").display == "-20.0%"
    assert found.metric("funded_debt_to_ebitda").reason == "The base, EBITDA, is negative."
    assert found.metric("sustainable_growth").reason == "The base, Net income, is negative."


def test_receivables_in_credit_have_no_days() -> None:
    closing = replace(CLOSING, lines={**CLOSING.lines, "accounts_receivable": Decimal(-5)})
    found = period_ratios(replace(PERIOD, closing=closing))
    assert found.metric("dso").reason == "Trade receivables, net: the amount is negative."
    assert found.metric("ccc").status == "n/m"


def test_who_burns_no_cash_has_no_runway() -> None:
    year = replace(YEAR, lines={**YEAR.lines, "cash_from_operations": Decimal(200)})
    found = period_ratios(replace(PERIOD, flows=year))
    assert found.metric("burn").display == found.metric("runway").display == "n/m"
    assert "no cash is burnt" in found.metric("runway").reason
