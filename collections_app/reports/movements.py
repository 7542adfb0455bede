"""Every change of what is open: entries, applications and what takes them back, each on its day.

An application counts from its own date, but never before both its document and its source have entered: a
credit memo counts from the later of its own date and that of its application, and a payment dated before its
bill is an unapplied payment until the bill is there, as in the control account (practice). A discount counts
with its payment. An application ends when it, its document or its source is reversed.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from collections_app.reports.division import quotient
from collections_app.reports.figures import ZERO
from collections_app.reports.subledger import Application, Subledger
from collections_app.reports.subledger_items import Item
from collections_app.reports.subledger_states import is_reversal, is_reversed, is_unposted


class Movement(NamedTuple):
    """A change of what is open of the item at ``place``, in base currency and in its own.

    ``cause`` is the same for all changes that one entry of the ledger makes: the key of the item that
    entered, "application 5", "advance in application 5", or "reversal of" one of these.
    """

    day: date
    place: int
    amount: Decimal
    transaction_amount: Decimal
    cause: str


class _Change(NamedTuple):
    """A movement of an item that is known."""

    day: date
    amount: Decimal
    transaction_amount: Decimal
    cause: str


class _Span(NamedTuple):
    """From when to when an application counts, and what the two ends are called."""

    starts: date
    ends: date | None
    cause: str
    ended_by: str


class _Part(NamedTuple):
    """What one source of an application settles; ``source`` is empty for a discount or an inline credit."""

    source: str
    amount: Decimal
    transaction_amount: Decimal


def movements_of(subledger: Subledger, items: Sequence[Item]) -> tuple[tuple[Movement, ...], tuple[str, ...]]:
    """All movements, oldest first, and the keys of applications whose document is not among the records."""
    places = {item.key: place for place, item in enumerate(items)}
    known = {document.key for document in subledger.documents}
    known |= {payment.key for payment in subledger.payments}
    settling = _Settling(items, places, known - places.keys())
    unmatched = []
    for application in subledger.applications:
        settling.apply(application)
        if application.document not in known:
            unmatched.append(application.key)
    return tuple(sorted(settling.movements())), tuple(unmatched)


class _Settling:
    """Collects the movements of each item. ``absent`` are the keys of records that never enter."""

    def __init__(self, items: Sequence[Item], places: Mapping[str, int], absent: set[str]) -> None:
        self._items = items
        self._places = places
        self._absent = absent
        self._changes: list[list[_Change]] = [[] for _ in items]

    def apply(self, application: Application) -> None:
        if not _counts(application) or application.document in self._absent:
            return
        payment = self._item(application.payment)
        document = self._item(application.document)
        if application.payment in self._absent:
            return
        for part in _parts(application):
            if part.source in self._absent:
                continue
            source = self._item(part.source)
            span = _span(application, document, source or payment)
            if source is None and payment is not None and span.starts == payment.entered:
                # The ledger takes a discount off in the entry of its payment.
                span = span._replace(cause=payment.key)
            if document is not None:
                self._change(document, span, part.amount, part.transaction_amount)
            if source is not None:
                alike = document is None or document.currency == source.currency
                own = part.transaction_amount if alike else _in_own_currency(part.amount, source)
                self._change(source, _of_source(span, source), part.amount, own)

    def _change(self, item: Item, span: _Span, amount: Decimal, transaction_amount: Decimal) -> None:
        """Settle so much of the item from ``starts`` until ``ends``; a settlement works against its sign."""
        changes = self._changes[self._places[item.key]]
        alike = amount == transaction_amount
        amount = -item.sign * amount
        # Most documents are in base currency: one object serves for both amounts.
        transaction_amount = amount if alike else -item.sign * transaction_amount
        changes.append(_Change(span.starts, amount, transaction_amount, span.cause))
        if span.ends is not None:
            changes.append(_Change(span.ends, -amount, -transaction_amount, span.ended_by))

    def _item(self, key: str) -> Item | None:
        place = self._places.get(key)
        return None if place is None else self._items[place]

    def movements(self) -> Iterator[Movement]:
        for place, item in enumerate(self._items):
            entry = _Change(item.entered, item.amount, item.transaction_amount, item.key)
            changes = [entry, *self._changes[place]]
            # Each list is freed as it is handed on, or all movements would be in memory twice.
            self._changes[place] = []
            if item.leaves is not None:
                changes = _until(changes, max(item.leaves, item.entered), item.key)
            for day, amount, transaction_amount, cause in changes:
                yield Movement(day, place, amount, transaction_amount, cause)


def _counts(application: Application) -> bool:
    if is_unposted(application.state) or is_reversal(application.state):
        return False
    return not is_reversed(application.state) or application.reversed_on is not None


def _span(application: Application, *items: Item | None) -> _Span:
    """From when on an application counts, and when and by what it ends, if it does."""
    involved = [item for item in items if item is not None]
    starts = max([application.date, *(item.entered for item in involved)])
    cause = f"application {application.key}"
    ends = [(item.leaves, item.key) for item in involved if item.leaves is not None]
    if application.reversed_on is not None:
        ends.append((application.reversed_on, cause))
    if not ends:
        return _Span(starts, None, cause, "")
    day, ended_by = min(ends)
    return _Span(starts, max(starts, day), cause, f"reversal of {ended_by}")


def _of_source(span: _Span, source: Item) -> _Span:
    """The use of an advance is an entry of its own, because advances may have an account of their own."""
    return span._replace(cause=f"advance in {span.cause}") if source.key.startswith("advance:") else span


def _parts(application: Application) -> list[_Part]:
    """The sources of an application; its amount in the document's currency is split as its base amount is."""
    sources = (
        (application.payment, application.payment_amount),
        (application.advance, application.advance_amount),
        (application.credit, application.credit_amount),
        ("", application.discount + application.inline),
    )
    used = [(source, amount) for source, amount in sources if amount]
    rest, parts = application.transaction_amount, []
    for source, amount in used[:-1]:
        own = quotient(application.transaction_amount * amount, application.amount, 2) or ZERO
        parts.append(_Part(source, amount, own))
        rest -= own
    return [*parts, *(_Part(source, amount, rest) for source, amount in used[-1:])]


def _in_own_currency(amount: Decimal, item: Item) -> Decimal:
    return quotient(amount * item.transaction_amount, item.amount, 2) or ZERO


def _until(changes: Sequence[_Change], day: date, key: str) -> list[_Change]:
    """The changes before the day, and on the day the one that leaves nothing open."""
    kept = [change for change in changes if change.day < day]
    open_amount = sum((change.amount for change in kept), ZERO)
    open_transaction = sum((change.transaction_amount for change in kept), ZERO)
    return [*kept, _Change(day, -open_amount, -open_transaction, f"reversal of {key}")]
