"""The trial balance of each month shown: opening balance, movements and closing balance of every account."""

from dataclasses import dataclass

from collections_app.reports.figures import TrialBalanceRow, total_row
from collections_app.reports.fiscal_ledger import FiscalLedger
from collections_app.reports.periods import Window


@dataclass(frozen=True, slots=True)
class TrialBalanceMonth:
    """One month, debit positive: a row for every account, in order of number, and their total.

    The total's opening and closing are zero when the ledger is in balance.
    """

    window: Window
    rows: tuple[TrialBalanceRow, ...]
    total: TrialBalanceRow


def trial_balance(ledger: FiscalLedger) -> tuple[TrialBalanceMonth, ...]:
    """The trial balance of each month shown; income-statement accounts open at their fiscal year to date."""
    return tuple(
        TrialBalanceMonth(month.window, tuple(month.rows.values()), total_row(month.rows.values()))
        for month in ledger.shown
    )
