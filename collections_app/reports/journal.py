"""Posted journal lines, read one month at a time so that a ledger of any size fits into memory.

Lines come from the gateway's general-ledger detail. A month is asked for as often as needed and gives the
same lines in the same order each time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from collections_app.reports.figures import ZERO

GENERAL_LEDGER_MODULE = "2.GL"


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One posted line of a journal entry, in the currency of the books.

    ``record`` tells lines apart, ``batch`` is the entry it belongs to, ``batch_date`` that entry's own date.
    ``debit`` and ``credit`` are as the gateway gave them: unsigned in the usual case, one of them zero.
    ``adjusting`` marks a line that counts in the adjusting columns of the trial balance. ``module`` is the
    gateway's code of the subledger that posted it, "2.GL" for a line entered by hand. ``currency`` and
    ``transaction_amount`` (debit positive) are those of the document, empty and zero where not given.
    """

    record: str
    batch: str
    batch_date: date | None
    batch_title: str
    journal: str
    book: str
    module: str
    line_number: str
    entry_date: date
    account: str
    debit: Decimal
    credit: Decimal
    adjusting: bool = False
    currency: str = ""
    transaction_amount: Decimal = ZERO
    location: str = ""
    department: str = ""
    customer: str = ""
    vendor: str = ""
    document: str = ""
    description: str = ""

    @property
    def movement(self) -> Decimal:
        """Debit less credit: what the line adds to the account's balance, debit positive."""
        return self.debit - self.credit


class Journal(Protocol):
    """The posted lines of the books."""

    def lines(self, start: date, end: date) -> Iterator[JournalLine]:
        """The lines dated from ``start`` to ``end``, both included, in the gateway's own order."""
