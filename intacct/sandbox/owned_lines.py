"""The lines that belong to a record and come with it when it is read whole, and never in a query."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from intacct.sandbox.company import Company
from intacct.sandbox.replies import element, record


@dataclass(frozen=True)
class OwnedLines:
    """Lines in a file of their own. `parent` is their field that holds the record's `key`; `tag` is the
    element of one, `wrapper` that of all.
    """

    wrapper: str
    tag: str
    table: str
    parent: str
    key: str


OWNED_LINES: Mapping[str, tuple[OwnedLines, ...]] = {
    "ARINVOICE": (OwnedLines("ARINVOICEITEMS", "arinvoiceitem", "ARINVOICEITEM", "RECORDKEY", "RECORDNO"),),
    "APBILL": (OwnedLines("APBILLITEMS", "apbillitem", "APBILLITEM", "RECORDKEY", "RECORDNO"),),
    "GLACCTGRP": (
        OwnedLines("GLACCTRANGES", "ACCTRANGE", "ACCTRANGE", "GLACCTGRPNAME", "NAME"),
        OwnedLines("GLACCTGRPS", "GLACCTGRPMEMBER", "GLACCTGRPMEMBER", "GLACCTGRPNAME", "NAME"),
        OwnedLines("GLCATGRPS", "GLCOACATMEMBER", "GLCOACATMEMBER", "GLACCTGRPNAME", "NAME"),
    ),
}


def owned_lines(company: Company, object_name: str, values: Mapping[str, str]) -> Iterator[etree._Element]:
    """The lines of one record, a wrapper for each kind."""
    for kind in OWNED_LINES.get(object_name, ()):
        lines = (
            record(kind.tag, line)
            for line in company.table(kind.table).records()
            if line[kind.parent] == values.get(kind.key)
        )
        yield element(kind.wrapper, *lines)
