"""What customers owe, by age."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from lxml import etree

from intacct.errors import UnreadableReply
from intacct.functions.function import NamedFunction
from intacct.functions.trial_balance import write_date, write_text
from intacct.menus import RECEIVABLES_AGING
from intacct.parsing import amount, calendar_date, child, required, shown, text
from intacct.records import AgedDocument, AgedReceivables

_DAYS = re.compile(r"-?[0-9]{1,6}")


@dataclass(frozen=True)
class GetReceivablesAging(NamedFunction):
    """Open receivables of every customer as of a day.

    periods: such as ("-0", "1-30", "31-"), "-0" being what is not due yet; the company's usual ones if empty.
    by_due_date: ages from the due date, otherwise from the invoice date.
    location: an entity; the gateway wants one in a company with several.
    by_posting_date: counts, and without by_due_date ages, by the day of posting, as control accounts do.
    """

    as_of: date
    periods: tuple[str, ...] = ()
    location: str = ""
    by_due_date: bool = False
    details: bool = False
    by_posting_date: bool = False
    name = "get_araging"
    needs = RECEIVABLES_AGING

    def write(self, parent: etree._Element) -> None:
        node = etree.SubElement(parent, self.name)
        if self.periods:
            write_text(node, "agingperiods", ",".join(self.periods))
        if self.location:
            write_text(node, "locationid", self.location)
        write_date(node, "asofdate", self.as_of)
        if self.by_due_date:
            write_text(node, "useduedate", "true")
        if self.details:
            write_text(node, "showdetails", "true")
        if self.by_posting_date:
            write_text(node, "useglpostdate", "true")

    def read(self, data: etree._Element) -> tuple[AgedReceivables, ...]:
        aged = tuple(row for customer in data for row in _customer(customer))
        if len({(row.customer_id, row.period) for row in aged}) != len(aged):
            raise UnreadableReply("a customer's period of age is listed twice")
        return aged


def _customer(element: etree._Element) -> Iterator[AgedReceivables]:
    if element.tag != "araging":
        raise UnreadableReply(f"the aging holds {element.tag}")
    customer = required(element, "customerid")
    for aging in element.iterfind("aging"):
        total = amount(text(aging, "totalamount"), f"totalamount of customer {customer}")
        details = child(aging, "agingdetails")
        documents = tuple(_document(row) for row in (() if details is None else details))
        if documents and sum(document.amount for document in documents) != total:
            raise UnreadableReply(f"the documents of customer {customer} do not add up to the total")
        yield AgedReceivables(customer, required(aging, "agingperiod"), total, documents)


def _document(element: etree._Element) -> AgedDocument:
    number = text(element, "invoiceno")
    written = child(element, "agingdate")
    days = text(element, "age")
    if days and not _DAYS.fullmatch(days):
        raise UnreadableReply(f"the age of document {number} is no number of days: {shown(days)}")
    return AgedDocument(
        number=number,
        amount=amount(text(element, "totaldue"), f"totaldue of document {number}"),
        aged_from=None if written is None or not len(written) else day_of(written),
        days=int(days) if days else None,
    )


def day_of(element: etree._Element) -> date:
    """A date in its three elements."""
    year, month, day = (required(element, part) for part in ("year", "month", "day"))
    return calendar_date(year, month, day, str(element.tag))
