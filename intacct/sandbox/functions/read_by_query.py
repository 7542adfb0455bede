"""readByQuery and readMore: the older way to read rows, in pages that follow each other."""

from dataclasses import replace

from lxml import etree

from intacct.sandbox.conditions import parsed_conditions
from intacct.sandbox.errors import FunctionFailure, unprocessable
from intacct.sandbox.functions.registry import Caller, Function, Outcome
from intacct.sandbox.functions.reports import more_of_report
from intacct.sandbox.objects import readable_object
from intacct.sandbox.rendering import Fields, bare_list
from intacct.sandbox.replies import element
from intacct.sandbox.request import text_of
from intacct.sandbox.scans import Scan
from intacct.sandbox.schema import any_order, one_of, sequence, whole_number
from intacct.sandbox.selection import selected
from intacct.sandbox.source import source_of

_READ_BY_QUERY = any_order(
    "object fields? query pagesize? returnFormat? docparid?",
    {"pagesize": whole_number(1, 1000), "returnFormat": one_of("xml", "json", "csv")},
)


def _read_by_query(caller: Caller, call: etree._Element) -> Outcome:
    known = readable_object(caller.company, caller.user, text_of(call, "object").upper(), "READ_BY_QUERY")
    source = source_of(caller.company, known.name)
    try:
        fields = Fields(source, caller.user, source.named(text_of(call, "fields", "*")))
        wanted = parsed_conditions(text_of(call, "query"))
        conditions = [] if wanted is None else [wanted]
        rows = selected(caller, source, conditions, private=False, ignore_case=False)
    except FunctionFailure as failure:
        # This function does not say which field or value it could not read.
        raise unprocessable() from failure
    size, form = int(text_of(call, "pagesize", "100")), text_of(call, "returnFormat", "xml")
    return _page(caller, Scan(caller.company.id, caller.user.id, known.name, fields, form, rows, size), "")


def _read_more(caller: Caller, call: etree._Element) -> Outcome:
    """The next page of a result or a report. An object's name stands for its latest scan in this session; a
    view has none, because none is served.
    """
    if call.find("reportId") is not None:
        return more_of_report(caller, text_of(call, "reportId"))
    identifier = text_of(call, "resultId") or caller.scans.latest(
        caller.scope, text_of(call, "object").upper()
    )
    scan = caller.scans.take(identifier)
    if scan is None or (scan.company_id, scan.user_id) != (caller.company.id, caller.user.id):
        raise unprocessable()
    return _page(caller, scan, identifier)


def _page(caller: Caller, scan: Scan, identifier: str) -> Outcome:
    """One page: unlike `query`, with the object's name in lower case and an id for the next page."""
    end = min(scan.begin + scan.page_size, len(scan.rows))
    page, left = scan.rows[scan.begin : end], len(scan.rows) - end
    name = scan.object_name.lower()
    counts = {"count": len(page), "totalcount": len(scan.rows), "numremaining": left}
    data = element("data", listtype=name, **{key: str(count) for key, count in counts.items()})
    data.attrib["resultId"] = (
        caller.scans.keep(replace(scan, begin=end), caller.scope, identifier) if left else ""
    )
    if scan.form != "xml":
        return Outcome(data, bare=bare_list(scan.form, scan.fields.names, scan.fields.values(page)))
    return Outcome(data, rows=scan.fields.xml(name, page))


FUNCTIONS = (
    Function("readByQuery", _READ_BY_QUERY, _read_by_query),
    Function("readMore", sequence("(object|view|reportId|resultId)"), _read_more),
)
