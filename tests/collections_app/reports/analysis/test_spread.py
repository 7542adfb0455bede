from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from collections_app.reports.analysis.definitions import NO_INPUTS, LenderInputs
from collections_app.reports.analysis.json_form import spread_json
from collections_app.reports.analysis.spread import Spread, SpreadPeriod, spread
from tests.collections_app.reports.analysis.company import CLOSING, INPUTS, PERIOD, YEAR, position
from tests.collections_app.reports.cast import HEADING

# RMA's rows in RMA's order; income taxes and net income follow because the net worth is reconciled with them.
ROWS = [
    ("cash_and_equivalents", 120, "10.0%"),
    ("trade_receivables", 300, "25.0%"),
    ("inventory", 200, "16.7%"),
    ("other_current_assets", 30, "2.5%"),
    ("total_current_assets", 650, "54.2%"),
    ("fixed_assets", 400, "33.3%"),
    ("intangibles", 50, "4.2%"),
    ("other_assets", 100, "8.3%"),
    ("total_assets", 1200, "100.0%"),
    ("notes_payable_short_term", 35, "2.9%"),
    ("current_maturities", 45, "3.8%"),
    ("trade_payables", 150, "12.5%"),
    ("income_taxes_payable", 12, "1.0%"),
    ("other_current_liabilities", 58, "4.8%"),
    ("total_current_liabilities", 300, "25.0%"),
    ("long_term_debt", 250, "20.8%"),
    ("deferred_taxes", 35, "2.9%"),
    ("other_long_term_liabilities", 15, "1.3%"),
    ("total_liabilities", 600, "50.0%"),
    ("net_worth", 600, "50.0%"),
    ("total_liabilities_and_net_worth", 1200, "100.0%"),
    ("net_sales", 2000, "100.0%"),
    ("cost_of_sales", 1200, "60.0%"),
    ("gross_profit", 800, "40.0%"),
    ("operating_expenses", 570, "28.5%"),
    ("operating_profit", 230, "11.5%"),
    ("other_expenses_net", 30, "1.5%"),
    ("profit_before_taxes", 200, "10.0%"),
    ("income_taxes", 60, "3.0%"),
    ("net_income", 140, "7.0%"),
    ("opening_net_worth", 450, None),
    ("net_income_of_period", 140, None),
    ("distributions", 40, None),
    ("contributions", 50, None),
    ("other_changes", 0, None),
    ("closing_net_worth", 600, None),
    ("unexplained_difference", 0, None),
]


def spread_of(inputs: LenderInputs = INPUTS, unit: int = 1) -> Spread:
    return spread([SpreadPeriod("fiscal year", PERIOD, inputs)], HEADING, unit)


def test_the_rows_are_rmas_each_amount_with_its_common_size() -> None:
    cells = [(row.key, row.cells[0]) for row in spread_of().rows]
    found = [(key, cell.amount, cell.percent.display if cell.percent else None) for key, cell in cells]
    assert found == [(key, Decimal(amount), share) for key, amount, share in ROWS]


def test_a_column_says_what_it_is() -> None:
    (column,) = spread_of().columns
    assert column.caption == "Fiscal year to 31 Dec 2024"
    assert (column.statement_date, column.start, column.months) == (
        date(2024, 12, 31),
        YEAR.start,
        Decimal(12),
    )
    assert column.source == "system of record, unaudited"
    assert (column.basis, column.currency, column.unit) == ("accrual", "USD", "USD")


def test_without_the_lenders_input_two_rows_ask_for_it_and_every_total_holds() -> None:
    found = spread_of(NO_INPUTS)
    for key in ("current_maturities", "income_taxes_payable"):
        (cell,) = found.row(key).cells
        assert cell.needs_input and cell.percent is None
    assert found.row("current_maturities").cells[0].missing == ("current maturities of long-term debt",)
    assert found.row("notes_payable_short_term").cells[0].amount == 80
    assert found.row("other_current_liabilities").cells[0].amount == 70
    assert found.row("total_current_liabilities").cells[0].amount == 300
    assert len(found.notes) == 2
    assert spread_of().notes == ()


def test_unassigned_amounts_have_rows_of_their_own_once_there_are_any() -> None:
    keys = {row.key for row in spread_of().rows}
    assert not keys & {"unassigned_assets", "unassigned_liabilities", "unassigned_income_statement"}
    closing = position(CLOSING.as_of, unassigned_assets=9, paid_in_capital=9)
    found = spread([SpreadPeriod("fiscal year", replace(PERIOD, closing=closing))], HEADING)
    assert found.row("unassigned_assets").cells[0].amount == 9


def test_amounts_may_be_in_thousands_and_are_not_rounded() -> None:
    found = spread_of(unit=1000)
    assert found.columns[0].unit == "thousands of USD"
    assert found.row("total_assets").cells[0].amount == Decimal("1.2")
    with pytest.raises(ValueError, match="The unit of the spread is 10; use one of 1, 1000, 1000000."):
        spread_of(unit=10)


def test_a_change_in_equity_that_no_line_holds_is_an_unexplained_difference() -> None:
    closing = replace(CLOSING, lines={**CLOSING.lines, "total_equity": Decimal(607)})
    found = spread([SpreadPeriod("fiscal year", replace(PERIOD, closing=closing))], HEADING)
    assert found.row("unexplained_difference").cells[0].amount == 7


def test_a_posting_straight_to_retained_earnings_is_shown() -> None:
    closing = replace(
        CLOSING, lines={**CLOSING.lines, "retained_earnings": Decimal(288), "total_equity": Decimal(588)}
    )
    found = spread([SpreadPeriod("fiscal year", replace(PERIOD, closing=closing))], HEADING)
    assert found.row("other_changes").cells[0].amount == -12
    assert found.row("unexplained_difference").cells[0].amount == 0


def test_without_an_opening_balance_sheet_the_net_worth_is_not_reconciled() -> None:
    found = spread([SpreadPeriod("fiscal year", replace(PERIOD, opening=None))], HEADING)
    cell = found.row("unexplained_difference").cells[0]
    assert (cell.amount, cell.missing) == (None, ("the balance sheet at the start of the period",))


def test_the_spread_has_a_form_for_machines() -> None:
    document = spread_json(spread_of(NO_INPUTS))
    assert document["columns"] == [
        {
            "kind": "fiscal year",
            "from": "2024-01-01",
            "statement_date": "2024-12-31",
            "months": "12.00",
            "source": "system of record, unaudited",
            "basis": "accrual",
            "currency": "USD",
            "unit": "USD",
        }
    ]
    cells = {row["key"]: row["cells"][0] for row in document["rows"]}
    assert cells["inventory"] == {"amount": "200.00", "percent": "16.6666666667", "needs": []}
    assert cells["current_maturities"] == {
        "amount": None,
        "percent": None,
        "needs": ["current maturities of long-term debt"],
    }
