"""get_araging: what customers owe on a day, by how long it has been owed.

Open on a day is what was invoiced until then less what was applied until then. Without a word from the
documentation on credits and advances, they are left where they stand, beside the invoices.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from lxml import etree

from intacct.sandbox.errors import business_error
from intacct.sandbox.functions.registry import Caller, Function, Outcome
from intacct.sandbox.functions.statement_scope import american, date_of
from intacct.sandbox.objects import readable_object
from intacct.sandbox.replies import element, leaf, record
from intacct.sandbox.request import text_of
from intacct.sandbox.schema import DATE, TRUTH, sequence
from intacct.sandbox.selection import visible_rows
from intacct.sandbox.source import source_of

_DEFAULT_PERIODS = "0-30,31-60,61-90,91-120,121-"
_PERIOD = re.compile(r"(-?\d*)-(\d*)")
_APPLIED = (
    "PAYMENTAMOUNT",
    "POSTEDADVANCEAMOUNT",
    "ADJUSTMENTAMOUNT",
    "DISCOUNTAMOUNT",
    "INLINEAMOUNT",
)
_UNPOSTED = ("Draft", "Reversed", "Reversal", "No Value")
_SCHEMA = sequence(
    "agingperiods? customerid? invoiceno? locationid? asofdate? useduedate? showdetails? useglpostdate?",
    {"asofdate": DATE, "useduedate": TRUTH, "showdetails": TRUTH, "useglpostdate": TRUTH},
)


@dataclass(frozen=True)
class Period:
    """A column of the ageing, both ends counting; None is without end."""

    label: str
    first: int | None
    last: int | None

    def holds(self, age: int) -> bool:
        """Whether a document of so many days belongs here."""
        return (self.first is None or age >= self.first) and (self.last is None or age <= self.last)


@dataclass(frozen=True)
class OpenInvoice:
    """An invoice with something left to pay. `aged_from` is the day its age counts from."""

    customer: str
    number: str
    due: Decimal
    aged_from: date
    age: int


def _get_receivables_aging(caller: Caller, call: etree._Element) -> Outcome:
    readable_object(caller.company, caller.user, "ARINVOICE", "READ")
    location = text_of(call, "locationid") or caller.location
    if caller.company.multi_entity and not location:
        raise business_error("A location is required in a company with more than one entity.")
    periods = _periods(text_of(call, "agingperiods", _DEFAULT_PERIODS))
    details = text_of(call, "showdetails") == "true"
    customers: dict[str, list[OpenInvoice]] = defaultdict(list)
    for invoice in _open_invoices(caller, call, location):
        customers[invoice.customer].append(invoice)
    rows = (_customer(customer, customers[customer], periods, details) for customer in sorted(customers))
    return Outcome(element("data", *rows))


def _periods(text: str) -> list[Period]:
    periods = []
    for label in (part.strip() for part in text.split(",")):
        match = _PERIOD.fullmatch(label)
        if match is None:
            raise business_error(f"Invalid aging period '{label}' specified.")
        first, last = (int(part) if part else None for part in match.groups())
        periods.append(Period(label, first, last))
    return periods


def _open_invoices(caller: Caller, call: etree._Element, location: str) -> list[OpenInvoice]:
    day = date_of(call, "asofdate") if call.find("asofdate") is not None else datetime.now(UTC).date()
    counted_by = "WHENPOSTED" if text_of(call, "useglpostdate") == "true" else "WHENCREATED"
    aged_by = "WHENDUE" if text_of(call, "useduedate") == "true" else counted_by
    source = source_of(caller.company, "ARINVOICE")
    names = (
        "RECORDNO",
        "CUSTOMERID",
        "RECORDID",
        "STATE",
        "TOTALENTERED",
        "MEGAENTITYID",
        counted_by,
        aged_by,
    )
    readers = [source.text(name) for name in names]
    applied = _applied(caller, day)
    only, number_wanted = text_of(call, "customerid"), text_of(call, "invoiceno")
    found = []
    for row in visible_rows(caller, source, source.table.rows, private=True):
        key, customer, number, state, entered, owner, counted, aged = (reader(row) for reader in readers)
        if state in _UNPOSTED or (only and customer != only) or (number_wanted and number != number_wanted):
            continue
        if not counted or american(counted) > day or (location and owner and owner != location):
            continue
        due, aged_from = Decimal(entered or 0) - applied[key], american(aged or counted)
        if due:
            found.append(OpenInvoice(customer, number, due, aged_from, (day - aged_from).days))
    return found


def _applied(caller: Caller, day: date) -> Mapping[str, Decimal]:
    """What had been applied to each invoice by a day, by the invoice's record number."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for application in caller.company.table("ARPYMTDETAIL").records():
        if application.get("PAYMENTDATE") and american(application["PAYMENTDATE"]) <= day:
            sums[application["RECORDKEY"]] += sum(Decimal(application.get(name) or 0) for name in _APPLIED)
    return sums


def _customer(
    customer: str, invoices: list[OpenInvoice], periods: list[Period], details: bool
) -> etree._Element:
    row = element("araging", leaf("customerid", customer))
    for period in periods:
        inside = [invoice for invoice in invoices if period.holds(invoice.age)]
        if not inside:
            continue
        total = sum((invoice.due for invoice in inside), Decimal(0))
        aging = element("aging", leaf("agingperiod", period.label), leaf("totalamount", f"{total:f}"))
        if details:
            aging.append(element("agingdetails", *(_detail(invoice) for invoice in inside)))
        row.append(aging)
    return row


def _detail(invoice: OpenInvoice) -> etree._Element:
    day = invoice.aged_from
    parts = {"year": f"{day.year:04}", "month": f"{day.month:02}", "day": f"{day.day:02}"}
    return element(
        "agingdetail",
        leaf("invoiceno", invoice.number),
        leaf("totaldue", f"{invoice.due:f}"),
        record("agingdate", parts),
        leaf("age", str(invoice.age)),
    )


FUNCTIONS = (Function("get_araging", _SCHEMA, _get_receivables_aging),)
