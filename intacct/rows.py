"""A row of any object, read field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from intacct import parsing
from intacct.formatting import DateFormat


@dataclass(frozen=True, slots=True)
class Row:
    """The fields of one record. An empty and a missing field both mean null: "" as text, None otherwise.

    Every reader raises UnreadableReply for a value that is not plainly what was asked for, and KeyError for a
    field that was not selected.
    """

    object_name: str
    fields: Mapping[str, str]
    dates: DateFormat

    def text(self, name: str) -> str:
        return self.fields[name]

    def amount(self, name: str) -> Decimal | None:
        """An exact amount, signed as the gateway signs this field."""
        value = self.fields[name]
        return parsing.amount(value, self._what(name)) if value else None

    def date(self, name: str) -> date | None:
        """A day, read in the format of the signed-in user's own settings."""
        value = self.fields[name]
        return self.dates.read(value, self._what(name)) if value else None

    def boolean(self, name: str) -> bool | None:
        value = self.fields[name]
        return parsing.boolean(value, self._what(name)) if value else None

    def _what(self, name: str) -> str:
        return f"{self.object_name}.{name}"
