"""get_araging: what customers owe on a day, by how long it has been owed.

Open on a day is what was invoiced until then less what was applied until then. Without a word from the
documentation on credits and advances, they are left where they stand, beside the invoices. Of an invoice
with lines of several departments, a department has the part that its lines are of the whole.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

from lxml import etree

from intacct.sandbox.errors import business_error
from intacct.sandbox.functions.registry import Caller, Function, Outcome
from intacct.sandbox.functions.statement_scope import american, date_of, departments_of
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
_CHOICES = {"customerid": "CUSTOMERID", "invoiceno": "RECORDID", "documenttype": "DOCUMENTTYPE"}
_CENT = Decimal("0.01")
_UNPOSTED = ("Draft", "Reversed", "Reversal", "No Value")
_SCHEMA = sequence(
    "agingperiods? customerid? invoiceno? locationid? departmentid? asofdate? useduedate? showdetails? "
    "documenttype? useglpostdate? showzerowithactivity?",
    {
        "asofdate": DATE,
        "useduedate": TRUTH,
        "showdetails": TRUTH,
        "useglpostdate": TRUTH,
        "showzerowithactivity": TRUTH,
    },
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
    with_zero = text_of(call, "showzerowithactivity") == "true"
    for invoice in _invoices(caller, call, location):
        if invoice.due:
            customers[invoice.customer].append(invoice)
        elif with_zero:
            customers.setdefault(invoice.customer, [])
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


def _invoices(caller: Caller, call: etree._Element, location: str) -> list[OpenInvoice]:
    """What was open of every invoice asked for, nothing included."""
    day = date_of(call, "asofdate") if call.find("asofdate") is not None else datetime.now(UTC).date()
    counted_by = "WHENPOSTED" if text_of(call, "useglpostdate") == "true" else "WHENCREATED"
    aged_by = "WHENDUE" if text_of(call, "useduedate") == "true" else counted_by
    applied, shares = _applied(caller, day), _shares(caller, call)
    found = []
    for row in _chosen(caller, call, location):
        counted, share = row.get(counted_by), shares[row["RECORDNO"]]
        if not counted or american(counted) > day or not share:
            continue
        due = Decimal(row["TOTALENTERED"] or 0) - applied[row["RECORDNO"]]
        if share != 1:
            due = (due * share.numerator / share.denominator).quantize(_CENT)
        aged_from = american(row.get(aged_by) or counted)
        found.append(OpenInvoice(row["CUSTOMERID"], row["RECORDID"], due, aged_from, (day - aged_from).days))
    return found


def _chosen(caller: Caller, call: etree._Element, location: str) -> Iterator[dict[str, str]]:
    """The posted invoices of an entity that the call asks for, as records."""
    source = source_of(caller.company, "ARINVOICE")
    wanted = {field: text_of(call, name) for name, field in _CHOICES.items() if text_of(call, name)}
    for row in visible_rows(caller, source, source.table.rows, private=True):
        record = dict(zip(source.table.fields, row, strict=True))
        owner = record.get("MEGAENTITYID", "")
        if record.get("STATE") in _UNPOSTED or (location and owner not in ("", location)):
            continue
        if all(record.get(field, "") == value for field, value in wanted.items()):
            yield record


def _shares(caller: Caller, call: etree._Element) -> Mapping[str, Fraction]:
    """How much of each invoice belongs to the department asked for: all of every one where none is."""
    departments = departments_of(caller.company, call)
    if departments is None:
        return defaultdict(lambda: Fraction(1))
    sums: dict[str, list[Fraction]] = defaultdict(lambda: [Fraction(0), Fraction(0)])
    for line in caller.company.table("ARINVOICEITEM").records():
        amount = Fraction(line["AMOUNT"])
        sums[line["RECORDKEY"]][0] += amount
        sums[line["RECORDKEY"]][1] += amount if line.get("DEPARTMENTID") in departments else 0
    parts = {key: part / whole for key, (whole, part) in sums.items() if whole}
    return defaultdict(Fraction, parts)


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
