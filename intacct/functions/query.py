"""The generic query: rows of one object, at most 2,000 in an answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from intacct.errors import IncompleteRead, UnreadableReply
from intacct.filters import Filter
from intacct.parsing import flat, whole_number

LARGEST_PAGE = 2000
_SENSITIVE = re.compile(r"TAXID|FEDERALID|SSN|ROUTING|BANKACCOUNTNO|ACCOUNTNUMBER|CARDNUM|PASSWORD")
_NEEDS = {
    "GLACCOUNT": "General Ledger, Accounts, List and View",
    "GCBOOK": "Consolidation, Books, List and View",
}


@dataclass(frozen=True, slots=True)
class Page:
    """One answer. total: rows that matched when it was made; remaining: those of them not in this page."""

    rows: tuple[Mapping[str, str], ...]
    total: int
    remaining: int


@dataclass(frozen=True)
class Query:
    """Rows of an object, ordered by one field ascending when ``order`` is given, unordered otherwise.

    show_private: also the records that are private to an entity, which the top level otherwise hides.
    Raises ValueError for a field that holds bank or tax numbers: they are never read.
    """

    object_name: str
    fields: tuple[str, ...]
    where: Filter | None = None
    order: str = ""
    show_private: bool = True
    page_size: int = 1000
    name = "query"

    def __post_init__(self) -> None:
        sensitive = [field for field in self.fields if _SENSITIVE.search(field.upper())]
        if sensitive:
            raise ValueError(f"The field {sensitive[0]} holds bank or tax numbers, which are never read.")
        if not self.fields or not 1 <= self.page_size <= LARGEST_PAGE:
            raise ValueError(f"A query names its fields and asks for 1 to {LARGEST_PAGE} rows.")

    @property
    def label(self) -> str:
        return f"query {self.object_name}"

    @property
    def needs(self) -> str:
        return _NEEDS.get(self.object_name, f"{self.object_name}, List and View")

    def write(self, parent: etree._Element) -> None:
        node = etree.SubElement(parent, self.name)
        etree.SubElement(node, "object").text = self.object_name
        select = etree.SubElement(node, "select")
        for field in self.fields:
            etree.SubElement(select, "field").text = field
        if self.where is not None:
            self.where.write(etree.SubElement(node, "filter"))
        if self.order:
            order = etree.SubElement(etree.SubElement(node, "orderby"), "order")
            etree.SubElement(order, "field").text = self.order
            etree.SubElement(order, "ascending")
        options = etree.SubElement(node, "options")
        etree.SubElement(options, "showprivate").text = "true" if self.show_private else "false"
        etree.SubElement(node, "pagesize").text = str(self.page_size)

    def read(self, data: etree._Element) -> Page:
        for row in data:
            if str(row.tag).upper() != self.object_name.upper():
                raise UnreadableReply(f"the list of {self.object_name} holds {row.tag}")
        count = _attribute(data, "count")
        page = Page(
            rows=tuple(flat(row) for row in data),
            total=_attribute(data, "totalcount"),
            remaining=_attribute(data, "numremaining"),
        )
        if count != len(page.rows):
            raise IncompleteRead(
                f"the list of {self.object_name} announces {count} rows, not {len(page.rows)}"
            )
        return page


def _attribute(data: etree._Element, name: str) -> int:
    return whole_number(data.get(name, ""), f"the count {name}")
