"""The four statements for one set of periods."""

from dataclasses import dataclass

from collections_app.reports.balance_sheet import balance_sheet
from collections_app.reports.cash_flow import cash_flow
from collections_app.reports.cash_flow_classes import CashFlowPlacement
from collections_app.reports.changes_in_equity import changes_in_equity
from collections_app.reports.fiscal_ledger import FiscalLedger
from collections_app.reports.income_statement import income_statement
from collections_app.reports.period_sets import PeriodSet
from collections_app.reports.statement import Statement


@dataclass(frozen=True, slots=True)
class PeriodStatements:
    """The statements of one set of periods: quarters, fiscal years and so on."""

    periods: PeriodSet
    balance_sheet: Statement
    income_statement: Statement
    cash_flow: Statement
    changes_in_equity: Statement

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All four, in the order in which they are filed."""
        return (self.balance_sheet, self.income_statement, self.cash_flow, self.changes_in_equity)


def period_statements(
    ledger: FiscalLedger,
    periods: PeriodSet,
    cash_flow_accounts: tuple[CashFlowPlacement, ...],
    translation_accounts: frozenset[str] = frozenset(),
) -> PeriodStatements:
    """The statements of the ledger for these periods.

    Raises fiscal_ledger.PeriodNotCovered when a period does not begin and end with collected months.
    """
    return PeriodStatements(
        periods,
        balance_sheet(ledger, periods),
        income_statement(ledger, periods),
        cash_flow(ledger, periods, cash_flow_accounts),
        changes_in_equity(ledger, periods, translation_accounts),
    )
