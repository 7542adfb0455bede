"""The generic query: rows of one object, at most 2,000 in an answer, and totals over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from intacct.errors import UnreadableReply
from intacct.filters import Filter
from intacct.functions.function import ObjectCall
from intacct.pages import Counts
from intacct.parsing import attributes, flat, whole_number
from intacct.sensitive import refuse_sensitive

LARGEST_PAGE = 2000
Measure = Literal["count", "sum", "min", "max", "avg"]


@dataclass(frozen=True)
class Query(ObjectCall):
    """Rows of an object, ordered by one field ascending when ``order`` is given, unordered otherwise.

    show_private: also the records that are private to an entity, which the top level otherwise hides.
    Raises ValueError for a field that holds bank or tax numbers: they are never read.
    """

    fields: tuple[str, ...]
    where: Filter | None = None
    order: str = ""
    show_private: bool = True
    page_size: int = 1000
    name = "query"

    def __post_init__(self) -> None:
        refuse_sensitive(self.fields)
        if not self.fields or not 1 <= self.page_size <= LARGEST_PAGE:
            raise ValueError(f"A query names its fields and asks for 1 to {LARGEST_PAGE} rows.")

    def write(self, parent: etree._Element) -> None:
        node = self.begin(parent)
        select = etree.SubElement(node, "select")
        for field in self.fields:
            etree.SubElement(select, "field").text = field
        _write_filter(node, self.where)
        if self.order:
            order = etree.SubElement(etree.SubElement(node, "orderby"), "order")
            etree.SubElement(order, "field").text = self.order
            etree.SubElement(order, "ascending")
        if self.show_private:
            _write_private(node)
        etree.SubElement(node, "pagesize").text = str(self.page_size)

    def counts(self, attributes: Mapping[str, str]) -> Counts:
        return announced(attributes)


@dataclass(frozen=True)
class Aggregate(ObjectCall):
    """Totals over the rows of an object, computed by the gateway: one line, or one for each value of ``by``.

    measures: pairs such as ("sum", "AMOUNT") or ("count", "RECORDNO").  by: fields that make the groups.
    The answer's lines hold "SUM.AMOUNT" and so on; the gateway also writes a sum under the bare field name,
    which is accepted. Raises UnreadableReply when there are more groups than one answer holds.
    """

    measures: tuple[tuple[Measure, str], ...]
    by: tuple[str, ...] = ()
    where: Filter | None = None
    show_private: bool = True
    page_size: int = LARGEST_PAGE
    name = "query"

    def __post_init__(self) -> None:
        refuse_sensitive((*self.by, *(field for _, field in self.measures)))
        if not self.measures:
            raise ValueError("An aggregate names at least one measure.")

    def write(self, parent: etree._Element) -> None:
        node = self.begin(parent)
        select = etree.SubElement(node, "select")
        for field in self.by:
            etree.SubElement(select, "field").text = field
        for measure, field in self.measures:
            etree.SubElement(select, measure).text = field
        _write_filter(node, self.where)
        if self.show_private:
            _write_private(node)
        # Without groups there is one line, whatever the size of a page.
        if self.by:
            etree.SubElement(node, "pagesize").text = str(self.page_size)

    def read(self, data: etree._Element) -> tuple[Mapping[str, str], ...]:
        rows = rows_of(data, self.object_name)
        counts = announced(attributes(data))
        if counts.remaining or counts.count != len(rows):
            raise UnreadableReply(f"the totals of {self.object_name} do not fit into one answer")
        return tuple(self._line(row) for row in rows)

    def _line(self, row: Mapping[str, str]) -> Mapping[str, str]:
        line = {field: row.get(field, "") for field in self.by}
        for measure, field in self.measures:
            name = f"{measure.upper()}.{field}"
            if name not in row and field not in row:
                raise UnreadableReply(f"the totals of {self.object_name} lack {name}")
            line[name] = row[name] if name in row else row[field]
        return line


def announced(given: Mapping[str, str]) -> Counts:
    """The counts of a list. Raises UnreadableReply for one that is missing or no number."""

    def number(name: str) -> int:
        return whole_number(given.get(name, ""), f"the count {name}")

    return Counts(number("totalcount"), number("count"), number("numremaining"))


def rows_of(data: etree._Element, object_name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of a short list as field name to text. Raises UnreadableReply for rows of anything else."""
    for row in data:
        if str(row.tag).upper() != object_name.upper():
            raise UnreadableReply(f"the list of {object_name} holds {row.tag}")
    return tuple(flat(row) for row in data)


def _write_filter(node: etree._Element, where: Filter | None) -> None:
    if where is not None:
        where.write(etree.SubElement(node, "filter"))


def _write_private(node: etree._Element) -> None:
    etree.SubElement(etree.SubElement(node, "options"), "showprivate").text = "true"
