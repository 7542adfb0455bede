"""The ratios that RMA prints, under RMA's names (source: RMA, "Understanding the ratios"; formulas practice).

RMA measures at the end of the year, not on averages, and prints turnover as times and as days of 365. Its
benchmark values are licensed, so there are none here.
"""

from collections.abc import Iterator
from decimal import Decimal

from collections_app.reports.analysis.figure import total
from collections_app.reports.analysis.measures import Measures
from collections_app.reports.analysis.metric import Metric, quotient
from collections_app.reports.analysis.period import DAYS_OF_YEAR

LIQUIDITY = "Liquidity"
COVERAGE = "Coverage"
LEVERAGE = "Leverage"
OPERATING = "Operating"
EXPENSE = "Expense to sales"
YEAR = Decimal(DAYS_OF_YEAR)


def rma_ratios(measures: Measures) -> Iterator[Metric]:
    """The RMA set, in RMA's order."""
    yield from _liquidity(measures)
    yield from _turnover(measures)
    yield from _coverage(measures)
    yield from _leverage(measures)
    yield from _operating(measures)
    yield from _expense(measures)


def _liquidity(measures: Measures) -> Iterator[Metric]:
    debts = measures.balance("total_current_liabilities")
    yield quotient(
        "current_ratio",
        "Current ratio",
        LIQUIDITY,
        "times",
        measures.balance("total_current_assets"),
        debts,
    )
    yield quotient("quick_ratio", "Quick ratio", LIQUIDITY, "times", measures.quick_assets, debts)


def _turnover(measures: Measures) -> Iterator[Metric]:
    sales, cost = measures.income("revenue"), measures.income("cost_of_revenue")
    for flow, balance, key, name, days_key, days_name in (
        (
            sales,
            "accounts_receivable",
            "sales_to_receivables",
            "Sales / Receivables",
            "days_receivables",
            "Days' receivables",
        ),
        (
            cost,
            "inventory",
            "cost_of_sales_to_inventory",
            "Cost of sales / Inventory",
            "days_inventory",
            "Days' inventory",
        ),
        (
            cost,
            "accounts_payable",
            "cost_of_sales_to_payables",
            "Cost of sales / Payables",
            "days_payables",
            "Days' payables",
        ),
    ):
        held = measures.balance(balance)
        yield quotient(key, name, LIQUIDITY, "times", flow, held)
        yield quotient(days_key, days_name, LIQUIDITY, "days", held, flow, scale=YEAR, unsigned=True)
    yield quotient(
        "sales_to_working_capital",
        "Sales / Working capital",
        LIQUIDITY,
        "times",
        sales,
        measures.working_capital,
    )


def _coverage(measures: Measures) -> Iterator[Metric]:
    yield quotient(
        "ebit_to_interest",
        "EBIT / Interest",
        COVERAGE,
        "times",
        measures.ebit,
        measures.income("interest_expense"),
    )
    cash = total(
        "Net profit + depreciation, depletion, amortization",
        [measures.income("net_income"), measures.income("depreciation_and_amortization")],
    )
    yield quotient(
        "cash_flow_to_current_maturities",
        "Net profit + depreciation, depletion, amortization / Current maturities of long-term debt",
        COVERAGE,
        "times",
        cash,
        measures.inputs.figure("prior_current_maturities"),
    )


def _leverage(measures: Measures) -> Iterator[Metric]:
    worth = measures.tangible_net_worth
    fixed = measures.balance("fixed_assets_net")
    yield quotient("fixed_to_worth", "Fixed / Worth", LEVERAGE, "times", fixed, worth)
    debt = measures.balance("total_liabilities")
    yield quotient("debt_to_worth", "Debt / Worth", LEVERAGE, "times", debt, worth)


def _operating(measures: Measures) -> Iterator[Metric]:
    profit, sales = measures.income("income_before_tax"), measures.income("revenue")
    assets = measures.balance("total_assets")
    yield quotient(
        "profit_to_worth",
        "% Profit before taxes / Tangible net worth",
        OPERATING,
        "percent",
        profit,
        measures.tangible_net_worth,
    )
    yield quotient(
        "profit_to_assets", "% Profit before taxes / Total assets", OPERATING, "percent", profit, assets
    )
    yield quotient(
        "sales_to_fixed_assets",
        "Sales / Net fixed assets",
        OPERATING,
        "times",
        sales,
        measures.balance("fixed_assets_net"),
    )
    yield quotient("sales_to_assets", "Sales / Total assets", OPERATING, "times", sales, assets)


def _expense(measures: Measures) -> Iterator[Metric]:
    sales = measures.income("revenue")
    yield quotient(
        "depreciation_to_sales",
        "% Depreciation, depletion, amortization / Sales",
        EXPENSE,
        "percent",
        measures.income("depreciation_and_amortization"),
        sales,
    )
    yield quotient(
        "owners_compensation_to_sales",
        "% Officers', directors', owners' compensation / Sales",
        EXPENSE,
        "percent",
        measures.inputs.figure("owners_compensation"),
        sales,
    )
