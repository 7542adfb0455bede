"""Cash flow in the form of Uniform Credit Analysis, from two balance sheets and the income between them.

It asks whether sales became cash, and what that cash had to pay for, in the order in which a borrower pays.
It ends at the change in cash and ties to the cash line of the balance sheets, whatever the lender did not
say: scheduled repayments only split the change in debt. Source: the published form and worked example of
aloan.ai's glossary down to cash after operations; the rows below are practice.

Amounts are those of the period, never annualized; every row is signed as its label says.
"""

from dataclasses import dataclass
from decimal import Decimal

from collections_app.reports.analysis.definitions import NO_INPUTS, LenderInputs
from collections_app.reports.analysis.figure import ZERO, Figure, total
from collections_app.reports.analysis.measures import ASSET_SALES, Measures
from collections_app.reports.analysis.metric import Metric, quotient
from collections_app.reports.analysis.owners import (
    contributions,
    distributions,
    other_changes_in_earnings,
)
from collections_app.reports.analysis.period import Period


@dataclass(frozen=True, slots=True)
class CashRow:
    """One row of the statement; its figure says what it is made of, or what is missing."""

    key: str
    figure: Figure
    is_total: bool


@dataclass(frozen=True, slots=True)
class UcaCashFlow:
    """The finished statement; ``difference`` is derived less real change in cash, None when unknown."""

    rows: tuple[CashRow, ...]
    difference: Decimal | None

    def row(self, key: str) -> Figure:
        """The figure of the row with that key; KeyError when there is none."""
        return {row.key: row.figure for row in self.rows}[key]

    @property
    def ties(self) -> bool:
        """Whether the statement explains the change in cash to the cent."""
        return self.difference == ZERO


def cash_from_sales(period: Period) -> Figure:
    """Sales less the increase in receivables."""
    return total("Cash from sales", [period.flows.figure("revenue")], [period.change("accounts_receivable")])


def cash_production_costs(period: Period) -> Figure:
    """Cost of sales (depreciation stands on its own line) + increase in inventory - increase in payables."""
    return total(
        "Cash production costs",
        [period.flows.figure("cost_of_revenue"), period.change("inventory")],
        [period.change("accounts_payable")],
    )


def cash_operating_expenses(period: Period) -> Figure:
    """Operating expenses without depreciation and amortization, less the increase in accruals."""
    flows = period.flows
    return total(
        "Cash operating expenses",
        [flows.figure("payroll_expenses"), flows.figure("other_operating_expenses")],
        [period.change("accrued_liabilities")],
    )


def cash_after_operations(period: Period) -> Figure:
    """Cash from sales less cash production costs and cash operating expenses."""
    return total(
        "Cash after operations",
        [cash_from_sales(period)],
        [cash_production_costs(period), cash_operating_expenses(period)],
    )


def uca_cash_flow(period: Period, inputs: LenderInputs = NO_INPUTS) -> UcaCashFlow:
    """The statement for the days of ``period.flows``; without an opening balance sheet rows are unknown."""
    operations = _operations(period)
    income = total(
        "Net cash income",
        [operations[-1].figure],
        [period.flows.figure("interest_expense"), distributions(period)],
    )
    maturities = inputs.figure("prior_current_maturities")
    after_debt = total("Cash after debt amortization", [income], [maturities])
    investment = _investment(period)
    surplus = total("Financing surplus (or requirement)", [after_debt], [investment])
    borrowing = _borrowing(period)
    if not maturities.missing:
        borrowing = total("New borrowing, scheduled repayments added back", [borrowing, maturities])
    financing = (borrowing, _other_financing(period))
    if maturities.missing:
        change = total("Change in cash", [income, *financing], [investment])
    else:
        change = total("Change in cash", [surplus, *financing])
    rows = (
        *operations,
        CashRow("interest_expense", period.flows.figure("interest_expense"), False),
        CashRow("distributions", distributions(period), False),
        CashRow("net_cash_income", income, True),
        CashRow("current_maturities", maturities, False),
        CashRow("cash_after_debt_amortization", after_debt, True),
        CashRow("investment", investment, False),
        CashRow("financing_surplus", surplus, True),
        CashRow("borrowing", borrowing, False),
        CashRow("other_financing", financing[1], False),
        CashRow("change_in_cash", change, True),
    )
    tie = total("Unexplained difference", [change], [period.change("cash_and_equivalents")])
    return UcaCashFlow(rows, tie.amount)


def uca_coverage(measures: Measures) -> Metric:
    """Cash after operations over debt service, as in the published example."""
    cash = cash_after_operations(measures.period)
    return quotient(
        "uca_coverage",
        "UCA cash after operations / Debt service",
        "Coverage",
        "times",
        measures.yearly(cash),
        measures.debt_service,
    )


def _operations(period: Period) -> tuple[CashRow, ...]:
    after = cash_after_operations(period)
    other = _other_operating(period)
    tax = period.flows.figure("income_tax")
    net = total("Net cash after operations", [after, other], [tax])
    return (
        CashRow("cash_from_sales", cash_from_sales(period), False),
        CashRow("cash_production_costs", cash_production_costs(period), False),
        CashRow("cash_operating_expenses", cash_operating_expenses(period), False),
        CashRow("cash_after_operations", after, True),
        CashRow("other_operating_cash", other, False),
        CashRow("income_tax", tax, False),
        CashRow("net_cash_after_operations", net, True),
    )


def _other_operating(period: Period) -> Figure:
    """Other income and expense, and the current items that are no trade: gains belong to what was sold."""
    flows = period.flows
    return total(
        "Other income and other working capital",
        [
            flows.figure("other_income"),
            flows.figure("unassigned_income_statement"),
            period.change("deferred_revenue_current"),
            period.change("other_current_liabilities"),
        ],
        [_gains(period), flows.figure("other_expenses"), period.change("other_current_assets")],
    )


def _gains(period: Period) -> Figure:
    return period.flows.category(ASSET_SALES, "Gains on asset sales")


def _investment(period: Period) -> Figure:
    """Fixed and intangible assets bought less sold, and the other non-trade assets."""
    keys = (
        "fixed_assets_net",
        "intangible_assets",
        "short_term_investments",
        "other_assets",
        "unassigned_assets",
    )
    adds = [period.change(key) for key in keys]
    adds.append(period.flows.figure("depreciation_and_amortization"))
    return total("Capital spending and other investment", adds, [_gains(period)])


def _borrowing(period: Period) -> Figure:
    keys = ("notes_payable_current", "notes_payable_long_term")
    return total("Change in notes payable", [period.change(key) for key in keys])


def _other_financing(period: Period) -> Figure:
    """Other long-term and unassigned liabilities, capital paid in, and postings straight to earnings."""
    return total(
        "Capital and other financing",
        [
            period.change("other_long_term_liabilities"),
            period.change("unassigned_liabilities"),
            contributions(period),
            other_changes_in_earnings(period),
        ],
    )
