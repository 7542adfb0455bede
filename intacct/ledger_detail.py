"""Lines of the general ledger, and the months in which they are read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from intacct.filters import Filter, equal_to, every, on_or_between
from intacct.rows import Row

DETAIL_FIELDS = (
    "RECORDNO",
    "BATCHKEY",
    "BATCH_DATE",
    "BATCH_TITLE",
    "SYMBOL",
    "BOOKID",
    "MODULEKEY",
    "LINE_NO",
    "ENTRY_DATE",
    "ACCOUNTNO",
    "DEPARTMENTID",
    "LOCATIONID",
    "CURRENCY",
    "BASECURR",
    "DEBITAMOUNT",
    "CREDITAMOUNT",
    "TRX_AMOUNT",
    "DOCUMENT",
    "DESCRIPTION",
    "STATISTICAL",
)
_NOTHING = Decimal(0)


class LedgerLine(Row):
    """One posted line. Its texts become values when they are asked for; see ``Row`` for what may be raised.

    Fields beyond the named properties are read as from any row. A property whose field was not selected
    raises KeyError.
    """

    __slots__ = ()

    @property
    def record_number(self) -> str:
        """What tells lines apart: text, in an order of the gateway's own."""
        return self.text("RECORDNO")

    @property
    def entry_date(self) -> date | None:
        return self.date("ENTRY_DATE")

    @property
    def account_number(self) -> str:
        return self.text("ACCOUNTNO")

    @property
    def journal(self) -> str:
        """The journal's symbol, such as APJ."""
        return self.text("SYMBOL")

    @property
    def location_id(self) -> str:
        return self.text("LOCATIONID")

    @property
    def department_id(self) -> str:
        return self.text("DEPARTMENTID")

    @property
    def description(self) -> str:
        return self.text("DESCRIPTION")

    @property
    def debit(self) -> Decimal:
        """In base currency; zero where the line is a credit."""
        return self.amount("DEBITAMOUNT") or _NOTHING

    @property
    def credit(self) -> Decimal:
        """In base currency; zero where the line is a debit."""
        return self.amount("CREDITAMOUNT") or _NOTHING

    @property
    def movement(self) -> Decimal:
        """Debit less credit, in base currency."""
        return self.debit - self.credit

    @property
    def statistical(self) -> bool:
        """Whether the line counts something else than money."""
        return self.boolean("STATISTICAL") or False


def posted_between(first: date, last: date, book: str) -> Filter:
    """The posted lines of a book in a range of days, both ends included."""
    return every(
        equal_to("BOOKID", book), equal_to("STATE", "Posted"), on_or_between("ENTRY_DATE", first, last)
    )


def windows(start: date, end: date) -> Iterator[tuple[date, date]]:
    """The range cut at the ends of months: unfiltered and long ranges time out at the gateway.

    Raises ValueError for a range that ends before it starts.
    """
    if start > end:
        raise ValueError(f"The period ends ({end}) before it starts ({start}).")
    while start <= end:
        following = (start.replace(day=1) + timedelta(days=32)).replace(day=1)
        yield start, min(end, following - timedelta(days=1))
        start = following
