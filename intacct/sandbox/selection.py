"""The rows of an object that a caller sees, and the filter of a query over them."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from intacct.sandbox.errors import field_unknown, unprocessable
from intacct.sandbox.functions.registry import Caller
from intacct.sandbox.objects import KnownObject
from intacct.sandbox.tables import Row, Table
from intacct.sandbox.values import Comparable, Kind, comparable, kind_of

Test = Callable[[Row], bool]
COMPARISONS: Mapping[str, Callable[[int], bool]] = {
    "equalto": lambda sign: sign == 0,
    "notequalto": lambda sign: sign != 0,
    "lessthan": lambda sign: sign < 0,
    "lessthanorequalto": lambda sign: sign <= 0,
    "greaterthan": lambda sign: sign > 0,
    "greaterthanorequalto": lambda sign: sign >= 0,
}


@dataclass(frozen=True)
class Source:
    """An object's table as queries see it: the file's fields, then standard fields the file lacks, which
    are null.
    """

    known: KnownObject
    table: Table

    def knows(self, field: str) -> bool:
        """Whether the object has the field."""
        return field in self.table.fields or field in self.known.fields

    def named(self, fields: str) -> tuple[str, ...]:
        """The fields of a comma-separated list; `*` is every one, the file's first."""
        if fields == "*":
            return tuple(dict.fromkeys((*self.table.fields, *self.known.fields)))
        return tuple(field.strip() for field in fields.split(","))

    def text(self, field: str) -> Callable[[Row], str]:
        """How to read a field of a row; raises FunctionFailure for a field that the object lacks."""
        if not self.knows(field):
            raise field_unknown(self.known.name, field)
        if field not in self.table.fields:
            return lambda row: ""
        place = self.table.fields.index(field)
        return lambda row: row[place]

    def value(self, field: str) -> Callable[[Row], Comparable | None]:
        """How to read a field of a row as a value that compares."""
        text, kind = self.text(field), kind_of(self.known, field)
        return lambda row: comparable(kind, text(row))


def visible_rows(caller: Caller, source: Source, *, private: bool) -> Iterator[Row]:
    """Shared rows, with the rows of the caller's own entity in an entity session, and with all that the
    user may see at the top level if private rows are asked for. Postings follow their location, which has
    no owner.
    """
    owner = source.text("MEGAENTITYID") if source.knows("MEGAENTITYID") else None
    entities = caller.visible_entities()
    if owner is not None:
        show_owned = private or bool(caller.location)
        for row in source.table.rows:
            if not owner(row) or (show_owned and (entities is None or owner(row) in entities)):
                yield row
        return
    locations = caller.visible_locations()
    if source.known.name != "GLDETAIL" or locations is None:
        yield from source.table.rows
        return
    location = source.text("LOCATIONID")
    yield from (row for row in source.table.rows if location(row) in locations)


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
    kind = kind_of(source.known, field)
    fold = ignore_case and kind is Kind.TEXT
    values = [_given(kind, text.casefold() if fold else text) for text in written]
    text = source.text(field)

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


def _given(kind: Kind, text: str) -> Comparable | None:
    try:
        return comparable(kind, text)
    except ValueError as error:
        raise unprocessable() from error


def _sign(left: Comparable, right: Comparable | None) -> int:
    if right is None or left == right:
        return 0 if left == right else 1
    return -1 if left < right else 1  # type: ignore[operator]
