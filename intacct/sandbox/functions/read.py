"""read, readByName and lookup: single records by their keys, and the fields an object has."""

from lxml import etree

from intacct.sandbox.errors import Error, FunctionFailure, object_unknown, unprocessable
from intacct.sandbox.functions.registry import Caller, Function, Outcome
from intacct.sandbox.objects import NAMES, OBJECTS, readable_object
from intacct.sandbox.replies import element, leaf, record
from intacct.sandbox.request import text_of
from intacct.sandbox.schema import any_order, one_of, sequence
from intacct.sandbox.selection import Source, visible_rows
from intacct.sandbox.values import Kind, kind_of

_READ = any_order("object keys fields? returnFormat? docparid?", {"returnFormat": one_of("xml")})
_LARGEST = 100
_DATA_TYPES = {Kind.NUMBER: "DECIMAL", Kind.MOMENT: "DATE", Kind.TEXT: "TEXT"}


def _read(caller: Caller, call: etree._Element) -> Outcome:
    return _records(caller, call, "READ", "RECORDNO")


def _read_by_name(caller: Caller, call: etree._Element) -> Outcome:
    return _records(caller, call, "READ_BY_NAME", NAMES.get(text_of(call, "object").upper(), "RECORDNO"))


def _records(caller: Caller, call: etree._Element, operation: str, key_field: str) -> Outcome:
    """The records in the order of their keys; a key without a record is left out, no record at all is an
    error.
    """
    known = readable_object(caller.company, caller.user, text_of(call, "object").upper(), operation)
    source = Source(known, caller.company.table(known.name))
    fields = source.named(text_of(call, "fields", "*"))
    unknown = [field for field in fields if not source.knows(field)]
    if unknown:
        raise FunctionFailure(Error(f"Invalid fields list {','.join(unknown)}"))
    keys = [key.strip() for key in text_of(call, "keys").split(",")][:_LARGEST]
    key, readers = source.text(key_field), [source.text(field) for field in fields]
    by_key = {key(row): row for row in visible_rows(caller, source, private=True)}
    found = [by_key[wanted] for wanted in keys if wanted in by_key]
    if not found:
        raise unprocessable()
    rows = (
        record(known.name, zip(fields, (reader(row) for reader in readers), strict=True)) for row in found
    )
    data = element("data", *rows)
    data.attrib.update({"listtype": known.name, "count": str(len(found))})
    return Outcome(data)


def _lookup(caller: Caller, call: etree._Element) -> Outcome:
    """The fields of an object; permissions and subscriptions play no part."""
    name = text_of(call, "object").upper()
    if name not in OBJECTS:
        raise object_unknown(name)
    source = Source(OBJECTS[name], caller.company.table(name))
    fields = (_field(source, field) for field in (*source.named("*"), *source.known.unqueryable))
    kind = element("Type", element("Fields", *fields), element("Relationships"), Name=name, DocumentType="")
    return Outcome(element("data", kind, listtype="All", count="1"))


def _field(source: Source, field: str) -> etree._Element:
    described = record("Field", {"ID": field, "LABEL": field, "DESCRIPTION": "", "REQUIRED": "false"})
    kind = _DATA_TYPES[kind_of(source.known, field)]
    custom = "false" if field in source.known.fields or field in source.known.unqueryable else "true"
    described.extend([leaf("READONLY", "false"), leaf("DATATYPE", kind), leaf("ISCUSTOM", custom)])
    return described


FUNCTIONS = (
    Function("read", _READ, _read),
    Function("readByName", _READ, _read_by_name),
    Function("lookup", sequence("object"), _lookup),
)
