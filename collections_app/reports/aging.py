"""Who owes how much for how long: a position sorted by party and age.

Credits are negative in the bucket of their own date, because nothing says when they fall due. Receipts and
advances that nothing was paid with stand in a column of their own and in the total, because the control
account contains them. A document without a due date is aged from its own date, and counted (practice).
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Literal

from collections_app.reports.division import percent, quotient
from collections_app.reports.figures import ZERO
from collections_app.reports.open_items import History, OpenItem, Position
from collections_app.reports.subledger import Side
from collections_app.reports.subledger_items import Item

AgedBy = Literal["due_date", "invoice_date"]


@dataclass(frozen=True, slots=True)
class AgingMethod:
    """From which day age is counted, and the last day of each bucket but the open one at the end.

    ``limits`` rise. Both ends of a bucket count and there are no gaps: the first holds everything up to its
    limit, the last everything beyond.
    """

    by: AgedBy
    limits: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.limits or list(self.limits) != sorted(set(self.limits)) or self.limits[0] < 0:
            raise ValueError(f"The aging limits are {self.limits}; they must be days, 0 or more, that rise.")

    @property
    def buckets(self) -> tuple[str, ...]:
        """The key of each bucket: "current" or "0-30", "1-30", ..., "over_90"."""
        first = "current" if self.limits[0] == 0 else f"0-{self.limits[0]}"
        between = [f"{low + 1}-{high}" for low, high in zip(self.limits, self.limits[1:], strict=False)]
        return (first, *between, f"over_{self.limits[-1]}")

    @property
    def labels(self) -> tuple[str, ...]:
        """The buckets for people."""
        return tuple(
            "Current" if key == "current" else key.replace("over_", "Over ").replace("-", "–")
            for key in self.buckets
        )

    def aged_from(self, item: Item) -> date:
        """The day from which the item's age is counted."""
        if self.by == "invoice_date" or item.kind != "document" or item.due_date is None:
            return item.document_date
        return item.due_date

    def age(self, item: Item, as_of: date) -> int:
        """The item's age in days; below zero where it is not yet due."""
        return (as_of - self.aged_from(item)).days

    def bucket(self, age: int) -> int:
        """The place of the bucket that holds an age."""
        return bisect_left(self.limits, age)


BY_DUE_DATE = AgingMethod("due_date", (0, 30, 60, 90))
BY_INVOICE_DATE = AgingMethod("invoice_date", (30, 60, 90, 120))


@dataclass(frozen=True, slots=True)
class AgingRow:
    """One party. ``amounts`` are by bucket; ``unapplied`` is negative; ``total`` is all of them together.

    ``documents`` counts open documents and credits, ``oldest`` is the earliest day from which one is aged.
    """

    party: str
    name: str
    amounts: tuple[Decimal, ...]
    unapplied: Decimal
    total: Decimal
    documents: int
    oldest: date | None


@dataclass(frozen=True, slots=True)
class Aging:
    """The aging of one side on one day; positive is owed.

    ``currency`` is that of the amounts. ``missing_due_dates`` counts open documents that had none.
    ``average_age`` is the age in days of what is owed, weighted by its amount, with one place; None where
    nothing is owed. ``oldest`` is the item that has been owed longest.
    """

    as_of: date
    side: Side
    method: AgingMethod
    currency: str
    rows: tuple[AgingRow, ...]
    totals: tuple[Decimal, ...]
    unapplied: Decimal
    total: Decimal
    documents: int
    missing_due_dates: int
    average_age: Decimal | None
    oldest: OpenItem | None

    @property
    def percentages(self) -> tuple[Decimal | None, ...]:
        """Each bucket in percent of the total, with two places; None where the total is zero."""
        return tuple(percent(amount, self.total) for amount in self.totals)

    def largest(self, count: int = 10) -> tuple[AgingRow, ...]:
        """The parties that owe most, the largest first."""
        return tuple(sorted(self.rows, key=lambda row: (-row.total, row.party))[:count])


def age_position(position: Position, method: AgingMethod, currency: str = "") -> Aging:
    """The aging of a position in base currency, or of the items in one currency in that currency."""
    found = tuple(_in_currency(position, currency) if currency else position.items)
    parties = groupby(found, key=lambda each: each.item.party)
    rows = tuple(_row(position, method, party, tuple(group)) for party, group in parties)
    owed = [each for each in found if each.item.kind == "document"]
    return Aging(
        as_of=position.as_of,
        side=position.side,
        method=method,
        currency=currency or position.currency,
        rows=rows,
        totals=_sums((row.amounts for row in rows), len(method.buckets)),
        unapplied=sum((row.unapplied for row in rows), ZERO),
        total=sum((row.total for row in rows), ZERO),
        documents=sum(row.documents for row in rows),
        missing_due_dates=sum(each.item.due_date is None for each in owed),
        average_age=_average_age(owed, method, position.as_of),
        oldest=min(owed, key=lambda each: (method.aged_from(each.item), each.item.key), default=None),
    )


def agings(known: History, days: Iterable[date], method: AgingMethod) -> Iterator[Aging]:
    """The aging at the end of each day, such as every month end, oldest first and in one pass."""
    return (age_position(position, method) for position in known.positions(days))


def currencies(position: Position) -> tuple[str, ...]:
    """The currencies of the open items, in order."""
    return tuple(sorted({each.item.currency or position.currency for each in position.items}))


def _in_currency(position: Position, currency: str) -> Iterable[OpenItem]:
    """The items in that currency, in its amounts; an item that names none is in the base currency."""
    for item, base_open, transaction_open in position.items:
        open_amount = transaction_open if item.currency else base_open
        if (item.currency or position.currency) == currency and open_amount:
            yield OpenItem(item, open_amount, open_amount)


def _row(position: Position, method: AgingMethod, party: str, found: tuple[OpenItem, ...]) -> AgingRow:
    amounts = [ZERO] * (len(method.limits) + 1)
    unapplied, oldest, documents = ZERO, None, 0
    for item, open_amount, _ in found:
        if item.kind == "unapplied":
            unapplied += open_amount
            continue
        documents += 1
        since = method.aged_from(item)
        oldest = since if oldest is None else min(oldest, since)
        amounts[method.bucket((position.as_of - since).days)] += open_amount
    known = position.parties.get(party)
    return AgingRow(
        party=party,
        name=known.name if known else party,
        amounts=tuple(amounts),
        unapplied=unapplied,
        total=sum(amounts, unapplied),
        documents=documents,
        oldest=oldest,
    )


def _sums(rows: Iterable[tuple[Decimal, ...]], width: int) -> tuple[Decimal, ...]:
    totals = [ZERO] * width
    for amounts in rows:
        totals = [total + amount for total, amount in zip(totals, amounts, strict=True)]
    return tuple(totals)


def _average_age(owed: Iterable[OpenItem], method: AgingMethod, as_of: date) -> Decimal | None:
    weighted = total = ZERO
    for item, open_amount, _ in owed:
        if open_amount > 0:
            weighted += open_amount * method.age(item, as_of)
            total += open_amount
    return quotient(weighted, total, 1)
