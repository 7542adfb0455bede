from dataclasses import replace
from datetime import date
from decimal import Decimal

from collections_app.reports.analysis.definitions import LenderInputs
from collections_app.reports.analysis.period import Period
from collections_app.reports.analysis.ratios import period_ratios
from collections_app.reports.analysis.uca import UcaCashFlow, uca_cash_flow
from tests.collections_app.reports.analysis.company import INPUTS, PERIOD, flows, position

# The worked example that aloan.ai's glossary publishes; debt service of 385,000 is 85,000 interest here.
EXAMPLE = Period(
    "published example",
    closing=position(
        date(2024, 12, 31),
        accounts_receivable=1_185_000,
        inventory=742_000,
        accounts_payable=628_000,
        accrued_liabilities=124_000,
    ),
    flows=flows(
        date(2024, 1, 1),
        date(2024, 12, 31),
        revenue=8_400_000,
        cost_of_revenue=5_880_000,
        other_operating_expenses=1_680_000,
        interest_expense=85_000,
    ),
    opening=position(
        date(2023, 12, 31),
        accounts_receivable=1_000_000,
        inventory=700_000,
        accounts_payable=500_000,
        accrued_liabilities=100_000,
    ),
)


def amounts(statement: UcaCashFlow) -> dict[str, Decimal | None]:
    return {row.key: row.figure.amount for row in statement.rows}


def test_the_published_example_is_reproduced_to_the_digit() -> None:
    statement = uca_cash_flow(EXAMPLE)
    assert statement.row("cash_from_sales").amount == 8_215_000
    assert statement.row("cash_production_costs").amount == 5_794_000
    assert statement.row("cash_operating_expenses").amount == 1_656_000
    assert statement.row("cash_after_operations").amount == 765_000
    cover = period_ratios(EXAMPLE, LenderInputs(scheduled_principal=Decimal(300_000))).metric("uca_coverage")
    assert cover.denominator is not None
    assert [cover.numerator.amount, cover.denominator.amount] == [Decimal(765_000), Decimal(385_000)]
    assert cover.display == "1.99"


def test_each_row_down_to_the_change_in_cash_is_what_was_worked_out_by_hand() -> None:
    statement = uca_cash_flow(PERIOD, INPUTS)
    assert amounts(statement) == {
        "cash_from_sales": 1940,
        "cash_production_costs": 1200,
        "cash_operating_expenses": 510,
        "cash_after_operations": 230,
        "other_operating_cash": -10,
        "income_tax": 60,
        "net_cash_after_operations": 160,
        "interest_expense": 30,
        "distributions": 40,
        "net_cash_income": 90,
        "current_maturities": 95,
        "cash_after_debt_amortization": -5,
        "investment": 140,
        "financing_surplus": -145,
        "borrowing": 115,
        "other_financing": 50,
        "change_in_cash": 20,
    }
    assert statement.ties


def test_without_the_maturities_it_still_ties_and_says_what_it_needs() -> None:
    statement = uca_cash_flow(PERIOD)
    assert statement.row("cash_after_debt_amortization").amount is None
    assert statement.row("financing_surplus").missing == ("prior-year current maturities of long-term debt",)
    assert statement.row("borrowing").amount == 20
    assert statement.row("change_in_cash").amount == 20
    assert statement.ties


def test_balance_sheets_that_do_not_balance_leave_a_difference() -> None:
    closing = replace(PERIOD.closing, lines={**PERIOD.closing.lines, "inventory": Decimal(203)})
    statement = uca_cash_flow(replace(PERIOD, closing=closing), INPUTS)
    assert statement.difference == -3
    assert not statement.ties


def test_without_an_opening_balance_sheet_it_is_unknown() -> None:
    statement = uca_cash_flow(replace(PERIOD, opening=None))
    assert statement.difference is None
    assert not statement.ties
    assert "the balance sheet at the start of the period" in statement.row("cash_from_sales").missing
