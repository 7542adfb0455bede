"""From the rows of the collected tables to a subledger.

Record numbers are unique within an object only, so each key here begins with its kind ("invoice:17"). The
tables are Sage Intacct's own objects; what their fields mean follows its object definitions.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from collections_app.reports.reversals import (
    with_application_reversals,
    with_document_reversals,
    with_payment_reversals,
)
from collections_app.reports.row_fields import Row, RowUnreadable, amount_of, date_of, shared_text_of, text_of
from collections_app.reports.settlement_rows import applications_of
from collections_app.reports.subledger import (
    Document,
    DocumentKind,
    Party,
    Payment,
    PaymentKind,
    Side,
    Subledger,
)
from collections_app.reports.subledger_states import is_unposted

Tables = Mapping[str, Iterable[Row]]
# A draft has no place in time, and needs none: it enters no aging.
_NEVER = date.max


@dataclass(frozen=True, slots=True)
class _Objects:
    """The names of one side's objects, and of the field that holds the party."""

    side: Side
    party: str
    documents: str
    adjustments: str
    advances: str
    payments: str
    applications: str

    @property
    def party_field(self) -> str:
        return f"{self.party}ID"


_RECEIVABLES = _Objects(
    "receivable", "CUSTOMER", "ARINVOICE", "ARADJUSTMENT", "ARADVANCE", "ARPYMT", "ARPYMTDETAIL"
)
_PAYABLES = _Objects("payable", "VENDOR", "APBILL", "APADJUSTMENT", "APADVANCE", "APPYMT", "APPYMTDETAIL")


def receivables(tables: Tables) -> Subledger:
    """The customers' side, from CUSTOMER, ARINVOICE, ARADJUSTMENT, ARADVANCE, ARPYMT and ARPYMTDETAIL.

    A table that is not there counts as empty. Raises RowUnreadable when a date or an amount cannot be read.
    """
    return _subledger(_RECEIVABLES, tables)


def payables(tables: Tables) -> Subledger:
    """The vendors' side, from VENDOR, APBILL, APADJUSTMENT, APADVANCE, APPYMT and APPYMTDETAIL.

    A table that is not there counts as empty. Raises RowUnreadable when a date or an amount cannot be read.
    """
    return _subledger(_PAYABLES, tables)


def _subledger(objects: _Objects, tables: Tables) -> Subledger:
    documents = [
        *_documents(objects, "invoice", tables.get(objects.documents, ())),
        *_documents(objects, "adjustment", tables.get(objects.adjustments, ())),
    ]
    payments = list(_payments(objects, tables))
    settled = applications_of(tables.get(objects.applications, ()), documents, payments)
    parties = dict(_parties(objects, tables.get(objects.party, ())))
    for party in {document.party for document in documents} | {payment.party for payment in payments}:
        parties.setdefault(party, Party(party, party))
    return Subledger(
        side=objects.side,
        parties=parties,
        documents=with_document_reversals(documents),
        payments=with_payment_reversals(payments),
        applications=with_application_reversals(settled),
        currency=_base_currency(objects, tables),
    )


def _base_currency(objects: _Objects, tables: Tables) -> str:
    for name in (objects.documents, objects.payments, objects.adjustments, objects.advances):
        for row in tables.get(name, ()):
            if text_of(row, "BASECURR"):
                return text_of(row, "BASECURR")
    return ""


def _parties(objects: _Objects, rows: Iterable[Row]) -> Iterator[tuple[str, Party]]:
    for row in rows:
        party = text_of(row, objects.party_field)
        name = text_of(row, "NAME") or party
        yield party, Party(party, name, active=text_of(row, "STATUS").casefold() != "inactive")


def _documents(objects: _Objects, kind: DocumentKind, rows: Iterable[Row]) -> Iterator[Document]:
    for row in rows:
        amount = amount_of(row, "TOTALENTERED")
        state = shared_text_of(row, "STATE")
        created, posted = _dates(row, kind, state)
        yield Document(
            key=f"{kind}:{text_of(row, 'RECORDNO')}",
            kind=kind,
            party=shared_text_of(row, objects.party_field),
            number=text_of(row, "RECORDID", "DOCNUMBER"),
            document_date=created,
            posting_date=posted,
            due_date=date_of(row, "WHENDUE"),
            amount=amount,
            currency=shared_text_of(row, "CURRENCY", "BASECURR"),
            transaction_amount=amount_of(row, "TRX_TOTALENTERED", "TOTALENTERED"),
            due_today=amount_of(row, "TOTALDUE"),
            state=state,
            paid_on=date_of(row, "WHENPAID"),
            entity=shared_text_of(row, "MEGAENTITYID"),
            description=text_of(row, "DESCRIPTION"),
        )


def _dates(row: Row, kind: str, state: str) -> tuple[date, date]:
    """The document's date and its posting date; each stands in for the other where one is missing."""
    created = date_of(row, "WHENCREATED", "WHENPOSTED")
    posted = date_of(row, "WHENPOSTED", "WHENCREATED")
    if created is not None and posted is not None:
        return created, posted
    if is_unposted(state):
        return _NEVER, _NEVER
    raise RowUnreadable(
        f"The {kind} with record number {text_of(row, 'RECORDNO')} has no date; collect it again."
    )


def _payments(objects: _Objects, tables: Tables) -> Iterator[Payment]:
    """Payments, then advances; an advance that the gateway also lists among the payments comes once.

    An applied overpayment (record type "ro" with a parent) is part of its parent's amount (inferred).
    """
    advances = list(tables.get(objects.advances, ()))
    numbers = {text_of(row, "RECORDNO") for row in advances}
    for row in tables.get(objects.payments, ()):
        record_type = text_of(row, "RECORDTYPE").casefold()
        listed_twice = record_type in ("rr", "pr") and text_of(row, "RECORDNO") in numbers
        if not listed_twice and not (record_type == "ro" and text_of(row, "PARENTPAYMENTKEY")):
            yield _payment(objects, "payment", row)
    for row in advances:
        yield _payment(objects, "advance", row)


def _payment(objects: _Objects, kind: PaymentKind, row: Row) -> Payment:
    names = ("WHENPOSTED", "RECEIPTDATE", "PAYMENTDATE", "WHENPAID", "WHENCREATED")
    state, posted = shared_text_of(row, "STATE", "DISPLAYSTATE"), date_of(row, *names)
    if posted is None and not is_unposted(state):
        raise RowUnreadable(
            f"The {kind} with record number {text_of(row, 'RECORDNO')} has no date; collect it again."
        )
    amount = amount_of(row, "TOTALENTERED", "PAYMENTAMOUNT")
    return Payment(
        key=f"{kind}:{text_of(row, 'RECORDNO')}",
        kind=kind,
        party=shared_text_of(row, objects.party_field),
        number=text_of(row, "DOCNUMBER", "RECORDID"),
        posting_date=posted or _NEVER,
        amount=amount,
        currency=shared_text_of(row, "CURRENCY", "BASECURR"),
        transaction_amount=amount_of(row, "TRX_TOTALENTERED", "PAYMENTTRXAMOUNT") or amount,
        state=state,
        entity=shared_text_of(row, "MEGAENTITYID"),
    )


__all__ = ["RowUnreadable", "payables", "receivables"]
