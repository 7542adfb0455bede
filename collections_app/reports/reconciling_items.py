"""What can make a subledger and its control accounts differ, and the entries that a subledger consists of."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from collections_app.reports.figures import ZERO
from collections_app.reports.journal import JournalLine
from collections_app.reports.open_items import History
from collections_app.reports.subledger_items import ItemKind

Cause = Literal[
    "brought_forward",
    "direct_posting",
    "revaluation",
    "different_month",
    "reversal",
    "advance_account",
    "other_account",
    "only_in_ledger",
    "only_in_subledger",
]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the subledger as the ledger should have it; positive raises what is owed."""

    day: date
    cause: str
    amount: Decimal
    party: str
    number: str
    kind: ItemKind = "document"

    @property
    def is_advance(self) -> bool:
        """Whether it is money without a document, or the use of an advance for one."""
        return self.kind == "unapplied" or self.cause.startswith(("application ", "advance in "))


@dataclass(frozen=True, slots=True)
class Reconciling:
    """One entry, line or pair that makes the two differ from ``day`` until before ``until``.

    ``amount`` is what it adds to "subledger less control account". ``line`` and ``entry`` are the evidence;
    ``account`` is the other account where the cause is one.
    """

    cause: Cause
    day: date
    amount: Decimal
    until: date | None = None
    line: JournalLine | None = None
    entry: Entry | None = None
    account: str = ""

    def is_open(self, day: date) -> bool:
        """Whether it makes a difference at the end of the day."""
        return self.day <= day and (self.until is None or self.until > day)


def entries_of(history: History) -> list[Entry]:
    """The entries of a subledger, oldest first, each once with its sum over all items it touches."""
    sums: dict[tuple[date, str], Decimal] = defaultdict(lambda: ZERO)
    places: dict[tuple[date, str], int] = {}
    for movement in history.movements:
        sums[movement.day, movement.cause] += movement.amount
        places.setdefault((movement.day, movement.cause), movement.place)
    return [
        Entry(day, cause, amount, item.party, item.number, item.kind)
        for (day, cause), amount in sums.items()
        if amount
        for item in (history.items[places[day, cause]],)
    ]
