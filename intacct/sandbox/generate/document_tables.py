"""Customers, vendors, and everything that was invoiced, billed, paid, credited or advanced."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from intacct.sandbox.generate.currencies import BASE
from intacct.sandbox.generate.documents import Document, Subledger
from intacct.sandbox.generate.group import Group
from intacct.sandbox.generate.partners import Partner
from intacct.sandbox.generate.plan import american, money, rate
from intacct.sandbox.generate.tables import write_table

_DOCUMENT_HEADER = (
    "RECORDNO RECORDTYPE RECORDID DOCNUMBER STATE {0}ID {0}NAME DESCRIPTION TERMNAME WHENCREATED "
    "WHENPOSTED WHENDUE WHENPAID "
    "BASECURR CURRENCY EXCHANGE_RATE TOTALENTERED TOTALSELECTED TOTALPAID TOTALDUE TRX_TOTALENTERED "
    "TRX_TOTALPAID TRX_TOTALDUE "
    "MODULEKEY AUWHENCREATED WHENMODIFIED MEGAENTITYID"
)
_PAYMENT_HEADER = (
    "RECORDNO RECORDTYPE STATE PAYMENTMETHOD {0}ID DOCNUMBER {1} WHENPAID BASECURR CURRENCY TOTALENTERED "
    "TOTALPAID TOTALDUE "
    "TRX_TOTALENTERED MEGAENTITYID"
)
_APPLICATION_HEADER = (
    "RECORDNO RECORDKEY PAYMENTKEY PAYMENTDATE PAYMENTAMOUNT TRX_PAYMENTAMOUNT POSTEDADVANCEKEY "
    "POSTEDADVANCEAMOUNT "
    "ADJUSTMENTKEY ADJUSTMENTAMOUNT DISCOUNTAMOUNT INLINEAMOUNT STATE"
)


def write_documents(group: Group, folder: Path) -> None:
    """Write both subledgers and their partners."""
    last = f"{american(group.plan.last_day)} 18:00:00"
    trade = group.trade
    _write_partners(folder, "CUSTOMER", trade.customers, last)
    _write_partners(folder, "VENDOR", trade.vendors, last)
    _write_subledger(folder, trade.receivables, "CUSTOMER", "AR", "ARINVOICE", "RECEIPTDATE")
    _write_subledger(folder, trade.payables, "VENDOR", "AP", "APBILL", "PAYMENTDATE")


def _write_partners(folder: Path, name: str, partners: Iterable[Partner], stamp: str) -> None:
    header = f"RECORDNO {name}ID NAME STATUS CURRENCY TERMNAME ONHOLD WHENMODIFIED MEGAENTITYID".split()
    rows = (
        (number, partner.id, partner.name, "active", partner.currency, partner.terms, "false", stamp, "")
        for number, partner in enumerate(partners, 1)
    )
    write_table(folder, name, header, rows)


def _write_subledger(
    folder: Path, subledger: Subledger, partner: str, letters: str, documents: str, day: str
) -> None:
    header = _DOCUMENT_HEADER.format(partner).split()
    module = "4.AR" if letters == "AR" else "3.AP"
    initial = "r" if letters == "AR" else "p"
    kinds = {
        documents: ("i", subledger.documents),
        f"{letters}ADJUSTMENT": ("a", subledger.credits),
        f"{letters}ADVANCE": ("r", subledger.advances),
    }
    for name, (kind, made) in kinds.items():
        write_table(
            folder, name, header, (_document_row(document, initial + kind, module) for document in made)
        )
    rows = _payment_rows(subledger, f"{initial}p")
    write_table(folder, f"{letters}PYMT", _PAYMENT_HEADER.format(partner, day).split(), rows)
    write_table(folder, f"{letters}PYMTDETAIL", _APPLICATION_HEADER.split(), _application_rows(subledger))


def _document_row(document: Document, kind: str, module: str) -> tuple[object, ...]:
    partner, stamp = document.partner, f"{american(document.posted)} 18:00:00"
    amounts = (money(document.cents), money(document.settled), money(document.open))
    foreign = (money(document.foreign), money(document.settled_foreign), money(document.open_foreign))
    return (
        document.record_number, kind, document.number, "", _state(document), partner.id, partner.name, "",
        partner.terms, american(document.created), american(document.posted), american(document.due),
        american(document.settled_on), BASE, document.currency, rate(document.rate), amounts[0], "0",
        *amounts[1:], *foreign, module, stamp, stamp, document.entity,
    )  # fmt: skip


def _state(document: Document) -> str:
    if document.state:
        return document.state
    if not document.open:
        return "Paid"
    return "Partially Paid" if document.settled else "Posted"


def _payment_rows(subledger: Subledger, kind: str) -> Iterator[tuple[object, ...]]:
    for payment in subledger.payments:
        day, applied = american(payment.day), payment.cents - payment.unapplied
        yield (
            payment.record_number, kind, "Complete", payment.method, payment.partner.id, "", day, day, BASE,
            payment.currency, money(payment.cents), money(applied), money(payment.unapplied),
            money(payment.foreign), payment.entity,
        )  # fmt: skip


def _application_rows(subledger: Subledger) -> Iterator[tuple[object, ...]]:
    for part in subledger.applications:
        amount = money(part.cents)
        payment = (
            (part.payment, american(part.day), amount, money(part.foreign))
            if part.payment
            else ("", american(part.day), "", "")
        )
        advance = (part.advance, amount) if part.advance else ("", "")
        credit = (part.credit, amount) if part.credit else ("", "")
        discount = money(part.discount) if part.discount else ""
        yield (
            part.record_number, part.document, *payment, *advance, *credit, discount, "", "Complete"
        )  # fmt: skip
