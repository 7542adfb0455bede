"""readByQuery and readMore: the older way to read rows, in pages that follow each other."""

from dataclasses import replace

from lxml import etree

from intacct.sandbox.conditions import parsed_conditions
from intacct.sandbox.errors import FunctionFailure, unprocessable
from intacct.sandbox.functions.registry import Caller, Function, Outcome
from intacct.sandbox.objects import readable_object
from intacct.sandbox.replies import element, record
from intacct.sandbox.request import text_of
from intacct.sandbox.scans import Scan
from intacct.sandbox.schema import any_order, one_of, sequence, whole_number
from intacct.sandbox.selection import Source, condition, visible_rows

_READ_BY_QUERY = any_order(
    "object fields? query pagesize? returnFormat? docparid?",
    {"pagesize": whole_number(1, 1000), "returnFormat": one_of("xml")},
)


def _read_by_query(caller: Caller, call: etree._Element) -> Outcome:
    known = readable_object(caller.company, caller.user, text_of(call, "object").upper(), "READ_BY_QUERY")
    source = Source(known, caller.company.table(known.name))
    fields = source.named(text_of(call, "fields", "*"))
    try:
        readers = [source.text(field) for field in fields]
        wanted = parsed_conditions(text_of(call, "query"))
        test = None if wanted is None else condition(source, wanted, ignore_case=False)
    except FunctionFailure as failure:
        # This function does not say which field or value it could not read.
        raise unprocessable() from failure
    found = [row for row in visible_rows(caller, source, private=False) if test is None or test(row)]
    rows = tuple(tuple(reader(row) for reader in readers) for row in found)
    size = int(text_of(call, "pagesize", "100"))
    scan = Scan(caller.company.id, caller.user.id, known.name, fields, rows, size, len(rows))
    return _page(caller, scan, "")


def _read_more(caller: Caller, call: etree._Element) -> Outcome:
    identifier = text_of(call, "resultId")
    scan = caller.scans.take(identifier)
    if scan is None or (scan.company_id, scan.user_id) != (caller.company.id, caller.user.id):
        raise unprocessable()
    return _page(caller, scan, identifier)


def _page(caller: Caller, scan: Scan, identifier: str) -> Outcome:
    """One page: unlike `query`, with the object's name in lower case and an id for the next page."""
    page, left = scan.rows[: scan.page_size], scan.rows[scan.page_size :]
    name = scan.object_name.lower()
    data = element("data", *(record(name, zip(scan.fields, row, strict=True)) for row in page))
    counts = {"count": len(page), "totalcount": scan.total, "numremaining": len(left)}
    data.attrib["listtype"] = name
    data.attrib.update({key: str(count) for key, count in counts.items()})
    data.attrib["resultId"] = caller.scans.keep(replace(scan, rows=left), identifier) if left else ""
    return Outcome(data)


FUNCTIONS = (
    Function("readByQuery", _READ_BY_QUERY, _read_by_query),
    Function("readMore", sequence("resultId"), _read_more),
)
