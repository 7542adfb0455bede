"""Whatever the figures: no metric raises, and every number is its numerator over its denominator."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from collections_app.reports.analysis.definitions import AddBack, Definitions, LenderInputs
from collections_app.reports.analysis.json_form import ratios_json
from collections_app.reports.analysis.metric import Metric
from collections_app.reports.analysis.period import Flows, Period, Position
from collections_app.reports.analysis.ratios import period_ratios
from collections_app.reports.analysis.uca import uca_cash_flow
from tests.collections_app.reports.analysis.company import FLOW_LEAVES, POSITION_LEAVES, flows, position

AMOUNTS = st.one_of(
    st.sampled_from([Decimal(0), Decimal("0.01"), Decimal("-0.01")]),
    st.decimals(min_value=-(10**12), max_value=10**12, places=2),
)
DAYS = st.dates(date(1990, 1, 1), date(2040, 12, 31))
CATEGORIES = ("Interest Income", "Intercompany Receivable", "Gain/Loss on Sales of Fixed Assets")
CASH = ("cash_from_operations", "cash_from_investing")


def drawn(draw: st.DrawFn, keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: draw(AMOUNTS) for key in draw(st.sets(st.sampled_from(keys)))}


@st.composite
def positions(draw: st.DrawFn, day: date) -> Position:
    return position(day, drawn(draw, CATEGORIES), **drawn(draw, POSITION_LEAVES))


@st.composite
def incomes(draw: st.DrawFn, start: date, end: date) -> Flows:
    costs = drawn(draw, ("5000", "6000"))
    return flows(start, end, drawn(draw, CATEGORIES), costs, **drawn(draw, (*FLOW_LEAVES, *CASH)))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    start = draw(DAYS)
    end = start + timedelta(days=draw(st.integers(0, 800)))
    closing = draw(positions(end))
    if draw(st.booleans()):
        lines = {key: closing.lines[key] for key in draw(st.sets(st.sampled_from(sorted(closing.lines))))}
        closing = replace(closing, lines=lines)
    return Period(
        "drawn",
        closing,
        draw(incomes(start, end)),
        draw(st.none() | positions(start - timedelta(days=1))),
        draw(st.none() | incomes(start, end)),
        draw(st.none() | incomes(start, end)),
    )


GIVEN = st.none() | AMOUNTS.map(abs)
INPUTS = st.builds(
    LenderInputs,
    **{name: GIVEN for name in LenderInputs.__slots__ if name != "variable_accounts"},
    variable_accounts=st.none() | st.frozensets(st.sampled_from(["5000", "6000", "7000"])),
)
SPENDING = st.sampled_from([(), ("capital_spending",), ("unfinanced_capital_spending",)])
OTHERS = st.lists(st.sampled_from(["taxes", "distributions"]), unique=True).map(tuple)
DEDUCTIONS = st.tuples(SPENDING, OTHERS).map(lambda kinds: kinds[0] + kinds[1])
DEFINITIONS = st.builds(
    Definitions,
    ebitda_less_interest_income=st.booleans(),
    ebitda_less_asset_sale_gains=st.booleans(),
    ebitda_add_backs=st.sampled_from([(), (AddBack("Rent", category="Rent Expense"),)]),
    traditional_cash_flow_adds_interest=st.booleans(),
    worth_less_related_receivables=st.booleans(),
    worth_less_affiliate_investments=st.booleans(),
    funded_debt_adds_leases=st.booleans(),
    debt_service_coverage_deducts=DEDUCTIONS,
    fixed_charge_coverage_deducts=DEDUCTIONS,
    fixed_charge_coverage_adds_rent=st.booleans(),
)


def close(one: Fraction, other: Fraction) -> bool:
    return abs(one - other) <= max(abs(one), abs(other), Fraction(1)) / 10**40


def is_its_own_quotient(metric: Metric) -> bool:
    assert metric.value is not None and metric.numerator.amount is not None
    value, above = Fraction(metric.value), Fraction(metric.numerator.amount)
    if metric.denominator is None:
        return value == above
    assert metric.denominator.amount is not None and metric.denominator.amount > 0
    below = Fraction(metric.denominator.amount)
    if metric.years:
        return close((1 + value / 100) ** metric.years * below / max(above, below), above / max(above, below))
    return close(value, Fraction(metric.scale) * above / below)


@settings(max_examples=30, deadline=None)
@given(periods(), INPUTS, DEFINITIONS)
def test_no_metric_raises_and_each_number_is_its_numerator_over_its_denominator(
    period: Period, inputs: LenderInputs, definitions: Definitions
) -> None:
    ratios = period_ratios(period, inputs, definitions)
    for metric in ratios.metrics:
        if metric.status == "value":
            assert is_its_own_quotient(metric), metric
            assert metric.reason == "" and metric.missing == ()
        else:
            assert metric.value is None and metric.reason.endswith(".")
            assert bool(metric.missing) == (metric.status == "needs input")
    ratios_json([ratios], (), uca_cash_flow(period, inputs))


@st.composite
def balanced_periods(draw: st.DrawFn) -> Period:
    """Two balance sheets that balance, and the income between them."""
    start, end = date(2023, 3, 1), date(2024, 2, 29)
    year = draw(incomes(start, end))
    opening = draw(positions(start - timedelta(days=1)))
    closing = draw(positions(end))
    return Period("balanced", balanced(closing), year, balanced(opening))


def balanced(sheet: Position) -> Position:
    leaves = {key: sheet.lines[key] for key in POSITION_LEAVES}
    leaves["retained_earnings"] += sheet.lines["total_assets"] - sheet.lines["total_liabilities_and_equity"]
    return position(sheet.as_of, dict(sheet.categories), **leaves)


@settings(max_examples=25, deadline=None)
@given(balanced_periods(), GIVEN)
def test_the_uca_cash_flow_ties_for_any_books_in_balance(period: Period, maturities: Decimal | None) -> None:
    statement = uca_cash_flow(period, LenderInputs(prior_current_maturities=maturities))
    assert statement.ties
    assert period.opening is not None
    cash = "cash_and_equivalents"
    change = period.closing.lines[cash] - period.opening.lines[cash]
    assert statement.row("change_in_cash").amount == change
