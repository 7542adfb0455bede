"""query: rows of an object, filtered, ordered, one page at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any, cast

from lxml import etree

from intacct.sandbox.errors import field_not_queryable
from intacct.sandbox.functions.registry import Caller, Function, Outcome
from intacct.sandbox.objects import readable_object
from intacct.sandbox.pages import found_rows, page_of
from intacct.sandbox.rendering import Fields, bare_list, elements
from intacct.sandbox.replies import element
from intacct.sandbox.request import text_of
from intacct.sandbox.schema import (
    TRUTH,
    Content,
    Model,
    Particle,
    any_order,
    one_of,
    sequence,
    whole_number,
)
from intacct.sandbox.selection import COMPARISONS
from intacct.sandbox.source import Source, source_of
from intacct.sandbox.tables import Row

AGGREGATES = ("count", "min", "max", "sum", "avg")


def _filter_schema() -> Content:
    one_value = sequence("field value")
    listed = Model((Particle(("field",), 1, 1), Particle(("value",), 1, 1000)))
    conditions: dict[str, Content] = {name: one_value for name in (*COMPARISONS, "like", "notlike")}
    # "Two or more" is written as two places of one choice and a third that repeats.
    names = "|".join([*conditions, "between", "in", "notin", "isnull", "isnotnull", "and", "or"])
    group = sequence(f"({names}) ({names}) ({names})*", conditions)
    conditions |= {
        "between": sequence("field value value"),
        "in": listed,
        "notin": listed,
        "isnull": sequence("field"),
        "isnotnull": sequence("field"),
        "and": group,
        "or": group,
    }
    return sequence(f"({names})", conditions)


_ORDER = sequence("field (ascending|descending)?")
_SCHEMA = any_order(
    "object select filter? orderby? options? docparid? pagesize? offset?",
    {
        "select": sequence(f"(field|{'|'.join(AGGREGATES)})+"),
        "filter": _filter_schema(),
        "orderby": sequence("order+", {"order": _ORDER}),
        "options": sequence(
            "caseinsensitive? showprivate? returnformat?",
            {"caseinsensitive": TRUTH, "showprivate": TRUTH, "returnformat": one_of("xml", "json", "csv")},
        ),
        "pagesize": whole_number(1, 2000),
        "offset": whole_number(0),
    },
)


@dataclass(frozen=True)
class Column:
    """One selected value: a field, or an aggregate of it."""

    field: str
    aggregate: str = ""

    @property
    def tag(self) -> str:
        """The element that carries the value."""
        return f"{self.aggregate.upper()}.{self.field}" if self.aggregate else self.field


def _query(caller: Caller, call: etree._Element) -> Outcome:
    known = readable_object(caller.company, caller.user, text_of(call, "object").upper(), "QUERY")
    source = source_of(caller.company, known.name)
    columns = [
        Column((part.text or "").strip(), "" if part.tag == "field" else str(part.tag))
        for part in call.iterfind("select/*")
    ]
    _check_fields(source, call, columns)
    offset, size = int(text_of(call, "offset", "0")), int(text_of(call, "pagesize", "100"))
    if any(column.aggregate for column in columns):
        answers = _aggregated(source, columns, found_rows(caller, source, call))
        page = answers[offset : offset + size]
        rows = elements(known.name, [column.tag for column in columns], page)
        return Outcome(_data(known.name, len(answers), offset, len(page)), rows=rows)
    found = page_of(caller, source, call, offset, size)
    fields = Fields(source, caller.user, [column.field for column in columns])
    data = _data(known.name, found.total, offset, len(found.rows))
    form = text_of(call, "options/returnformat", "xml")
    if form != "xml":
        return Outcome(data, bare=bare_list(form, fields.names, fields.values(found.rows)))
    if not found.place:
        return Outcome(data, rows=fields.xml(known.name, found.rows))
    return Outcome(data, rows=fields.xml_of_page(known.name, found.rows, found.place))


def _check_fields(source: Source, call: etree._Element, columns: list[Column]) -> None:
    used = [column.field for column in columns] + [
        (field.text or "").strip() for field in call.iterfind(".//field")
    ]
    refused = tuple(dict.fromkeys(field for field in used if field in source.known.unqueryable))
    if refused:
        raise field_not_queryable(source.known.name, refused)
    for field in used:
        source.text(field)


def _aggregated(source: Source, columns: list[Column], rows: list[Row]) -> list[tuple[str, ...]]:
    """One answer for each combination of the plain fields."""
    plain = [source.text(column.field) for column in columns if not column.aggregate]

    def group(row: Row) -> tuple[str, ...]:
        return tuple(reader(row) for reader in plain)

    groups = [list(members) for _, members in groupby(sorted(rows, key=group), key=group)]
    if not groups and not plain:
        groups = [[]]
    return [tuple(_aggregate(source, column, members) for column in columns) for members in groups]


def _aggregate(source: Source, column: Column, rows: list[Row]) -> str:
    text, value = source.text(column.field), source.value(column.field)
    if not column.aggregate:
        return text(rows[0])
    filled = [row for row in rows if text(row)]
    if column.aggregate == "count":
        return str(len(filled))
    if not filled:
        return ""
    if column.aggregate in ("min", "max"):
        chosen = min if column.aggregate == "min" else max
        return text(chosen(filled, key=cast("Callable[[Row], Any]", value)))
    total = sum((Decimal(text(row)) for row in filled), Decimal(0))
    return f"{total / len(filled) if column.aggregate == 'avg' else total:f}"


def _data(name: str, total: int, offset: int, count: int) -> etree._Element:
    counts = {
        "totalcount": total,
        "offset": offset,
        "count": count,
        "numremaining": max(total - offset - count, 0),
    }
    return element("data", listtype=name, **{key: str(value) for key, value in counts.items()})


FUNCTIONS = (Function("query", _SCHEMA, _query),)
