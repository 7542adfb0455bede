"""What is open on a day: every document, receipt and advance less what was applied to it until then.

``open(item, day) = amount - applications up to the day``, for items that entered the general ledger up to the
day (practice; the gateway's own open amount is right for today only). Once something in a foreign currency is
settled in that currency, what is left of it in base currency is a realized exchange difference, and nobody
owes it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from collections_app.reports.figures import ZERO
from collections_app.reports.movements import Movement, movements_of
from collections_app.reports.subledger import Document, Party, Payment, Side, Subledger
from collections_app.reports.subledger_items import Item, items_of, undated_reversals


class OpenItem(NamedTuple):
    """An item and what is open of it, in base currency and in its own."""

    item: Item
    open: Decimal
    transaction_open: Decimal


@dataclass(frozen=True, slots=True)
class Position:
    """All that is open at the end of a day, in order of party and day of entry."""

    as_of: date
    side: Side
    parties: Mapping[str, Party]
    currency: str
    items: tuple[OpenItem, ...]

    @property
    def total(self) -> Decimal:
        """The sum of what is open, in base currency: what the control accounts should hold."""
        return sum((found.open for found in self.items), ZERO)


@dataclass(frozen=True, slots=True)
class History:
    """Every item of a subledger and every change of what is open of it, oldest first.

    ``undated_reversals`` are the reversed records whose reversal is not known: they are in no position.
    ``unmatched`` are the keys of applications that name a document which is not among the records.
    """

    subledger: Subledger
    items: tuple[Item, ...]
    movements: tuple[Movement, ...]
    undated_reversals: tuple[Document | Payment, ...]
    unmatched: tuple[str, ...]

    def positions(self, days: Iterable[date]) -> Iterator[Position]:
        """What is open at the end of each day, oldest day first, in one pass over the movements."""
        balances: dict[int, tuple[Decimal, Decimal]] = {}
        position = 0
        for day in sorted(set(days)):
            while position < len(self.movements) and self.movements[position].day <= day:
                self._move(balances, self.movements[position])
                position += 1
            yield self._position(day, balances)

    def position(self, day: date) -> Position:
        """What is open at the end of one day."""
        return next(self.positions([day]))

    def _move(self, balances: dict[int, tuple[Decimal, Decimal]], movement: Movement) -> None:
        place = movement.place
        amount, transaction_amount = balances.get(place, (ZERO, ZERO))
        amount += movement.amount
        transaction_amount += movement.transaction_amount
        if self._is_settled(self.items[place], amount, transaction_amount):
            balances.pop(place, None)
        else:
            balances[place] = (amount, transaction_amount)

    def _is_settled(self, item: Item, amount: Decimal, transaction_amount: Decimal) -> bool:
        base = self.subledger.currency
        if base and item.currency and item.currency != base and item.transaction_amount:
            return not transaction_amount
        return not amount

    def _position(self, day: date, balances: Mapping[int, tuple[Decimal, Decimal]]) -> Position:
        return Position(
            as_of=day,
            side=self.subledger.side,
            parties=self.subledger.parties,
            currency=self.subledger.currency,
            items=tuple(OpenItem(self.items[place], *balances[place]) for place in sorted(balances)),
        )


def history(subledger: Subledger) -> History:
    """The items of a subledger and what happened to each."""
    items = items_of(subledger)
    movements, unmatched = movements_of(subledger, items)
    return History(subledger, items, movements, undated_reversals(subledger), unmatched)
