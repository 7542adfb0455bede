"""query: rows of an object, filtered, ordered, one page at a time."""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any, cast

from lxml import etree

from intacct.sandbox.errors import field_not_queryable
from intacct.sandbox.functions.registry import Caller, Function, Outcome
from intacct.sandbox.objects import readable_object
from intacct.sandbox.replies import element, record
from intacct.sandbox.request import text_of
from intacct.sandbox.schema import TRUTH, Content, any_order, one_of, sequence, whole_number
from intacct.sandbox.selection import COMPARISONS, Source, condition, visible_rows
from intacct.sandbox.tables import Row

AGGREGATES = ("count", "min", "max", "sum", "avg")


def _filter_schema() -> Content:
    one_value = sequence("field value")
    conditions: dict[str, Content] = {name: one_value for name in (*COMPARISONS, "like", "notlike")}
    # "Two or more" is written as two places of one choice and a third that repeats.
    names = "|".join([*conditions, "between", "in", "notin", "isnull", "isnotnull", "and", "or"])
    group = sequence(f"({names}) ({names}) ({names})*", conditions)
    conditions |= {
        "between": sequence("field value value"),
        "in": sequence("field value+"),
        "notin": sequence("field value+"),
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
            {"caseinsensitive": TRUTH, "showprivate": TRUTH, "returnformat": one_of("xml")},
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


class Shuffler:
    """A table has no order of its own: without `orderby` no two pages agree on one, and ties fall either
    way.
    """

    def __init__(self) -> None:
        # Not a secret: the same order on every run is what makes a failing test repeatable.
        self._random = random.Random(20)  # noqa: S311

    def __call__(self, rows: Iterable[Row]) -> list[Row]:
        shuffled = list(rows)
        self._random.shuffle(shuffled)
        return shuffled


_shuffled = Shuffler()


def _query(caller: Caller, call: etree._Element) -> Outcome:
    known = readable_object(caller.company, caller.user, text_of(call, "object").upper(), "QUERY")
    source = Source(known, caller.company.table(known.name))
    columns = [
        Column((part.text or "").strip(), "" if part.tag == "field" else str(part.tag))
        for part in call.iterfind("select/*")
    ]
    _check_fields(source, call, columns)
    rows = _ordered(source, call, _shuffled(_selected(caller, source, call)))
    answers = _values(source, columns, rows)
    return Outcome(_page(known.name, columns, answers, call))


def _check_fields(source: Source, call: etree._Element, columns: list[Column]) -> None:
    used = [column.field for column in columns] + [
        (field.text or "").strip() for field in call.iterfind(".//field")
    ]
    refused = tuple(dict.fromkeys(field for field in used if field in source.known.unqueryable))
    if refused:
        raise field_not_queryable(source.known.name, refused)
    for field in used:
        source.text(field)


def _selected(caller: Caller, source: Source, call: etree._Element) -> list[Row]:
    private = text_of(call, "options/showprivate") == "true"
    rows = visible_rows(caller, source, private=private)
    tests = [
        condition(source, child, ignore_case=text_of(call, "options/caseinsensitive") == "true")
        for child in call.iterfind("filter/*")
    ]
    return [row for row in rows if all(test(row) for test in tests)]


def _ordered(source: Source, call: etree._Element, rows: list[Row]) -> list[Row]:
    """The rows in the order asked for, nulls last in either direction."""
    for order in reversed(call.findall("orderby/order")):
        value = source.value(text_of(order, "field"))
        filled = [row for row in rows if value(row) is not None]
        nulls = [row for row in rows if value(row) is None]
        filled.sort(key=cast("Callable[[Row], Any]", value), reverse=order.find("descending") is not None)
        rows = filled + nulls
    return rows


def _values(source: Source, columns: list[Column], rows: list[Row]) -> list[Sequence[str]]:
    readers = [source.text(column.field) for column in columns]
    if not any(column.aggregate for column in columns):
        return [tuple(reader(row) for reader in readers) for row in rows]
    plain = [reader for reader, column in zip(readers, columns, strict=True) if not column.aggregate]

    def group(row: Row) -> tuple[str, ...]:
        return tuple(reader(row) for reader in plain)

    groups = [list(members) for _, members in groupby(sorted(rows, key=group), key=group)]
    if not groups and not plain:
        groups = [[]]
    return [tuple(_aggregate(source, column, members) for column in columns) for members in groups]


def _aggregate(source: Source, column: Column, rows: list[Row]) -> str:
    text, value = source.text(column.field), source.value(column.field)
    filled = [row for row in rows if text(row)]
    if not column.aggregate:
        return text(rows[0])
    if column.aggregate == "count":
        return str(len(filled))
    if not filled:
        return ""
    if column.aggregate in ("min", "max"):
        chosen = min if column.aggregate == "min" else max
        return text(chosen(filled, key=cast("Callable[[Row], Any]", value)))
    total = sum((Decimal(text(row)) for row in filled), Decimal(0))
    return f"{total / len(filled) if column.aggregate == 'avg' else total:f}"


def _page(
    name: str, columns: list[Column], answers: list[Sequence[str]], call: etree._Element
) -> etree._Element:
    offset, size = int(text_of(call, "offset", "0")), int(text_of(call, "pagesize", "100"))
    tags = [column.tag for column in columns]
    page = answers[offset : offset + size]
    data = element("data", *(record(name, zip(tags, row, strict=True)) for row in page))
    data.attrib["listtype"] = name
    counts = {
        "totalcount": len(answers),
        "offset": offset,
        "count": len(page),
        "numremaining": max(len(answers) - offset - len(page), 0),
    }
    data.attrib.update({key: str(count) for key, count in counts.items()})
    return data


FUNCTIONS = (Function("query", _SCHEMA, _query),)
