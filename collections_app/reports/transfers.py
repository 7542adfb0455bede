"""How many rows the gateway announced and how many arrived."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Transfer:
    """One stretch of rows that was read: a month of the journal, or one part of a table.

    ``table`` is the table's name for people, ``start`` the first day of the stretch where it has one,
    ``part`` its number. ``announced`` is what the gateway counted before it sent them, None where it did not
    say; ``received`` is what was stored, ``checksum`` the SHA-256 of the rows as stored, empty where unknown.
    """

    table: str
    received: int
    announced: int | None = None
    start: date | None = None
    part: int = 0
    checksum: str = ""

    @property
    def place(self) -> str:
        """The stretch for people: "Journal lines, from 2024-01-01, part 2"."""
        start = f", from {self.start.isoformat()}" if self.start else ""
        return f"{self.table}{start}" + (f", part {self.part}" if self.part else "")
