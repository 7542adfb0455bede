"""The rows of an object that a caller sees, and the filter of a query over them.

What a filter finds is kept with the table for a while: a client that pages asks the same question again and
again, from another key each time. Days have an index of their own, built when a large table is first asked
for some.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from lxml import etree

from intacct.sandbox.errors import unprocessable
from intacct.sandbox.functions.registry import Caller
from intacct.sandbox.source import Source
from intacct.sandbox.tables import Row
from intacct.sandbox.values import Comparable, Kind, comparable

Test = Callable[[Row], bool]
COMPARISONS: Mapping[str, Callable[[int], bool]] = {
    "equalto": lambda sign: sign == 0,
    "notequalto": lambda sign: sign != 0,
    "lessthan": lambda sign: sign < 0,
    "lessthanorequalto": lambda sign: sign <= 0,
    "greaterthan": lambda sign: sign > 0,
    "greaterthanorequalto": lambda sign: sign >= 0,
}
_LOCATIONS: Mapping[str, str] = {"GLDETAIL": "LOCATIONID", "GLENTRY": "LOCATION"}
_OWNERS: Mapping[str, str] = {
    "ARINVOICEITEM": "ARINVOICE.MEGAENTITYID",
    "APBILLITEM": "APBILL.MEGAENTITYID",
    "ARPYMTDETAIL": "ARINVOICE.MEGAENTITYID",
    "APPYMTDETAIL": "APBILL.MEGAENTITYID",
}
"""Whose a line or an application is: the owner's of the document that it belongs to or settles."""
_INDEXED_FROM = 5_000
_KEPT = 24


def selected(
    caller: Caller, source: Source, conditions: Sequence[etree._Element], *, private: bool, ignore_case: bool
) -> list[Row]:
    """The rows that the caller sees and that meet every condition, in no particular order."""
    key = selection_key(caller, conditions, private=private, ignore_case=ignore_case)

    def made() -> list[Row]:
        tests = [condition(source, part, ignore_case=ignore_case) for part in conditions]
        visible = visible_rows(caller, source, _candidates(source, conditions), private=private)
        return [row for row in visible if all(test(row) for test in tests)]

    return cast("list[Row]", kept(source, key, made))


def selection_key(
    caller: Caller, conditions: Sequence[etree._Element], *, private: bool, ignore_case: bool
) -> tuple[Any, ...]:
    """What tells one selection from another: the conditions, and what decides which rows the caller sees."""
    written = b"".join(etree.tostring(part) for part in conditions)
    return (written, private, ignore_case, caller.location, caller.user.entities)


def kept(source: Source, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
    """What was made for this table under this key, made now if it was not or was crowded out meanwhile."""
    memory: dict[Any, Any] = source.table.memory.setdefault("kept", {})
    found = memory.pop(key, None)
    if found is None:
        found = make()
    memory[key] = found
    for oldest in list(memory)[:-_KEPT]:
        memory.pop(oldest, None)
    return found


def flattened(conditions: Iterable[etree._Element]) -> Iterator[etree._Element]:
    """Conditions that all have to hold, with those inside an `and` taken out of it."""
    for part in conditions:
        if part.tag == "and":
            yield from flattened(part)
        else:
            yield part


def _candidates(source: Source, conditions: Sequence[etree._Element]) -> Sequence[Row]:
    """The rows of a large table that can meet the conditions at all, by the days they ask for."""
    if len(source.table.rows) < _INDEXED_FROM:
        return source.table.rows
    bounds: dict[str, list[tuple[Comparable | None, Comparable | None]]] = {}
    for part in flattened(conditions):
        field = (part.findtext("field") or "").strip()
        if source.place(field) is not None and source.kind(field) is Kind.MOMENT:
            bounds.setdefault(field, []).append(_bounds(part))
    for field, pairs in bounds.items():
        lows = [low for low, _ in pairs if low is not None]
        highs = [high for _, high in pairs if high is not None]
        if lows or highs:
            return _between(source, field, lows, highs)
    return source.table.rows


def _bounds(part: etree._Element) -> tuple[Comparable | None, Comparable | None]:
    """The least and the greatest value that a condition lets through; None where it sets no limit."""
    written = [given(Kind.MOMENT, (value.text or "").strip()) for value in part.iterfind("value")]
    name = str(part.tag)
    if name in ("between", "equalto"):
        return written[0], written[-1]
    if name.startswith("greaterthan"):
        return written[0], None
    return (None, written[0]) if name.startswith("lessthan") else (None, None)


def _between(source: Source, field: str, lows: list[Comparable], highs: list[Comparable]) -> Sequence[Row]:
    values, rows = _index(source, field)
    first = bisect_left(values, max(cast("list[Any]", lows))) if lows else 0
    last = bisect_right(values, min(cast("list[Any]", highs))) if highs else len(rows)
    return rows[first:last]


def _index(source: Source, field: str) -> tuple[list[Any], list[Row]]:
    """The values of a field in their order, nulls left out, and the row of each."""
    memory = source.table.memory
    if ("index", field) not in memory:
        value = source.value(field)
        pairs = [(found, row) for row in source.table.rows if (found := value(row)) is not None]
        pairs.sort(key=lambda pair: cast("Any", pair[0]))
        memory["index", field] = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return cast("tuple[list[Any], list[Row]]", memory["index", field])


def visible_rows(caller: Caller, source: Source, rows: Iterable[Row], *, private: bool) -> Iterable[Row]:
    """Shared rows, with the rows of the caller's own entity in an entity session, and with all that the
    user may see at the top level if private rows are asked for. Postings follow their location, which has
    no owner.
    """
    owned_by = _OWNERS.get(source.known.name, "MEGAENTITYID")
    if source.knows(owned_by) or source.known.name in _OWNERS:
        owner, entities = source.text(owned_by), caller.visible_entities()
        show_owned = private or bool(caller.location)
        return (
            row
            for row in rows
            if not owner(row) or (show_owned and (entities is None or owner(row) in entities))
        )
    locations = caller.visible_locations()
    if source.known.name not in _LOCATIONS or locations is None:
        return rows
    location = source.text(_LOCATIONS[source.known.name])
    return (row for row in rows if location(row) in locations)


def condition(source: Source, element: etree._Element, *, ignore_case: bool) -> Test:
    """The test that one filter element stands for; a comparison with null is never true."""
    name = str(element.tag)
    if name in ("and", "or"):
        tests = [condition(source, child, ignore_case=ignore_case) for child in element]
        combine = all if name == "and" else any
        return lambda row: combine(test(row) for test in tests)
    field = (element.findtext("field") or "").strip()
    text = source.text(field)
    if name in ("isnull", "isnotnull"):
        return lambda row: bool(text(row)) == (name == "isnotnull")
    written = [(value.text or "").strip() for value in element.iterfind("value")]
    if name in ("like", "notlike"):
        return _like(text, written[0], ignore_case=ignore_case, wanted=name == "like")
    return _comparison(source, name, field, written, ignore_case=ignore_case)


def _like(text: Callable[[Row], str], pattern: str, *, ignore_case: bool, wanted: bool) -> Test:
    expression = "".join({"%": ".*", "_": "."}.get(character, re.escape(character)) for character in pattern)
    matcher = re.compile(expression, re.DOTALL | (re.IGNORECASE if ignore_case else re.NOFLAG))
    return lambda row: bool(text(row)) and bool(matcher.fullmatch(text(row))) == wanted


def _comparison(source: Source, name: str, field: str, written: list[str], *, ignore_case: bool) -> Test:
    kind = source.kind(field)
    fold = ignore_case and kind is Kind.TEXT
    values = [given(kind, text.casefold() if fold else text) for text in written]
    text = source.text(field)
    if name == "equalto" and kind is Kind.TEXT and not fold:
        only = written[0]
        return lambda row: bool(only) and text(row) == only

    def value(row: Row) -> Comparable | None:
        return comparable(kind, text(row).casefold() if fold else text(row))

    if name in ("in", "notin"):
        return lambda row: (found := value(row)) is not None and (found in values) == (name == "in")
    if name == "between":
        low, high = values
        return lambda row: (
            (found := value(row)) is not None and _sign(found, low) >= 0 and _sign(found, high) <= 0
        )
    accepts, limit = COMPARISONS[name], values[0]
    return lambda row: (
        (found := value(row)) is not None and limit is not None and accepts(_sign(found, limit))
    )


def given(kind: Kind, text: str) -> Comparable | None:
    """A value of a condition; raises FunctionFailure where it is not of the field's kind."""
    try:
        return comparable(kind, text)
    except ValueError as error:
        raise unprocessable() from error


def _sign(left: Comparable, right: Comparable | None) -> int:
    if right is None or left == right:
        return 0 if left == right else 1
    return -1 if left < right else 1  # type: ignore[operator]
