"""R3 and R12: the finished statements against each other."""

from collections_app.reports.checks.check import Check
from collections_app.reports.checks.comparisons import Comparisons, rounding_tolerance
from collections_app.reports.checks.material import Material
from collections_app.reports.checks.verdicts import (
    Definition,
    Sentences,
    judged,
    money,
    number_of,
)
from collections_app.reports.figures import ZERO
from collections_app.reports.statement import Amounts, Statement

R3 = Definition("R3", "Accounting equation", "reliability")
R12 = Definition("R12", "Cash flow ties to the balance sheet", "reliability")


def equation_holds(material: Material) -> Check:
    """R3: at every month end assets = liabilities + equity."""
    sheet, compared = material.collected.balance_sheet, Comparisons()
    columns = zip(
        sheet.columns,
        sheet.values("total_liabilities_and_equity"),
        sheet.values("total_assets"),
        strict=True,
    )
    for place, (column, claims, assets) in enumerate(columns):
        rows = sum(bool(line.values[place]) for line in sheet.lines if line.style == "account")
        compared.compare(f"{column.caption}, total assets", claims, assets, rounding_tolerance(rows))
    return judged(
        R3,
        material.span,
        compared,
        Sentences(
            "At every month end assets equal liabilities plus equity.",
            f"At {number_of(compared.failures, 'month end')} assets differ from liabilities plus equity "
            f"{material.furthest(compared)}: a balance is missing or wrong.",
        ),
    )


def cash_flow_ties(material: Material) -> Check:
    """R12: in every month opening cash + net change = closing cash, and that is the balance sheet's cash.

    Cash that an override moved in or out of the cash flow is told apart there, and allowed for. Each month
    also opens with the cash that the month before closed with. All to the cent.
    """
    flow, compared = material.collected.cash_flow, Comparisons()
    opening, change, closing = (
        flow.values(key) for key in ("opening_cash", "net_change_in_cash", "closing_cash")
    )
    on_sheet = material.collected.balance_sheet.values("cash_and_equivalents")
    beyond = _values(flow, "cash_beyond_balance_sheet")
    for place, column in enumerate(flow.columns):
        compared.compare(f"{column.caption}, closing cash", opening[place] + change[place], closing[place])
        expected = on_sheet[place] + beyond[place]
        compared.compare(f"{column.caption}, cash on the balance sheet", expected, closing[place])
        if place:
            compared.compare(f"{column.caption}, opening cash", closing[place - 1], opening[place])
    unclassified = sum((abs(value) for value in _values(flow, "unassigned_accounts")), ZERO)
    beside = (
        f" Movements of {money(unclassified, material.currency)} have no cash-flow class and stand beside it."
        if unclassified
        else ""
    )
    return judged(
        R12,
        material.span,
        compared,
        Sentences(
            f"Opening cash and the cash flow lead to the cash on the balance sheet in every month.{beside}",
            f"The cash flow does not lead to the cash on the balance sheet, "
            f"{material.furthest(compared)}: an account is left out or a balance is wrong.",
        ),
    )


def _values(statement: Statement, key: str) -> Amounts:
    for line in statement.lines:
        if line.key == key:
            return line.values
    return (ZERO,) * len(statement.columns)
