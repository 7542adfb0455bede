"""The tables that are collected, which reports need them, and how each is cut into units.

Fields are named as Sage Intacct names them; tables keep those names, so that anybody who knows Intacct can
read them. Bank and tax numbers are in no table: the client refuses to select them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Reading = Literal["all", "months", "documents", "payments", "applications", "entities"]

_PARTY = "RECORDNO NAME STATUS CURRENCY TERMNAME ONHOLD MEGAENTITYID"
_DOCUMENT = (
    "RECORDNO RECORDTYPE RECORDID DOCNUMBER STATE DESCRIPTION TERMNAME WHENCREATED WHENPOSTED WHENDUE "
    "WHENPAID BASECURR CURRENCY EXCHANGE_RATE TOTALENTERED TOTALPAID TOTALDUE TRX_TOTALENTERED TRX_TOTALPAID "
    "TRX_TOTALDUE MODULEKEY AUWHENCREATED MEGAENTITYID"
)
_PAYMENT = (
    "RECORDNO RECORDTYPE STATE PAYMENTMETHOD DOCNUMBER WHENPAID BASECURR CURRENCY TOTALENTERED TOTALPAID "
    "TOTALDUE TRX_TOTALENTERED MEGAENTITYID"
)
_APPLICATION = (
    "RECORDNO RECORDKEY PAYMENTKEY PAYMENTDATE PAYMENTAMOUNT TRX_PAYMENTAMOUNT DISCOUNTAMOUNT INLINEAMOUNT "
    "ADJUSTMENTKEY ADJUSTMENTAMOUNT POSTEDADVANCEKEY POSTEDADVANCEAMOUNT STATE"
)
_DETAIL = (
    "RECORDNO BATCHKEY BATCH_DATE BATCH_TITLE SYMBOL BOOKID MODULEKEY LINE_NO ENTRY_DATE ACCOUNTNO "
    "DEPARTMENTID LOCATIONID CUSTOMERID VENDORID CURRENCY TRX_AMOUNT DEBITAMOUNT CREDITAMOUNT DOCUMENT "
    "DESCRIPTION ADJ STATISTICAL AUWHENCREATED"
)
_DATES = frozenset(
    [
        "BATCH_DATE",
        "ENTRY_DATE",
        "WHENCREATED",
        "WHENPOSTED",
        "WHENDUE",
        "WHENPAID",
        "PAYMENTDATE",
        "RECEIPTDATE",
        "START_DATE",
        "END_DATE",
    ]
)
_TIMES = frozenset({"AUWHENCREATED"})
_AMOUNTS = frozenset(
    [
        "DEBITAMOUNT",
        "CREDITAMOUNT",
        "TRX_AMOUNT",
        "TOTALENTERED",
        "TOTALPAID",
        "TOTALDUE",
        "TRX_TOTALENTERED",
        "TRX_TOTALPAID",
        "TRX_TOTALDUE",
        "PAYMENTAMOUNT",
        "TRX_PAYMENTAMOUNT",
        "DISCOUNTAMOUNT",
        "INLINEAMOUNT",
        "ADJUSTMENTAMOUNT",
        "POSTEDADVANCEAMOUNT",
        "EXCHANGE_RATE",
    ]
)
_BOOLEANS = frozenset({"ADJ", "STATISTICAL", "ONHOLD", "BUDGETING"})

Kind = Literal["text", "date", "time", "amount", "boolean"]


def kind_of(field: str) -> Kind:
    """How a field is read and written: everything that is not something else is text."""
    if field in _DATES:
        return "date"
    if field in _TIMES:
        return "time"
    if field in _AMOUNTS:
        return "amount"
    return "boolean" if field in _BOOLEANS else "text"


@dataclass(frozen=True)
class Dataset:
    """A table of one kind of record.

    ``reading`` says how it is cut: "months" by days, the others by ranges of record numbers. "documents"
    are those that were posted in the period or open at some time in it; "payments" and "applications" begin
    with the oldest of these documents, and ``after`` names their tables. A company may lack what is
    ``optional``. ``dated`` is the field that limits a reading in time.
    """

    name: str
    object_name: str
    fields: tuple[str, ...]
    reading: Reading
    reports: frozenset[str]
    dated: str = ""
    after: tuple[str, ...] = ()
    optional: bool = False

    @property
    def stage(self) -> int:
        """Payments and applications are read once the documents that they belong to are known."""
        return 2 if self.after else 1


def _dataset(
    name: str,
    object_name: str,
    fields: str,
    reading: Reading,
    *reports: str,
    dated: str = "",
    after: str = "",
    optional: bool = False,
) -> Dataset:
    return Dataset(
        name,
        object_name,
        tuple(fields.split()),
        reading,
        frozenset(reports),
        dated,
        tuple(after.split()),
        optional,
    )


_RECEIVABLES = "receivable_invoices receivable_adjustments receivable_advances"
_PAYABLES = "payable_bills payable_adjustments payable_advances"

ALL: tuple[Dataset, ...] = (
    _dataset(
        "reporting_periods",
        "REPORTINGPERIOD",
        "RECORDNO NAME START_DATE END_DATE BUDGETING STATUS",
        "all",
        optional=True,
    ),
    _dataset("locations", "LOCATION", "RECORDNO LOCATIONID NAME PARENTID STATUS", "all", optional=True),
    _dataset("general_ledger", "GLDETAIL", _DETAIL, "months", "general_ledger", dated="ENTRY_DATE"),
    _dataset("customers", "CUSTOMER", "CUSTOMERID " + _PARTY, "all", "ar_aging"),
    _dataset(
        "receivable_invoices", "ARINVOICE", "CUSTOMERID CUSTOMERNAME " + _DOCUMENT, "documents", "ar_aging"
    ),
    _dataset(
        "receivable_adjustments",
        "ARADJUSTMENT",
        "CUSTOMERID CUSTOMERNAME " + _DOCUMENT,
        "documents",
        "ar_aging",
    ),
    _dataset(
        "receivable_advances",
        "ARADVANCE",
        "CUSTOMERID CUSTOMERNAME " + _DOCUMENT,
        "documents",
        "ar_aging",
    ),
    _dataset(
        "receipts",
        "ARPYMT",
        "CUSTOMERID RECEIPTDATE " + _PAYMENT,
        "payments",
        "ar_aging",
        dated="RECEIPTDATE",
        after=_RECEIVABLES,
    ),
    _dataset(
        "receipt_applications",
        "ARPYMTDETAIL",
        _APPLICATION,
        "applications",
        "ar_aging",
        dated="PAYMENTDATE",
        after=_RECEIVABLES,
    ),
    _dataset("vendors", "VENDOR", "VENDORID " + _PARTY, "all", "ap_aging"),
    _dataset("payable_bills", "APBILL", "VENDORID VENDORNAME " + _DOCUMENT, "documents", "ap_aging"),
    _dataset(
        "payable_adjustments", "APADJUSTMENT", "VENDORID VENDORNAME " + _DOCUMENT, "documents", "ap_aging"
    ),
    _dataset("payable_advances", "APADVANCE", "VENDORID VENDORNAME " + _DOCUMENT, "documents", "ap_aging"),
    _dataset(
        "payments",
        "APPYMT",
        "VENDORID PAYMENTDATE " + _PAYMENT,
        "payments",
        "ap_aging",
        dated="PAYMENTDATE",
        after=_PAYABLES,
    ),
    _dataset(
        "payment_applications",
        "APPYMTDETAIL",
        _APPLICATION,
        "applications",
        "ap_aging",
        dated="PAYMENTDATE",
        after=_PAYABLES,
    ),
)
# A consolidation book is explained by its entities: each month's trial balance of each, in its own
# currency, and in the book's where that is another. These are no records of an object, so the columns are
# our own.
ENTITY_BALANCES = Dataset(
    "entity_trial_balances",
    "GCBOOK",
    (
        "ENTITYID",
        "CURRENCY",
        "IN_BOOK",
        "ELIMINATION",
        "ACCOUNTNO",
        "OPENING",
        "DEBITS",
        "CREDITS",
        "ADJUSTING_DEBITS",
        "ADJUSTING_CREDITS",
        "CLOSING",
    ),
    "entities",
    frozenset(),
)
BY_NAME = {dataset.name: dataset for dataset in (*ALL, ENTITY_BALANCES)}


def wanted(reports: Iterable[str]) -> tuple[Dataset, ...]:
    """The tables that these reports need, in the order in which they are read."""
    asked = frozenset(reports)
    return tuple(dataset for dataset in ALL if dataset.optional or dataset.reports & asked)
