"""Each formula on figures worked out by hand, and over which time it is taken."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from collections_app.reports.analysis.period import Flows
from collections_app.reports.analysis.ratios import period_ratios, trend
from collections_app.reports.analysis.uca import uca_cash_flow
from tests.collections_app.reports.analysis.company import (
    CLOSING,
    INPUTS,
    LAST_YEAR,
    PERIOD,
    YEAR,
    above_and_below,
    flows,
    position,
)

# Worked out on paper from the amounts in company.py: numerator, denominator, and the value as printed.
BY_HAND: dict[str, tuple[int | str, int | str | None, str]] = {
    "current_ratio": (650, 300, "2.17"),
    "quick_ratio": (420, 300, "1.40"),
    "sales_to_receivables": (2000, 300, "6.67"),
    "days_receivables": (300, 2000, "54.8 days"),
    "cost_of_sales_to_inventory": (1200, 200, "6.00"),
    "days_inventory": (200, 1200, "60.8 days"),
    "cost_of_sales_to_payables": (1200, 150, "8.00"),
    "days_payables": (150, 1200, "45.6 days"),
    "sales_to_working_capital": (2000, 350, "5.71"),
    "ebit_to_interest": (230, 30, "7.67"),
    "cash_flow_to_current_maturities": (190, 95, "2.00"),
    "fixed_to_worth": (400, 540, "0.74"),
    "debt_to_worth": (600, 540, "1.11"),
    "profit_to_worth": (200, 540, "37.0%"),
    "profit_to_assets": (200, 1200, "16.7%"),
    "sales_to_fixed_assets": (2000, 400, "5.00"),
    "sales_to_assets": (2000, 1200, "1.67"),
    "depreciation_to_sales": (50, 2000, "2.5%"),
    "owners_compensation_to_sales": (100, 2000, "5.0%"),
    "working_capital": (350, None, "350.00"),
    "tangible_net_worth": (540, None, "540.00"),
    "effective_tangible_net_worth": (600, None, "600.00"),
    "funded_debt": (330, None, "330.00"),
    "ebitda": (280, None, "280.00"),
    "traditional_cash_flow": (190, None, "190.00"),
    "dso": (300, 2000, "54.9 days"),
    "dio": (200, 1200, "61.0 days"),
    "dpo": (150, 1200, "45.8 days"),
    "ccc": ("70.15", None, "70.2 days"),
    "senior_debt_to_worth": (540, 600, "0.90"),
    "funded_debt_to_ebitda": (330, 280, "1.18"),
    "debt_and_guarantees_to_worth": (720, 540, "1.33"),
    "dscr": (280, 100, "2.80"),
    "fccr": (130, 100, "1.30"),
    "uca_coverage": (230, 100, "2.30"),
    "ebitda_to_interest": (280, 30, "9.33"),
    "gross_margin": (800, 2000, "40.0%"),
    "operating_margin": (230, 2000, "11.5%"),
    "ebitda_margin": (280, 2000, "14.0%"),
    "net_margin": (140, 2000, "7.0%"),
    "return_on_assets": (140, 1100, "12.7%"),
    "return_on_equity": (140, 525, "26.7%"),
    "sustainable_growth": (100, 525, "19.0%"),
    "cash_days": (100, 1720, "21.2 days"),
    "burn": (120, 12, "10.00"),
    "runway": (100, 10, "10.00 months"),
    "sales_growth": (400, 1600, "25.0%"),
    "gross_profit_growth": (160, 640, "25.0%"),
    "ebitda_growth": (40, 240, "16.7%"),
    "sales_cagr": (2000, 1024, "25.0%"),
    "break_even_sales": (610, "0.4", "1,525.00"),
}
RATIOS = period_ratios(PERIOD, INPUTS)


@pytest.mark.parametrize("key", BY_HAND)
def test_each_metric_is_what_was_worked_out_by_hand(key: str) -> None:
    above, below, shown = BY_HAND[key]
    found = RATIOS.metric(key)
    assert above_and_below(found) == (Decimal(above), None if below is None else Decimal(below))
    assert (found.status, found.display) == ("value", shown)


def test_no_metric_is_left_unproved() -> None:
    assert {found.key for found in RATIOS.metrics} == {*BY_HAND, "altman_z"}
    assert len(RATIOS.metrics) == len(BY_HAND) + 1


def test_altmans_score_weighs_its_four_terms() -> None:
    score = RATIOS.metric("altman_z")
    # 6.56 x 350 / 1200 + 3.26 x 440 / 1200 + 6.72 x 230 / 1200 + 1.05 x 600 / 600
    assert score.value is not None
    assert abs(
        score.value * 1200
        - (Decimal("6.56") * 350 + Decimal("3.26") * 440 + Decimal("6.72") * 230 + Decimal("1.05") * 1200)
    ) < Decimal("1e-20")
    assert score.display == "5.45"
    assert score.formula == (
        "6.56 x Working capital / Total assets + 3.26 x Retained earnings with current income / Total assets "
        "+ 6.72 x EBIT / Total assets + 1.05 x Equity / Total liabilities"
    )


def test_a_formula_is_printed_with_what_its_terms_were_made_of() -> None:
    ratio = RATIOS.metric("fccr")
    assert ratio.formula == "Cash available for fixed charges / Fixed charges"
    assert ratio.definitions[:4] == (
        "Cash available for fixed charges = "
        "EBITDA - Unfinanced capital spending - Income tax - Distributions",
        "EBITDA = Net income + Income tax + Interest expense + Depreciation and amortization",
        "Unfinanced capital spending = Capital spending - Financed capital spending",
        "Capital spending = Increase in fixed assets, net + Depreciation - Gains on asset sales",
    )
    assert "Debt service = Interest expense + Scheduled principal" in ratio.definitions
    assert RATIOS.metric("days_receivables").formula == "Trade receivables, net / Net sales x 365"
    share = "Variable cost share of sales = Variable costs / Net sales"
    assert share in RATIOS.metric("break_even_sales").definitions


def test_averages_name_both_ends() -> None:
    assert "Average equity = 0.5 x Equity, opening + 0.5 x Equity, closing" in RATIOS.definitions


def test_drawings_beside_capital_are_distributions() -> None:
    """One owner paid in 90 and the other drew 40: the line alone would say that 50 were paid in."""
    assert PERIOD.opening is not None
    opening = replace(PERIOD.opening, capital={"3000": Decimal(100), "3010": Decimal(50)})
    closing = replace(CLOSING, capital={"3000": Decimal(190), "3010": Decimal(10)})
    period = replace(PERIOD, opening=opening, closing=closing)
    retained = period_ratios(period, INPUTS).metric("sustainable_growth")
    assert retained.numerator.amount == 140 - 40 - 40
    assert uca_cash_flow(period, INPUTS).row("distributions").amount == 80
    assert uca_cash_flow(period, INPUTS).ties


def test_half_a_year_is_brought_to_a_year_and_marked() -> None:
    half = replace(YEAR, start=date(2024, 7, 1))
    found = period_ratios(replace(PERIOD, flows=half))
    sales = found.metric("sales_to_assets")
    assert sales.numerator.amount is not None
    assert abs(sales.numerator.amount - Decimal(2000) * 365 / 184) < Decimal("1e-20")
    assert (sales.annualized_from, sales.annualization) == (184, "annualized, x 365 / 184")
    assert found.metric("current_ratio").annualization == ""
    assert found.metric("gross_margin").display == "40.0%"
    # 300 / 2,000 of 184 days: the days of the period itself, which need no yearly rate.
    assert found.metric("dso").display == "27.6 days"
    assert found.cautions[0].startswith(
        "Income figures cover 184 days and are brought to a year (x 365 / 184)"
    )


def test_twelve_months_stay_as_they_are_with_or_without_a_leap_day() -> None:
    assert RATIOS.metric("sales_to_assets").annualized_from == 0
    spans = [(date(2023, 3, 1), date(2024, 2, 29)), (date(2020, 2, 29), date(2021, 2, 28))]
    for start, end in [*spans, (date(2023, 4, 16), date(2024, 4, 15))]:
        assert Flows(start, end, {}).is_twelve_months
    assert not Flows(date(2023, 1, 1), date(2023, 12, 30), {}).is_twelve_months


def test_what_nobody_assigned_is_named_beside_the_ratios() -> None:
    closing = position(date(2024, 12, 31), unassigned_assets=7, unassigned_liabilities=7)
    year = flows(date(2024, 1, 1), date(2024, 12, 31), unassigned_income_statement=-3)
    cautions = period_ratios(replace(PERIOD, closing=closing, flows=year)).cautions
    assert [sentence.split(" of ")[0] for sentence in cautions] == [
        "Unassigned assets",
        "Unassigned liabilities",
        "Unassigned income less expenses",
    ]


def test_a_trend_holds_each_metric_over_the_periods() -> None:
    earlier = period_ratios(replace(PERIOD, flows=LAST_YEAR), INPUTS)
    (margin,) = trend([earlier, RATIOS], ["net_margin"])
    assert [metric.display for metric in margin.metrics] == ["10.0%", "7.0%"]
    assert len(trend([earlier, RATIOS])) == len(RATIOS.metrics)
    assert trend([]) == ()


def test_groups_hold_every_metric_once() -> None:
    grouped = [metric for _, metrics in RATIOS.groups for metric in metrics]
    assert sorted(grouped, key=lambda found: found.key) == sorted(RATIOS.metrics, key=lambda found: found.key)
    names = [name for name, _ in RATIOS.groups]
    assert len(names) == len(set(names))
