"""Documents, receipts and advances as one kind of thing: items that enter, are settled, and may leave.

Who enters (practice): drafts, declined documents and documents of no value never do; "Selected" ones are
still open; a reversed item whose reversal is not among the records never enters either, because nobody can
say how long it stood. The reversal itself is no item: it ends another one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from collections_app.reports.subledger import Document, Payment, Subledger
from collections_app.reports.subledger_states import is_reversal, is_reversed, is_unposted

ItemKind = Literal["document", "credit", "unapplied"]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that can be open. What raises the amount owed is positive; receipts and credits are negative.

    ``kind`` is "document" for an invoice, bill or debit memo, "credit" for a negative document, "unapplied"
    for a receipt, payment or advance. It is there from the day it ``entered`` until the day it ``leaves``,
    that of its reversal.
    """

    key: str
    kind: ItemKind
    party: str
    number: str
    document_date: date
    entered: date
    due_date: date | None
    currency: str
    amount: Decimal
    transaction_amount: Decimal
    leaves: date | None = None

    @property
    def sign(self) -> int:
        """1 where the item raises what is owed, -1 where it lowers it; a settlement works against it."""
        return -1 if self.amount < 0 else 1


def items_of(subledger: Subledger) -> tuple[Item, ...]:
    """The items of a subledger, in order of party, day of entry and key."""
    return tuple(sorted(_items(subledger), key=lambda item: (item.party, item.entered, item.key)))


def undated_reversals(subledger: Subledger) -> tuple[Document | Payment, ...]:
    """The reversed records whose reversal is not known, which therefore never enter."""
    records: tuple[Document | Payment, ...] = (*subledger.documents, *subledger.payments)
    return tuple(record for record in records if is_reversed(record.state) and record.reversed_on is None)


def _items(subledger: Subledger) -> Iterator[Item]:
    for document in subledger.documents:
        if _enters(document):
            yield _document_item(document)
    for payment in subledger.payments:
        if _enters(payment):
            yield _payment_item(payment)


def _enters(record: Document | Payment) -> bool:
    if is_unposted(record.state) or is_reversal(record.state):
        return False
    return not is_reversed(record.state) or record.reversed_on is not None


def _document_item(document: Document) -> Item:
    return Item(
        key=document.key,
        kind="credit" if document.amount < 0 else "document",
        party=document.party,
        number=document.number,
        document_date=document.document_date,
        entered=document.posting_date,
        due_date=document.due_date,
        currency=document.currency,
        amount=document.amount,
        transaction_amount=document.transaction_amount,
        leaves=document.reversed_on,
    )


def _payment_item(payment: Payment) -> Item:
    return Item(
        key=payment.key,
        kind="unapplied",
        party=payment.party,
        number=payment.number,
        document_date=payment.posting_date,
        entered=payment.posting_date,
        due_date=None,
        currency=payment.currency,
        amount=-payment.amount,
        transaction_amount=-payment.transaction_amount,
        leaves=payment.reversed_on,
    )
