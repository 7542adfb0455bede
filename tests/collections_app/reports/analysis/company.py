"""A company small enough to work out on paper; 2024 is its year, a leap year."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from collections_app.reports.analysis.definitions import LenderInputs
from collections_app.reports.analysis.metric import Metric
from collections_app.reports.analysis.period import Flows, Period, Position

Number = int | str | Decimal
CURRENT_ASSETS = (
    "cash_and_equivalents",
    "short_term_investments",
    "accounts_receivable",
    "inventory",
    "other_current_assets",
)
FIXED_ASSETS = ("fixed_assets_gross", "accumulated_depreciation")
OTHER_ASSETS = ("intangible_assets", "other_assets", "unassigned_assets")
CURRENT_LIABILITIES = (
    "accounts_payable",
    "accrued_liabilities",
    "notes_payable_current",
    "deferred_revenue_current",
    "other_current_liabilities",
)
LONG_TERM_LIABILITIES = ("notes_payable_long_term", "other_long_term_liabilities")
EQUITY = ("paid_in_capital", "distributions", "retained_earnings", "current_year_net_income")
POSITION_LEAVES = (
    *CURRENT_ASSETS,
    *FIXED_ASSETS,
    *OTHER_ASSETS,
    *CURRENT_LIABILITIES,
    *LONG_TERM_LIABILITIES,
    "unassigned_liabilities",
    *EQUITY,
)
FLOW_LEAVES = (
    "revenue",
    "cost_of_revenue",
    "payroll_expenses",
    "other_operating_expenses",
    "depreciation_and_amortization",
    "other_income",
    "interest_expense",
    "other_expenses",
    "income_tax",
    "unassigned_income_statement",
)


def amounts(given: Mapping[str, Number]) -> dict[str, Decimal]:
    return {key: Decimal(value) for key, value in given.items()}


def position(day: date, categories: Mapping[str, Number] | None = None, **given: Number) -> Position:
    """A balance sheet from its lines; lines that are not given are zero, totals are added up."""
    lines = dict.fromkeys(POSITION_LEAVES, Decimal(0)) | amounts(given)

    def added(*keys: str) -> Decimal:
        return sum((lines[key] for key in keys), Decimal(0))

    lines["total_current_assets"] = added(*CURRENT_ASSETS)
    lines["fixed_assets_net"] = added(*FIXED_ASSETS)
    lines["total_assets"] = added("total_current_assets", "fixed_assets_net", *OTHER_ASSETS)
    lines["total_current_liabilities"] = added(*CURRENT_LIABILITIES)
    lines["total_long_term_liabilities"] = added(*LONG_TERM_LIABILITIES)
    lines["total_liabilities"] = added(*CURRENT_LIABILITIES, *LONG_TERM_LIABILITIES, "unassigned_liabilities")
    lines["total_equity"] = added(*EQUITY)
    lines["total_liabilities_and_equity"] = added("total_liabilities", "total_equity")
    return Position(day, lines, amounts(categories or {}))


def flows(
    start: date,
    end: date,
    categories: Mapping[str, Number] | None = None,
    costs: Mapping[str, Number] | None = None,
    **given: Number,
) -> Flows:
    """An income statement from its lines, with totals; keys of the cash-flow statement pass through."""
    lines = dict.fromkeys(FLOW_LEAVES, Decimal(0)) | amounts(given)
    operating = lines["payroll_expenses"] + lines["other_operating_expenses"]
    operating += lines["depreciation_and_amortization"]
    lines["gross_profit"] = lines["revenue"] - lines["cost_of_revenue"]
    lines["total_operating_expenses"] = operating
    lines["operating_income"] = lines["gross_profit"] - operating
    other = lines["other_income"] - lines["interest_expense"] - lines["other_expenses"]
    lines["income_before_tax"] = lines["operating_income"] + other
    unassigned = lines["unassigned_income_statement"]
    lines["net_income"] = lines["income_before_tax"] + unassigned - lines["income_tax"]
    return Flows(start, end, lines, amounts(categories or {}), amounts(costs or {}))


def above_and_below(found: Metric) -> tuple[object, object]:
    """What was divided, and by what; None where nothing is divided."""
    return found.numerator.amount, found.denominator.amount if found.denominator else None


OPENING = position(
    date(2023, 12, 31),
    {"Intercompany Receivable": 10},
    cash_and_equivalents=80,
    short_term_investments=20,
    accounts_receivable=240,
    inventory=180,
    other_current_assets=20,
    fixed_assets_gross=420,
    accumulated_depreciation=-60,
    intangible_assets=60,
    other_assets=40,
    accounts_payable=130,
    accrued_liabilities=40,
    notes_payable_current=60,
    deferred_revenue_current=10,
    other_current_liabilities=10,
    notes_payable_long_term=250,
    other_long_term_liabilities=50,
    paid_in_capital=150,
    retained_earnings=300,
)
CLOSING = position(
    date(2024, 12, 31),
    {"Intercompany Receivable": 10, "Deferred Taxes Liabilities - Long Term": 35},
    cash_and_equivalents=100,
    short_term_investments=20,
    accounts_receivable=300,
    inventory=200,
    other_current_assets=30,
    fixed_assets_gross=500,
    accumulated_depreciation=-100,
    intangible_assets=50,
    other_assets=100,
    accounts_payable=150,
    accrued_liabilities=50,
    notes_payable_current=80,
    deferred_revenue_current=10,
    other_current_liabilities=10,
    notes_payable_long_term=250,
    other_long_term_liabilities=50,
    paid_in_capital=200,
    distributions=-40,
    retained_earnings=300,
    current_year_net_income=140,
)
YEAR = flows(
    date(2024, 1, 1),
    date(2024, 12, 31),
    {"Interest Income": 4, "Amortization Expense": 10, "Rent Expense": 24, "Bonus Expense": 15},
    {"5000": 1200, "6000": 24, "6100": 496},
    revenue=2000,
    cost_of_revenue=1200,
    payroll_expenses=300,
    other_operating_expenses=220,
    depreciation_and_amortization=50,
    other_income=10,
    interest_expense=30,
    other_expenses=10,
    income_tax=60,
    cash_from_operations=-90,
    cash_from_investing=-30,
)
LAST_YEAR = flows(
    date(2023, 1, 1),
    date(2023, 12, 31),
    revenue=1600,
    cost_of_revenue=960,
    payroll_expenses=400,
    depreciation_and_amortization=40,
    income_tax=40,
)
THREE_YEARS_AGO = flows(date(2021, 1, 1), date(2021, 12, 31), revenue=1024, cost_of_revenue=600)
PERIOD = Period("2024", CLOSING, YEAR, OPENING, LAST_YEAR, THREE_YEARS_AGO)
INPUTS = LenderInputs(
    scheduled_principal=Decimal(70),
    current_maturities=Decimal(45),
    prior_current_maturities=Decimal(95),
    income_taxes_payable=Decimal(12),
    financed_capital_spending=Decimal(30),
    lease_obligations=Decimal(90),
    owners_compensation=Decimal(100),
    subordinated_debt=Decimal(60),
    guarantees=Decimal(120),
    variable_accounts=frozenset({"5000"}),
)
