"""One page of a query: which rows stand on it, and how many there are in all.

Most readers order by the record number and go on from the last one seen. Such a page is cut out of rows
that are sorted once for the filter, wherever it begins.
"""

import random
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import gcd
from typing import Any, cast

from lxml import etree

from intacct.sandbox.functions.registry import Caller
from intacct.sandbox.request import text_of
from intacct.sandbox.selection import flattened, given, kept, selected, selection_key
from intacct.sandbox.source import Source
from intacct.sandbox.tables import Row

_KEY = "RECORDNO"


@dataclass(frozen=True)
class Page:
    """The rows of one page, and how many rows the query found. `place` tells a page that stays the same as
    long as the table does; without one no two calls need agree.
    """

    rows: Sequence[Row]
    total: int
    place: tuple[Any, ...] = ()


# Not a secret: the same order on every run is what makes a failing test repeatable.
_chance = random.Random(20)  # noqa: S311


def found_rows(caller: Caller, source: Source, call: etree._Element) -> list[Row]:
    """Every row that a query finds, in no particular order."""
    private, ignore_case = _options(call)
    conditions = list(call.iterfind("filter/*"))
    return selected(caller, source, conditions, private=private, ignore_case=ignore_case)


def page_of(caller: Caller, source: Source, call: etree._Element, offset: int, size: int) -> Page:
    """The page of a query that selects no aggregates."""
    orders = call.findall("orderby/order")
    fields = [text_of(order, "field") for order in orders]
    if fields == [_KEY]:
        return _page_by_key(caller, source, call, slice(offset, offset + size))
    rows = found_rows(caller, source, call)
    if not orders:
        return Page(_anywhere(rows, offset, size), len(rows))
    return Page(_ordered(source, orders, rows)[offset : offset + size], len(rows))


def _options(call: etree._Element) -> tuple[bool, bool]:
    """Whether private rows are asked for, and whether case is to be ignored."""
    options = ("showprivate", "caseinsensitive")
    private, ignore_case = (text_of(call, f"options/{name}") == "true" for name in options)
    return private, ignore_case


def _anywhere(rows: Sequence[Row], offset: int, size: int) -> list[Row]:
    """A table has no order of its own: without `orderby` no two pages agree on one.

    Each call walks the rows in strides of its own, so a page costs no more than its rows.
    """
    count = len(rows)
    start, stride = _chance.randrange(count or 1), _chance.randrange(1, (count or 1) + 1)
    while gcd(stride, count) > 1:
        stride += 1
    return [rows[(start + place * stride) % count] for place in range(offset, min(offset + size, count))]


def _ordered(source: Source, orders: list[etree._Element], found: list[Row]) -> list[Row]:
    """The rows in the order asked for, nulls last in either direction; ties fall either way."""
    rows = list(found)
    _chance.shuffle(rows)
    for order in reversed(orders):
        value = source.value(text_of(order, "field"))
        filled = [row for row in rows if value(row) is not None]
        nulls = [row for row in rows if value(row) is None]
        filled.sort(key=cast("Callable[[Row], Any]", value), reverse=order.find("descending") is not None)
        rows = filled + nulls
    return rows


def _page_by_key(caller: Caller, source: Source, call: etree._Element, part: slice) -> Page:
    descending = call.find("orderby/order/descending") is not None
    beyond = "lessthan" if descending else "greaterthan"
    conditions = list(flattened(call.iterfind("filter/*")))
    starts = [each for each in conditions if each.tag == beyond and text_of(each, "field") == _KEY]
    rest = [each for each in conditions if each not in starts]
    keys, rows = _by_key(caller, source, call, rest)
    limits = [given(source.kind(_KEY), text_of(start, "value")) for start in starts]
    if None in limits:
        return Page((), 0)
    if limits and len(rows) > len(keys):
        rows = rows[: len(keys)]
    if descending:
        last = min((bisect_left(keys, cast("Any", limit)) for limit in limits), default=len(rows))
        return Page(rows[:last][::-1][part], last)
    first = max((bisect_right(keys, cast("Any", limit)) for limit in limits), default=0)
    begin, end = first + part.start, first + part.stop
    private, ignore_case = _options(call)
    key = selection_key(caller, rest, private=private, ignore_case=ignore_case)
    place = (*key, begin, end)
    return Page(rows[begin:end], len(rows) - first, place)


def _by_key(
    caller: Caller, source: Source, call: etree._Element, conditions: Sequence[etree._Element]
) -> tuple[list[Any], list[Row]]:
    """The record numbers that the conditions find, in their order, and the row of each; rows without one
    come last.
    """
    private, ignore_case = _options(call)

    def made() -> tuple[list[Any], list[Row]]:
        found = selected(caller, source, conditions, private=private, ignore_case=ignore_case)
        value = source.value(_KEY)
        pairs = [(cast("Any", key), row) for row in found if (key := value(row)) is not None]
        pairs.sort(key=lambda pair: pair[0])
        nulls = [row for row in found if value(row) is None]
        return [pair[0] for pair in pairs], [pair[1] for pair in pairs] + nulls

    key = ("by key", *selection_key(caller, conditions, private=private, ignore_case=ignore_case))
    return cast("tuple[list[Any], list[Row]]", kept(source, key, made))
