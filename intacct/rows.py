"""A row of any object, read field by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from intacct import parsing
from intacct.formatting import UserFormatting


class RowShape:
    """What the rows of one list have in common: the object, the fields in order, the user's formats."""

    __slots__ = ("fields", "formatting", "object_name", "places")

    def __init__(self, object_name: str, fields: Sequence[str], formatting: UserFormatting) -> None:
        self.object_name = object_name
        self.fields = tuple(fields)
        self.places = {name: place for place, name in enumerate(self.fields)}
        self.formatting = formatting


class Row:
    """The fields of one record. An empty and a missing field both mean null: "" as text, None otherwise.

    Texts become values when they are asked for, so a field that nobody reads costs nothing. Every reader
    raises UnreadableReply for a value that is not plainly what was asked for, and KeyError for a field that
    was not selected. Two rows are equal when their fields are.
    """

    __slots__ = ("_shape", "_values")

    def __init__(self, shape: RowShape, values: tuple[str, ...]) -> None:
        self._shape = shape
        self._values = values

    @property
    def object_name(self) -> str:
        return self._shape.object_name

    @property
    def fields(self) -> Mapping[str, str]:
        """Every selected field as text."""
        return {name: value.strip() for name, value in zip(self._shape.fields, self._values, strict=False)}

    @property
    def texts(self) -> list[str]:
        """Every selected field as text, in the order in which they were selected."""
        return list(map(str.strip, self._values[: len(self._shape.fields)]))

    def text(self, name: str) -> str:
        return self._values[self._shape.places[name]].strip()

    def amount(self, name: str) -> Decimal | None:
        """An exact amount, signed as the gateway signs this field."""
        value = self.text(name)
        return parsing.amount(value, self._what(name)) if value else None

    def whole_number(self, name: str) -> int | None:
        """A number in plain digits, such as a record number."""
        value = self.text(name)
        return parsing.whole_number(value, self._what(name)) if value else None

    def date(self, name: str) -> date | None:
        """A day, read in the format of the signed-in user's own settings."""
        value = self.text(name)
        return self._shape.formatting.dates.read(value, self._what(name)) if value else None

    def timestamp(self, name: str) -> datetime | None:
        """A moment with its offset, read by the user's date format, clock and offset from Greenwich."""
        value = self.text(name)
        return self._shape.formatting.moment(value, self._what(name)) if value else None

    def boolean(self, name: str) -> bool | None:
        value = self.text(name)
        return parsing.boolean(value, self._what(name)) if value else None

    def _what(self, name: str) -> str:
        return f"{self._shape.object_name}.{name}"

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Row) and self.fields == other.fields and self.object_name == other.object_name
        )

    def __hash__(self) -> int:
        return hash((self.object_name, tuple(self.fields.items())))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.object_name}, {len(self._shape.fields)} fields)"
