"""The CSV files of a company folder."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

Row = tuple[str, ...]


class CompanyFolderError(Exception):
    """A folder that cannot be served; the text says what is wrong with which file."""


@dataclass(frozen=True)
class Table:
    """An object's rows. `fields` are the header's names, in the file's order."""

    fields: tuple[str, ...]
    rows: tuple[Row, ...]

    def records(self) -> Iterator[dict[str, str]]:
        """Each row by field name."""
        return (dict(zip(self.fields, row, strict=True)) for row in self.rows)


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
