"""What a lender defines and knows changes the ratios, and is printed with them."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from collections_app.reports.analysis.definitions import (
    NO_INPUTS,
    STANDARD_DEFINITIONS,
    AddBack,
    Definitions,
    LenderInputs,
)
from collections_app.reports.analysis.metric import Metric
from collections_app.reports.analysis.ratios import period_ratios
from tests.collections_app.reports.analysis.company import CLOSING, INPUTS, PERIOD, YEAR, above_and_below


def metric(
    key: str, definitions: Definitions = STANDARD_DEFINITIONS, inputs: LenderInputs = INPUTS
) -> Metric:
    return period_ratios(PERIOD, inputs, definitions).metric(key)


def test_ebitda_follows_the_lenders_definition_and_prints_it() -> None:
    bonus, moving = AddBack("Owner's bonus", category="Bonus Expense"), AddBack("Moving costs", Decimal(7))
    definitions = Definitions(ebitda_less_interest_income=True, ebitda_add_backs=(bonus, moving))
    found = metric("ebitda", definitions)
    assert found.value == 280 + 15 + 7 - 4
    assert found.formula == (
        "Net income + Income tax + Interest expense + Depreciation and amortization "
        "+ Owner's bonus + Moving costs - Interest income"
    )


def test_gains_on_asset_sales_leave_ebitda_and_are_part_of_the_proceeds() -> None:
    year = replace(YEAR, categories={**YEAR.categories, "Gain/Loss on Sales of Fixed Assets": Decimal(8)})
    found = period_ratios(
        replace(PERIOD, flows=year),
        INPUTS,
        Definitions(ebitda_less_asset_sale_gains=True, fixed_charge_coverage_deducts=("capital_spending",)),
    )
    assert found.metric("ebitda").value == 272
    # 40 more net fixed assets, 40 depreciation, 8 gained: 72 were spent.
    assert found.metric("fccr").numerator.amount == 272 - 72


def test_an_add_back_given_as_an_amount_does_not_make_growth() -> None:
    definitions = Definitions(ebitda_add_backs=(AddBack("Moving costs", Decimal(7)),))
    assert metric("ebitda_growth", definitions).numerator.amount == 40


def test_an_add_back_is_either_an_amount_or_a_category() -> None:
    with pytest.raises(ValueError, match="takes either an amount or a category; give one"):
        AddBack("Both", Decimal(1), "Bonus Expense")
    with pytest.raises(ValueError, match="give one"):
        AddBack("Neither")


def test_an_input_below_zero_and_a_deduction_that_counts_twice_are_refused() -> None:
    with pytest.raises(ValueError, match="Scheduled principal of -1 cannot be right; give an amount of zero"):
        LenderInputs(scheduled_principal=Decimal(-1))
    with pytest.raises(ValueError, match="would count twice; name each once"):
        Definitions(debt_service_coverage_deducts=("capital_spending", "unfinanced_capital_spending"))
    unknown: Any = ("dividends",)
    with pytest.raises(ValueError, match="Nothing known as dividends can be deducted; use capital_spending,"):
        Definitions(fixed_charge_coverage_deducts=unknown)


def test_debt_service_cover_after_taxes_and_distributions() -> None:
    definitions = Definitions(debt_service_coverage_deducts=("taxes", "distributions"))
    found = metric("dscr", definitions)
    assert found.display == "1.80"
    assert "Cash available for debt service = EBITDA - Income tax - Distributions" in found.definitions


def test_taxes_paid_stand_in_for_the_tax_expense_when_the_lender_knows_them() -> None:
    definitions = Definitions(debt_service_coverage_deducts=("taxes",))
    found = metric("dscr", definitions, replace(INPUTS, taxes_paid=Decimal(80)))
    assert found.display == "2.00"
    assert "Cash available for debt service = EBITDA - Income taxes paid" in found.definitions


def test_rent_adjusted_fixed_charge_cover_adds_rent_on_both_sides() -> None:
    definitions = Definitions(fixed_charge_coverage_adds_rent=True)
    found = metric("fccr", definitions)
    assert above_and_below(found) == (154, 124)
    given = metric("fccr", definitions, replace(INPUTS, lease_payments=Decimal(20)))
    assert above_and_below(given) == (150, 120)
    assert "Fixed charges = Debt service + Rent and lease payments" in given.definitions


def test_what_leaves_tangible_net_worth_is_the_lenders_choice() -> None:
    closing = replace(
        CLOSING,
        categories={
            **CLOSING.categories,
            "Employee Advances/Loans": Decimal(5),
            "Investment in Subsidiary": Decimal(30),
        },
    )
    period = replace(PERIOD, closing=closing)

    def worth(definitions: Definitions, inputs: LenderInputs = NO_INPUTS) -> Decimal | None:
        return period_ratios(period, inputs, definitions).metric("tangible_net_worth").value

    assert worth(Definitions()) == 600 - 50 - 10 - 5
    assert worth(Definitions(), LenderInputs(due_from_owners=Decimal(3))) == 532
    assert worth(Definitions(worth_less_affiliate_investments=True)) == 505
    assert worth(Definitions(worth_less_related_receivables=False)) == 550


def test_leases_and_interest_join_by_choice() -> None:
    assert metric("funded_debt", Definitions(funded_debt_adds_leases=True)).value == 420
    with_interest = Definitions(traditional_cash_flow_adds_interest=True)
    assert metric("traditional_cash_flow", with_interest).value == 220
