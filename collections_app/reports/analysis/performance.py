"""Returns, cash, growth and risk: what a credit analyst asks of a business beside its debts (practice).

Altman's score and its zones are as published for private firms outside manufacturing.
"""

from collections.abc import Iterator
from decimal import Decimal

from collections_app.reports.analysis.figure import ONE, Figure, Part, average, total, unknown, weighted
from collections_app.reports.analysis.measures import Measures
from collections_app.reports.analysis.metric import (
    Metric,
    as_figure,
    compound_growth,
    not_meaningful,
    quotient,
    single,
)
from collections_app.reports.analysis.period import DAYS_OF_YEAR, OPENING_NEEDED, THREE_YEARS_NEEDED

RETURNS = "Returns"
CASH = "Cash and burn"
GROWTH = "Growth"
RISK = "Risk"
GROWTH_YEARS = 3


def performance_metrics(measures: Measures) -> Iterator[Metric]:
    """The metrics of this module, group by group."""
    yield from _returns(measures)
    yield from _cash(measures)
    yield from _growth(measures)
    yield altman_score(measures)
    yield break_even_sales(measures)


def _returns(measures: Measures) -> Iterator[Metric]:
    income = measures.income("net_income")
    assets, equity = (_average(measures, key) for key in ("total_assets", "total_equity"))
    yield quotient("return_on_assets", "Return on assets", RETURNS, "percent", income, assets)
    yield quotient("return_on_equity", "Return on equity", RETURNS, "percent", income, equity)
    yield sustainable_growth(measures, income, equity)


def _average(measures: Measures, key: str) -> Figure:
    closing, opening = measures.balance(key), measures.period.opening
    label = f"Average {closing.label[0].lower()}{closing.label[1:]}"
    before = opening.figure(key) if opening else unknown(closing.label, OPENING_NEEDED)
    return average(label, before, closing)


def sustainable_growth(measures: Measures, income: Figure, equity: Figure) -> Metric:
    """Return on equity x (1 - payout), which is retained income over average equity.

    Without a profit there is no payout, and so no such growth.
    """
    retained = total("Retained income", [income], [measures.distributions])
    lossmaking = not_meaningful(income)
    if lossmaking:
        return single(
            "sustainable_growth", "Sustainable growth", RETURNS, "percent", retained, reason=lossmaking
        )
    return quotient("sustainable_growth", "Sustainable growth", RETURNS, "percent", retained, equity)


def _cash(measures: Measures) -> Iterator[Metric]:
    cash = measures.balance("cash_and_equivalents")
    keys = ("total_operating_expenses", "cost_of_revenue")
    outlay = total(
        "Operating expenses and cost of sales, without depreciation",
        [measures.income(key) for key in keys],
        [measures.income("depreciation_and_amortization")],
    )
    yield quotient(
        "cash_days",
        "Cash days",
        CASH,
        "days",
        cash,
        outlay,
        scale=Decimal(DAYS_OF_YEAR),
        unsigned=True,
    )
    burnt = _burnt_cash(measures)
    months = Figure("months", measures.period.flows.months)
    burn = quotient("burn", "Burn per month", CASH, "amount", burnt, months)
    if burnt.amount is not None and burnt.amount <= 0:
        reason = "Operating and investing cash is not negative, so no cash is burnt."
        yield single("burn", "Burn per month", CASH, "amount", burnt, reason=reason)
        yield single("runway", "Runway", CASH, "months", cash, reason=reason)
        return
    yield burn
    yield quotient("runway", "Runway", CASH, "months", cash, as_figure(burn), unsigned=True)


def _burnt_cash(measures: Measures) -> Figure:
    flows = measures.period.flows
    keys = ("cash_from_operations", "cash_from_investing")
    return total("Cash used in operations and investing", [], [flows.figure(key) for key in keys])


def _growth(measures: Measures) -> Iterator[Metric]:
    for key, name, (change, base) in (
        ("sales_growth", "Sales growth", measures.since_last_year("revenue")),
        ("gross_profit_growth", "Gross profit growth", measures.since_last_year("gross_profit")),
        ("ebitda_growth", "EBITDA growth", measures.ebitda_since_last_year),
    ):
        yield quotient(key, name, GROWTH, "percent", change, base)
    earlier = measures.period.three_years_ago
    latest = measures.period.flows.figure("revenue")
    label = f"{latest.label}, three years ago"
    earliest = unknown(label, THREE_YEARS_NEEDED)
    if earlier:
        found = earlier.figure("revenue")
        earliest = Figure(label, found.amount, missing=found.missing)
    name = "Sales growth, compound over 3 years"
    yield compound_growth("sales_cagr", name, GROWTH, latest, earliest, GROWTH_YEARS)


def altman_score(measures: Measures) -> Metric:
    """Altman's Z'' for private firms, manufacturers or not: safe above 2.6, distress below 1.1.

    6.56 working capital / total assets + 3.26 retained earnings / total assets + 6.72 EBIT / total assets
    + 1.05 equity / total liabilities. Retained earnings include the current year's income.
    """
    assets, debt = measures.balance("total_assets"), measures.balance("total_liabilities")
    earned = total(
        "Retained earnings with current income",
        [measures.balance("retained_earnings"), measures.balance("current_year_net_income")],
    )
    terms = (
        ("6.56", measures.working_capital, assets),
        ("3.26", earned, assets),
        ("6.72", measures.ebit, assets),
        ("1.05", measures.balance("total_equity"), debt),
    )
    parts = []
    for weight, above, below in terms:
        name = f"{above.label} / {below.label}"
        term = quotient("altman_term", name, RISK, "times", above, below)
        parts.append(Part(Decimal(weight), as_figure(term)))
    score = weighted("Altman Z''", parts)
    reason = not_meaningful(assets) or not_meaningful(debt)
    return single("altman_z", "Altman Z'' (private, non-manufacturing)", RISK, "score", score, reason=reason)


def break_even_sales(measures: Measures) -> Metric:
    """Fixed costs over the share of sales that variable costs leave; needs tagged accounts."""
    sales, variable = measures.income("revenue"), measures.variable_costs
    share = quotient("variable_share", "Variable cost share of sales", RISK, "times", variable, sales)
    name = "Break-even sales"
    if share.status == "n/m":
        return single("break_even_sales", name, RISK, "amount", measures.fixed_costs, reason=share.reason)
    left = total("Contribution share of sales", [Figure("1", ONE)], [as_figure(share)])
    return quotient("break_even_sales", name, RISK, "amount", measures.fixed_costs, left)
