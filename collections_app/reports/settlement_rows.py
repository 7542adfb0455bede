"""From the gateway's payment detail to applications: which document was settled, by what, and how much.

A row names what it settles in RECORDKEY (an invoice or bill, else a debit memo of that number) or, for a
debit memo, in POSADJKEY; its sources are in PAYMENTKEY, POSTEDADVANCEKEY, POSTEDOVERPAYMENTKEY, ADJUSTMENTKEY
and NEGATIVEINVOICEKEY, each with an amount of its own (Sage Intacct's object definitions of ARPYMTDETAIL and
APPYMTDETAIL).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from collections_app.reports.division import quotient
from collections_app.reports.figures import ZERO
from collections_app.reports.row_fields import Row, amount_of, date_of, shared_text_of, text_of
from collections_app.reports.subledger import Application, Document, Payment
from collections_app.reports.subledger_states import is_reversal

_SOURCES = ("PAYMENT", "POSTEDADVANCE", "ADJUSTMENT", "DISCOUNT", "INLINE")
# Sources that have no place of their own in an application: each gives a second one.
_OTHER_SOURCES = ("POSTEDOVERPAYMENT", "NEGATIVEINVOICE")
_AMOUNT_FIELDS = tuple((name, f"{name}AMOUNT", f"TRX_{name}AMOUNT") for name in (*_SOURCES, *_OTHER_SOURCES))


class _Part(NamedTuple):
    """What one source settles, in base currency and in the document's."""

    amount: Decimal
    transaction_amount: Decimal


_NOTHING = _Part(ZERO, ZERO)


def applications_of(
    rows: Iterable[Row], documents: Iterable[Document], payments: Iterable[Payment]
) -> list[Application]:
    """The applications that the rows of ARPYMTDETAIL or APPYMTDETAIL describe, in their order.

    Raises RowUnreadable when a date or an amount cannot be read.
    """
    reader = _Reader({d.key: d for d in documents}, {payment.key: payment for payment in payments})
    return [application for row in rows for application in reader.applications(row)]


class _Reader:
    def __init__(self, documents: Mapping[str, Document], payments: Mapping[str, Payment]) -> None:
        self._documents = documents
        self._payments = payments

    def applications(self, row: Row) -> Iterator[Application]:
        settled = self._settled(row)
        document = self._documents.get(settled)
        parts = _parts(row, document)
        base = Application(
            text_of(row, "RECORDNO"), settled, self._day(row, document), state=shared_text_of(row, "STATE")
        )
        if not parts.keys().isdisjoint(_SOURCES):
            yield replace(
                base,
                payment=_key("payment", row, "PAYMENTKEY"),
                payment_amount=parts.get("PAYMENT", _NOTHING).amount,
                advance=self._advance(text_of(row, "POSTEDADVANCEKEY")),
                advance_amount=parts.get("POSTEDADVANCE", _NOTHING).amount,
                credit=_key("adjustment", row, "ADJUSTMENTKEY"),
                credit_amount=parts.get("ADJUSTMENT", _NOTHING).amount,
                discount=parts.get("DISCOUNT", _NOTHING).amount,
                inline=parts.get("INLINE", _NOTHING).amount,
                transaction_amount=sum(
                    (parts[name].transaction_amount for name in _SOURCES if name in parts), ZERO
                ),
            )
        if "POSTEDOVERPAYMENT" in parts:
            yield replace(
                base,
                key=f"{base.key}/overpayment",
                advance=_key("payment", row, "POSTEDOVERPAYMENTKEY"),
                advance_amount=parts["POSTEDOVERPAYMENT"].amount,
                transaction_amount=parts["POSTEDOVERPAYMENT"].transaction_amount,
            )
        if "NEGATIVEINVOICE" in parts:
            yield replace(
                base,
                key=f"{base.key}/negative invoice",
                credit=_key("invoice", row, "NEGATIVEINVOICEKEY"),
                credit_amount=parts["NEGATIVEINVOICE"].amount,
                transaction_amount=parts["NEGATIVEINVOICE"].transaction_amount,
            )

    def _settled(self, row: Row) -> str:
        """The key of the document that the row settles.

        An adjustment is meant only where it is a debit memo, because a credit memo settles but is not
        settled, and where no invoice has that number, or one of another party than the payment's.
        """
        if text_of(row, "POSADJKEY"):
            return _key("adjustment", row, "POSADJKEY")
        invoice, memo = _key("invoice", row, "RECORDKEY"), _key("adjustment", row, "RECORDKEY")
        found = self._documents.get(memo)
        if found is None or found.amount <= 0:
            return invoice
        rival, payment = self._documents.get(invoice), self._payments.get(_key("payment", row, "PAYMENTKEY"))
        if rival is None or (payment is not None and payment.party == found.party != rival.party):
            return memo
        return invoice

    def _advance(self, number: str) -> str:
        """An advance is an object of its own, or a payment of that type where the gateway lists none."""
        if not number:
            return ""
        advance, payment = f"advance:{number}", f"payment:{number}"
        return payment if advance not in self._payments and payment in self._payments else advance

    def _day(self, row: Row, document: Document | None) -> date:
        """The day of the application; without one that of its payment, else the day the document was paid."""
        day = date_of(row, "PAYMENTDATE", "DISCOUNTDATE")
        if day is not None:
            return day
        payment = self._payments.get(_key("payment", row, "PAYMENTKEY"))
        if payment is not None:
            return payment.posting_date
        return date.min if document is None else document.paid_on or document.posting_date


def _key(kind: str, row: Row, name: str) -> str:
    number = text_of(row, name)
    return f"{kind}:{number}" if number else ""


def _parts(row: Row, document: Document | None) -> dict[str, _Part]:
    """What each source settles, unsigned.

    The gateway prints a settlement negative where it is of a negative document, or in a reversal.
    """
    parts = {}
    for name, field, transaction_field in _AMOUNT_FIELDS:
        amount = amount_of(row, field) if row.get(field) else ZERO
        if amount:
            given = amount_of(row, transaction_field) if row.get(transaction_field) else None
            parts[name] = _Part(amount, _at_own_rate(amount, document) if given is None else given)
    if sum((part.amount for part in parts.values()), ZERO) >= 0:
        return parts
    if is_reversal(text_of(row, "STATE")) or (document is not None and document.amount < 0):
        return {name: _Part(-part.amount, -part.transaction_amount) for name, part in parts.items()}
    return parts


def _at_own_rate(amount: Decimal, document: Document | None) -> Decimal:
    """An amount in the document's currency, at its own rate."""
    if document is None or not document.amount:
        return amount
    if amount == document.amount:
        return document.transaction_amount
    return quotient(amount * document.transaction_amount, document.amount, 2) or ZERO
