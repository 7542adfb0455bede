"""Receivables and payables: who owes what, by document, and what has settled it.

Amounts are positive where the document raises what is owed (an invoice, a bill, a debit memo) and negative
where it lowers it (a credit memo). Receipts, payments and advances keep their own unsigned amounts. Base
amounts are at the document's original rate, as the control account holds them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from collections_app.reports.figures import ZERO

# An application has a field called date.
Day = date

Side = Literal["receivable", "payable"]
DocumentKind = Literal["invoice", "adjustment"]
PaymentKind = Literal["payment", "advance"]


@dataclass(frozen=True, slots=True)
class Party:
    """A customer or vendor."""

    id: str
    name: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class Document:
    """An invoice, bill, or credit or debit memo. ``key`` is its kind and its record number: "invoice:17".

    ``document_date`` is the date on the document, ``posting_date`` the day it entered the general ledger: it
    decides from when on the ageing contains it. ``amount`` is in base currency, ``transaction_amount`` in
    ``currency``; a credit memo is negative. ``state`` is the gateway's word, such as "Posted" or "Reversed".
    ``due_today`` is the gateway's own open amount at the time of reading. ``reversed_on`` is the posting date
    of the entry that reversed the document, None where there is none or where its date is not known.
    """

    key: str
    kind: DocumentKind
    party: str
    number: str
    document_date: date
    posting_date: date
    due_date: date | None
    amount: Decimal
    currency: str = ""
    transaction_amount: Decimal = ZERO
    due_today: Decimal = ZERO
    state: str = ""
    paid_on: date | None = None
    entity: str = ""
    description: str = ""
    reversed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Payment:
    """A customer's receipt, a payment to a vendor, or an advance; ``amount`` is unsigned base currency.

    ``key`` is its kind and record number, "payment:3" or "advance:3"; ``reversed_on`` is as in a Document.
    """

    key: str
    kind: PaymentKind
    party: str
    number: str
    posting_date: date
    amount: Decimal
    currency: str = ""
    transaction_amount: Decimal = ZERO
    state: str = ""
    entity: str = ""
    reversed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """One settlement of one document: by a payment, an earlier advance, a credit memo, or a discount.

    ``document`` is the key of what is settled. Amounts are unsigned, in base currency; each has the key of
    its source where it has one. ``discount`` and ``inline`` (a credit on the same document) have none.
    ``transaction_amount`` is all of it in the currency of the document. ``reversed_on`` is the day on which
    the application was taken back, None where it stands or where that day is not known.
    """

    key: str
    document: str
    date: date
    payment: str = ""
    payment_amount: Decimal = ZERO
    advance: str = ""
    advance_amount: Decimal = ZERO
    credit: str = ""
    credit_amount: Decimal = ZERO
    discount: Decimal = ZERO
    inline: Decimal = ZERO
    transaction_amount: Decimal = ZERO
    state: str = ""
    reversed_on: Day | None = None

    @property
    def amount(self) -> Decimal:
        """All that is settled by it, in base currency."""
        return self.payment_amount + self.advance_amount + self.credit_amount + self.discount + self.inline


@dataclass(frozen=True, slots=True)
class Subledger:
    """All documents that were open at some time in the period, with everything that settles them.

    ``currency`` is the base currency, empty where it is not known.
    """

    side: Side
    parties: Mapping[str, Party]
    documents: tuple[Document, ...]
    payments: tuple[Payment, ...]
    applications: tuple[Application, ...]
    currency: str = ""
