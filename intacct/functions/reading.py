"""The older ways to read: by record number, by name, and by a condition in text with pages that go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lxml import etree

from intacct.errors import IncompleteRead, UnreadableReply
from intacct.functions.function import ObjectCall
from intacct.functions.query import announced, rows_of
from intacct.pages import Counts
from intacct.parsing import whole_number
from intacct.sensitive import refuse_sensitive

MOST_KEYS = 100
LARGEST_SCAN_PAGE = 1000


@dataclass(frozen=True)
class Read(ObjectCall):
    """Records by their record numbers, or by the ids people use when ``by_name``; at most 100 of them.

    Owned lines come with their records nowhere else, but only as nested lists, which are not read here.
    """

    keys: tuple[str, ...]
    fields: tuple[str, ...]
    by_name: bool = False

    def __post_init__(self) -> None:
        refuse_sensitive(self.fields)
        if not self.fields or not 1 <= len(self.keys) <= MOST_KEYS:
            raise ValueError(f"A read names its fields and 1 to {MOST_KEYS} keys.")
        if any(not key or "," in key for key in self.keys):
            raise ValueError("A key is not empty and holds no comma, which separates keys.")

    @property
    def name(self) -> str:
        return "readByName" if self.by_name else "read"

    def write(self, parent: etree._Element) -> None:
        node = self.begin(parent)
        etree.SubElement(node, "keys").text = ",".join(self.keys)
        etree.SubElement(node, "fields").text = ",".join(self.fields)

    def read(self, data: etree._Element) -> tuple[tuple[str, ...], ...]:
        rows = rows_of(data, self.object_name)
        count = whole_number(data.get("count", ""), "the count count")
        if count != len(rows) or count > len(set(self.keys)):
            raise IncompleteRead(f"{count} records were announced and {len(rows)} of {len(self.keys)} came")
        return tuple(tuple(row.get(field, "") for field in self.fields) for row in rows)


@dataclass(frozen=True)
class ReadByQuery(ObjectCall):
    """The first page of a scan.

    condition: as the gateway's reference writes it, with database codes: STATUS = 'T'. A long word such as
    'active' matches nothing, without an error.
    """

    fields: tuple[str, ...]
    condition: str = ""
    page_size: int = LARGEST_SCAN_PAGE
    name = "readByQuery"

    def __post_init__(self) -> None:
        refuse_sensitive(self.fields)
        if not self.fields or not 1 <= self.page_size <= LARGEST_SCAN_PAGE:
            raise ValueError(f"A scan names its fields and asks for 1 to {LARGEST_SCAN_PAGE} rows.")

    def write(self, parent: etree._Element) -> None:
        node = self.begin(parent)
        etree.SubElement(node, "fields").text = ",".join(self.fields)
        etree.SubElement(node, "query").text = self.condition
        etree.SubElement(node, "pagesize").text = str(self.page_size)

    def counts(self, attributes: Mapping[str, str]) -> Counts:
        return scan_counts(attributes)


@dataclass(frozen=True)
class ReadMore(ObjectCall):
    """The next page of a scan that the gateway keeps under a result id."""

    fields: tuple[str, ...]
    result_id: str
    name = "readMore"

    def write(self, parent: etree._Element) -> None:
        node = etree.SubElement(parent, self.name)
        etree.SubElement(node, "resultId").text = self.result_id

    def counts(self, attributes: Mapping[str, str]) -> Counts:
        return scan_counts(attributes)


def scan_counts(attributes: Mapping[str, str]) -> Counts:
    """The counts of one page of a scan. Raises UnreadableReply when rows remain and nothing says where."""
    counts = replace(announced(attributes), result_id=attributes.get("resultId", ""))
    if counts.remaining and not counts.result_id:
        raise UnreadableReply("rows remain and the answer does not say how to go on")
    return counts
