"""The CSV files of a company folder."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Row = tuple[str, ...]
UNSAFE = re.compile("[^\t\n\x20-\x25\x27-\x3b\x3d\x3f-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""A character that XML escapes, does not allow, or does not keep as it is."""


class CompanyFolderError(Exception):
    """A folder that cannot be served; the text says what is wrong with which file."""


class Table:
    """An object's rows. `fields` are the header's names, in the file's order.

    A table never changes; where rows come or go, another takes its place. What was worked out about one may
    therefore be kept with it, in `memory`.
    """

    def __init__(self, fields: tuple[str, ...], rows: tuple[Row, ...]) -> None:
        self.fields = fields
        self.rows = rows
        self.memory: dict[Any, Any] = {}

    def records(self) -> Iterator[dict[str, str]]:
        """Each row by field name."""
        return (dict(zip(self.fields, row, strict=True)) for row in self.rows)

    def by_field(self, field: str) -> dict[str, Row]:
        """The rows by the value of a field; the last one where several share it."""
        if ("by", field) not in self.memory:
            place = self.fields.index(field) if field in self.fields else None
            self.memory["by", field] = {} if place is None else {row[place]: row for row in self.rows}
        found: dict[str, Row] = self.memory["by", field]
        return found

    def is_plain(self, place: int) -> bool:
        """Whether no value of this column needs escaping in XML."""
        if ("plain", place) not in self.memory:
            values = {row[place] for row in self.rows}
            self.memory["plain", place] = UNSAFE.search("".join(values)) is None
        return bool(self.memory["plain", place])

    def one_more(self) -> Row:
        """The last row once more: with the next number, or where numbers are text, right behind the first
        row.
        """
        last = self.rows[-1]
        if "RECORDNO" not in self.fields:
            return last
        place = self.fields.index("RECORDNO")
        numbers = [row[place] for row in self.rows]
        counted = all(number.isdigit() for number in numbers)
        number = str(max(map(int, numbers)) + 1) if counted else f"{numbers[0]}-new"
        return (*last[:place], number, *last[place + 1 :])


def read_rows(path: Path) -> Iterator[Row]:
    """The header and then every row of a CSV file; raises CompanyFolderError for a row of another length."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        header = next(reader, [])
        yield tuple(header)
        for row in reader:
            if len(row) != len(header):
                raise CompanyFolderError(
                    f"{path} line {reader.line_num} has {len(row)} values, but its header names "
                    f"{len(header)} fields."
                )
            yield tuple(row)
