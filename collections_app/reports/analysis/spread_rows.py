"""The rows of the spread, in RMA's order, and what each is made of (source: RMA's statement form; practice).

The lender's form has rows that a ledger does not keep apart: current maturities of long-term debt and income
taxes payable come from the lender, and stay inside the row above or below until they are given.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from collections_app.reports.analysis.definitions import LenderInputs
from collections_app.reports.analysis.figure import Figure, total, unknown
from collections_app.reports.analysis.owners import (
    contributions,
    distributions,
    other_changes_in_earnings,
)
from collections_app.reports.analysis.period import OPENING_NEEDED, Period

Base = Literal["total_assets", "revenue", ""]
RowStyle = Literal["line", "subtotal", "total"]
Read = Callable[[Period, LenderInputs], Figure]

DEFERRED_TAXES = "Deferred Taxes Liabilities - Long Term"


@dataclass(frozen=True, slots=True)
class RowPlan:
    """One row: where its figure comes from, and the base of its common size (empty when it has none).

    ``optional`` rows are left out when they are zero in every column.
    """

    section: str
    key: str
    label: str
    style: RowStyle
    base: Base
    read: Read
    optional: bool = False


def _balance(*keys: str) -> Read:
    def read(period: Period, inputs: LenderInputs) -> Figure:
        figures = [period.closing.figure(key) for key in keys]
        return figures[0] if len(figures) == 1 else total("", figures)

    return read


def _income(key: str) -> Read:
    return lambda period, inputs: period.flows.figure(key)


def _given(name: str) -> Read:
    return lambda period, inputs: inputs.figure(name)


def _without(figure: Figure, part: Figure) -> Figure:
    """The figure less a part that has its own row; the whole of it while the part is not known."""
    return figure if part.missing else total("", [figure], [part])


def _notes_short_term(period: Period, inputs: LenderInputs) -> Figure:
    notes = period.closing.figure("notes_payable_current")
    return _without(notes, inputs.figure("current_maturities"))


def _other_current(period: Period, inputs: LenderInputs) -> Figure:
    keys = ("accrued_liabilities", "deferred_revenue_current", "other_current_liabilities")
    rest = total("", [period.closing.figure(key) for key in keys])
    return _without(rest, inputs.figure("income_taxes_payable"))


def _deferred_taxes(period: Period, inputs: LenderInputs) -> Figure:
    return period.closing.category(DEFERRED_TAXES, "Deferred taxes")


def _other_long_term(period: Period, inputs: LenderInputs) -> Figure:
    both = period.closing.figure("other_long_term_liabilities")
    return total("", [both], [_deferred_taxes(period, inputs)])


def _other_expenses_net(period: Period, inputs: LenderInputs) -> Figure:
    flows = period.flows
    adds = [flows.figure("interest_expense"), flows.figure("other_expenses")]
    return total("", adds, [flows.figure("other_income")])


def _opening_worth(period: Period, inputs: LenderInputs) -> Figure:
    if period.opening is None:
        return unknown("Opening net worth", OPENING_NEEDED)
    return period.opening.figure("total_equity")


def _distributions(period: Period, inputs: LenderInputs) -> Figure:
    return distributions(period)


def _contributions(period: Period, inputs: LenderInputs) -> Figure:
    return contributions(period)


def _other_changes(period: Period, inputs: LenderInputs) -> Figure:
    return other_changes_in_earnings(period)


def _unexplained(period: Period, inputs: LenderInputs) -> Figure:
    explained = [
        _opening_worth(period, inputs),
        period.flows.figure("net_income"),
        _contributions(period, inputs),
        _other_changes(period, inputs),
    ]
    movement = total("", explained, [_distributions(period, inputs)])
    return total("", [period.closing.figure("total_equity")], [movement])


def _rows(section: str, base: Base, *rows: tuple[str, str, RowStyle, Read]) -> tuple[RowPlan, ...]:
    return tuple(RowPlan(section, key, label, style, base, read) for key, label, style, read in rows)


ASSETS = _rows(
    "Assets",
    "total_assets",
    (
        "cash_and_equivalents",
        "Cash and equivalents",
        "line",
        _balance("cash_and_equivalents", "short_term_investments"),
    ),
    ("trade_receivables", "Trade receivables (net)", "line", _balance("accounts_receivable")),
    ("inventory", "Inventory", "line", _balance("inventory")),
    ("other_current_assets", "All other current", "line", _balance("other_current_assets")),
    ("total_current_assets", "Total current", "subtotal", _balance("total_current_assets")),
    ("fixed_assets", "Fixed assets (net)", "line", _balance("fixed_assets_net")),
    ("intangibles", "Intangibles (net)", "line", _balance("intangible_assets")),
    ("other_assets", "All other non-current", "line", _balance("other_assets")),
    ("unassigned_assets", "Unassigned", "line", _balance("unassigned_assets")),
    ("total_assets", "Total assets", "total", _balance("total_assets")),
)
LIABILITIES = _rows(
    "Liabilities and net worth",
    "total_assets",
    ("notes_payable_short_term", "Notes payable short term", "line", _notes_short_term),
    (
        "current_maturities",
        "Current maturities of long-term debt",
        "line",
        _given("current_maturities"),
    ),
    ("trade_payables", "Trade payables", "line", _balance("accounts_payable")),
    ("income_taxes_payable", "Income taxes payable", "line", _given("income_taxes_payable")),
    ("other_current_liabilities", "All other current", "line", _other_current),
    ("total_current_liabilities", "Total current", "subtotal", _balance("total_current_liabilities")),
    ("long_term_debt", "Long-term debt", "line", _balance("notes_payable_long_term")),
    ("deferred_taxes", "Deferred taxes", "line", _deferred_taxes),
    ("other_long_term_liabilities", "All other non-current", "line", _other_long_term),
    ("unassigned_liabilities", "Unassigned", "line", _balance("unassigned_liabilities")),
    ("total_liabilities", "Total liabilities", "subtotal", _balance("total_liabilities")),
    ("net_worth", "Net worth", "line", _balance("total_equity")),
    (
        "total_liabilities_and_net_worth",
        "Total liabilities and net worth",
        "total",
        _balance("total_liabilities", "total_equity"),
    ),
)
INCOME = _rows(
    "Income",
    "revenue",
    ("net_sales", "Net sales", "line", _income("revenue")),
    ("cost_of_sales", "Cost of sales", "line", _income("cost_of_revenue")),
    ("gross_profit", "Gross profit", "subtotal", _income("gross_profit")),
    ("operating_expenses", "Operating expenses", "line", _income("total_operating_expenses")),
    ("operating_profit", "Operating profit", "subtotal", _income("operating_income")),
    ("other_expenses_net", "All other expenses (net)", "line", _other_expenses_net),
    ("profit_before_taxes", "Profit before taxes", "total", _income("income_before_tax")),
    ("income_taxes", "Income taxes", "line", _income("income_tax")),
    (
        "unassigned_income_statement",
        "Unassigned income less expenses",
        "line",
        _income("unassigned_income_statement"),
    ),
    ("net_income", "Net income", "total", _income("net_income")),
)
NET_WORTH = _rows(
    "Reconciliation of net worth",
    "",
    ("opening_net_worth", "Opening net worth", "line", _opening_worth),
    ("net_income_of_period", "+ Net income", "line", _income("net_income")),
    ("distributions", "- Distributions", "line", _distributions),
    ("contributions", "+ Contributions", "line", _contributions),
    ("other_changes", "+/- Other changes in retained earnings", "line", _other_changes),
    ("closing_net_worth", "Closing net worth", "total", _balance("total_equity")),
    ("unexplained_difference", "Unexplained difference", "line", _unexplained),
)
OPTIONAL_ROWS = frozenset({"unassigned_assets", "unassigned_liabilities", "unassigned_income_statement"})
SPREAD_ROWS = tuple(
    replace(row, optional=row.key in OPTIONAL_ROWS) for row in (*ASSETS, *LIABILITIES, *INCOME, *NET_WORTH)
)
