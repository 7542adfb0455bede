"""The general ledger as a table: every journal line between the balances that it leads from and to."""

from collections_app.reports.csv_tables import Cell, Rows, Table
from collections_app.reports.figures import ZERO
from collections_app.reports.fiscal_ledger import FiscalLedger
from collections_app.reports.general_ledger import LedgerRow, RowKind, general_ledger
from collections_app.reports.journal import Journal, JournalLine

_HEADER = (
    "row",
    "date",
    "account",
    "title",
    "journal",
    "entry",
    "line",
    "module",
    "description",
    "customer",
    "vendor",
    "document",
    "location",
    "department",
    "debit",
    "credit",
    "adjusting",
    "balance",
    "record",
)
_NO_LINE = (None,) * 10


def ledger_table(ledger: FiscalLedger, journal: Journal) -> Table:
    """The table ``general_ledger``; its rows need the memory of one month."""
    return Table("general_ledger", _HEADER, _rows(ledger, journal))


def _rows(ledger: FiscalLedger, journal: Journal) -> Rows:
    for row in general_ledger(ledger, journal):
        yield _line_row(row, row.line) if row.line else _balance_row(row)


def _balance_row(row: LedgerRow) -> tuple[Cell, ...]:
    """An opening or closing balance, or what the lines do not explain, as a debit or a credit."""
    account, kind = row.account, row.kind
    day = row.window.start if kind is RowKind.OPENING else row.window.end
    debit, credit = (max(row.amount, ZERO), max(-row.amount, ZERO)) if row.amount else (None, None)
    key = kind.name.lower()
    return (key, day, account.number, account.title, *_NO_LINE, debit, credit, None, row.balance, None)


def _line_row(row: LedgerRow, line: JournalLine) -> tuple[Cell, ...]:
    return (
        "line",
        line.entry_date,
        row.account.number,
        row.account.title,
        line.journal,
        line.batch,
        line.line_number,
        line.module,
        line.description or line.batch_title,
        line.customer,
        line.vendor,
        line.document,
        line.location,
        line.department,
        line.debit,
        line.credit,
        "yes" if line.adjusting else "no",
        row.balance,
        line.record,
    )
