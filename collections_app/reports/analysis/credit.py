"""Amounts, debt, coverage and margins that a credit analyst expects beside RMA's set (practice).

Where agreements differ, the lender's definitions decide, and the formula is printed as it was applied.
"Debt to tangible net worth" is RMA's Debt / Worth and is not repeated.
"""

from collections.abc import Iterator
from decimal import Decimal

from collections_app.reports.analysis.figure import total
from collections_app.reports.analysis.measures import Measures
from collections_app.reports.analysis.metric import Metric, as_figure, quotient, single
from collections_app.reports.analysis.rma import COVERAGE, LEVERAGE, LIQUIDITY
from collections_app.reports.analysis.uca import uca_coverage

CASH_FLOW = "Cash flow"
EFFICIENCY = "Working capital days"
MARGINS = "Margins"


def credit_metrics(measures: Measures) -> Iterator[Metric]:
    """The metrics beside RMA's, group by group."""
    yield from _amounts(measures)
    yield from _cycle(measures)
    yield from _leverage(measures)
    yield from _coverage(measures)
    yield from _margins(measures)


def _amounts(measures: Measures) -> Iterator[Metric]:
    yield single("working_capital", "Working capital", LIQUIDITY, "amount", measures.working_capital)
    worth, effective = measures.tangible_net_worth, measures.effective_worth
    yield single("tangible_net_worth", "Tangible net worth", LEVERAGE, "amount", worth)
    yield single(
        "effective_tangible_net_worth", "Effective tangible net worth", LEVERAGE, "amount", effective
    )
    yield single("funded_debt", "Funded debt", LEVERAGE, "amount", measures.funded_debt)
    yield single("ebitda", "EBITDA", CASH_FLOW, "amount", measures.ebitda)
    cash_flow = measures.traditional_cash_flow
    yield single("traditional_cash_flow", "Traditional cash flow", CASH_FLOW, "amount", cash_flow)


def _cycle(measures: Measures) -> Iterator[Metric]:
    """Days by the days of the period itself, where RMA's are those of a year of 365."""
    flows = measures.period.flows
    parts = []
    for key, name, balance, flow in (
        ("dso", "Days sales outstanding (DSO)", "accounts_receivable", "revenue"),
        ("dio", "Days inventory outstanding (DIO)", "inventory", "cost_of_revenue"),
        ("dpo", "Days payables outstanding (DPO)", "accounts_payable", "cost_of_revenue"),
    ):
        metric = quotient(
            key,
            name,
            EFFICIENCY,
            "days",
            measures.balance(balance),
            flows.figure(flow),
            scale=Decimal(flows.days),
            unsigned=True,
        )
        parts.append(metric)
        yield metric
    sales, inventory, payables = map(as_figure, parts)
    cycle = total("Cash conversion cycle", [sales, inventory], [payables])
    reason = next((metric.reason for metric in parts if metric.status == "n/m"), "")
    yield single("ccc", "Cash conversion cycle", EFFICIENCY, "days", cycle, reason=reason)


def _leverage(measures: Measures) -> Iterator[Metric]:
    yield quotient(
        "senior_debt_to_worth",
        "Senior debt / Effective tangible net worth",
        LEVERAGE,
        "times",
        measures.senior_debt,
        measures.effective_worth,
    )
    yield quotient(
        "funded_debt_to_ebitda",
        "Funded debt / EBITDA",
        LEVERAGE,
        "times",
        measures.funded_debt,
        measures.ebitda,
    )
    guaranteed = total(
        "Debt and guarantees", [measures.balance("total_liabilities"), measures.inputs.figure("guarantees")]
    )
    yield quotient(
        "debt_and_guarantees_to_worth",
        "Debt and guarantees / Tangible net worth",
        LEVERAGE,
        "times",
        guaranteed,
        measures.tangible_net_worth,
    )


def _coverage(measures: Measures) -> Iterator[Metric]:
    yield debt_service_coverage(measures)
    yield fixed_charge_coverage(measures)
    yield uca_coverage(measures)
    interest = measures.income("interest_expense")
    yield quotient("ebitda_to_interest", "EBITDA / Interest", COVERAGE, "times", measures.ebitda, interest)


def debt_service_coverage(measures: Measures) -> Metric:
    """EBITDA over interest and scheduled principal; after taxes or distributions by the lender's choice."""
    cash = measures.ebitda
    deducted = measures.deductions(measures.definitions.debt_service_coverage_deducts)
    if deducted:
        cash = total("Cash available for debt service", [cash], deducted)
    return quotient("dscr", "Debt service coverage (DSCR)", COVERAGE, "times", cash, measures.debt_service)


def fixed_charge_coverage(measures: Measures) -> Metric:
    """EBITDA less the lender's deductions over interest and scheduled principal.

    Rent is added on both sides by the lender's choice.
    """
    definitions = measures.definitions
    rent = [measures.rent] if definitions.fixed_charge_coverage_adds_rent else []
    deducted = measures.deductions(definitions.fixed_charge_coverage_deducts)
    cash = total("Cash available for fixed charges", [measures.ebitda, *rent], deducted)
    charges = total("Fixed charges", [measures.debt_service, *rent])
    return quotient("fccr", "Fixed charge coverage (FCCR)", COVERAGE, "times", cash, charges)


def _margins(measures: Measures) -> Iterator[Metric]:
    sales = measures.income("revenue")
    for key, name, part in (
        ("gross_margin", "Gross margin", measures.income("gross_profit")),
        ("operating_margin", "Operating margin", measures.income("operating_income")),
        ("ebitda_margin", "EBITDA margin", measures.ebitda),
        ("net_margin", "Net margin", measures.income("net_income")),
    ):
        yield quotient(key, name, MARGINS, "percent", part, sales)
