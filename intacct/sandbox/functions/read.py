"""read and readByName: single records by their keys."""

from lxml import etree

from intacct.sandbox.errors import Error, FunctionFailure, unprocessable
from intacct.sandbox.functions.registry import Caller, Function, Outcome
from intacct.sandbox.objects import NAMES, readable_object
from intacct.sandbox.owned_lines import OWNED_LINES, owned_lines
from intacct.sandbox.rendering import Fields, bare_list
from intacct.sandbox.replies import element, record
from intacct.sandbox.request import text_of
from intacct.sandbox.schema import any_order, one_of
from intacct.sandbox.selection import visible_rows
from intacct.sandbox.source import source_of

_READ = any_order(
    "object keys fields? returnFormat? docparid?", {"returnFormat": one_of("xml", "json", "csv")}
)
_LARGEST = 100


def _read(caller: Caller, call: etree._Element) -> Outcome:
    return _records(caller, call, "READ", "RECORDNO")


def _read_by_name(caller: Caller, call: etree._Element) -> Outcome:
    return _records(caller, call, "READ_BY_NAME", NAMES.get(text_of(call, "object").upper(), "RECORDNO"))


def _records(caller: Caller, call: etree._Element, operation: str, key_field: str) -> Outcome:
    """The records in the order of their keys, with the lines they own where they are read whole; a key
    without a record is left out, no record at all is an error.
    """
    known = readable_object(caller.company, caller.user, text_of(call, "object").upper(), operation)
    source = source_of(caller.company, known.name)
    names = source.named(text_of(call, "fields", "*"))
    unknown = [name for name in names if not source.knows(name)]
    if unknown:
        raise FunctionFailure(Error(f"Invalid fields list {','.join(unknown)}"))
    keys = [key.strip() for key in text_of(call, "keys").split(",")][:_LARGEST]
    by_key = source.table.by_field(key_field)
    rows = [by_key[key] for key in keys if key in by_key]
    found = list(visible_rows(caller, source, rows, private=True))
    if not found:
        raise unprocessable()
    fields = Fields(source, caller.user, names)
    data = element("data", listtype=known.name, count=str(len(found)))
    form = text_of(call, "returnFormat", "xml")
    if form != "xml":
        return Outcome(data, bare=bare_list(form, names, fields.values(found)))
    if known.name in OWNED_LINES and text_of(call, "fields", "*") == "*":
        for values in fields.values(found):
            named = dict(zip(names, values, strict=True))
            whole = record(known.name, named)
            whole.extend(owned_lines(caller.company, known.name, named))
            data.append(whole)
        return Outcome(data)
    return Outcome(data, rows=fields.xml(known.name, found))


FUNCTIONS = (Function("read", _READ, _read), Function("readByName", _READ, _read_by_name))
