"""The chart of accounts: each account, who gave its category, and where the statements put it and why."""

from dataclasses import dataclass

from collections_app.reports.build import Reports
from collections_app.reports.cash_flow_classes import CashFlowClass
from collections_app.reports.figures import Account


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One account; ``account.category_source`` says who gave the category.

    ``line`` is the key of its balance-sheet or income-statement line, ``reason`` a sentence that says why it
    stands there; ``cash_flow_class`` and ``cash_flow_reason`` are the same for the cash flow.
    """

    account: Account
    line: str
    line_label: str
    reason: str
    is_unassigned: bool
    cash_flow_class: CashFlowClass
    cash_flow_reason: str


def chart_of_accounts(reports: Reports) -> tuple[ChartRow, ...]:
    """A row for every account of the chart, and for those that only the ledger knows, in order of number."""
    labels = reports.line_labels
    return tuple(
        ChartRow(
            account=placement.account,
            line=placement.line,
            line_label=labels[placement.line],
            reason=placement.reason.value,
            is_unassigned=placement.is_unassigned,
            cash_flow_class=flow.cash_flow_class,
            cash_flow_reason=flow.reason,
        )
        for placement, flow in zip(reports.placements, reports.cash_flow_accounts, strict=True)
    )
