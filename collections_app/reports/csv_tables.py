"""Tables for other programs, and how each becomes a CSV file.

RFC 4180, UTF-8, one record after the other, so that a table of any length is written in constant memory.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TextIO

from collections_app.reports.wording import clean, plain

Cell = str | int | date | Decimal | None
Rows = Iterator[tuple[Cell, ...]]

# A spreadsheet runs a cell that begins with one of these, also in its full-width form (OWASP, CSV injection).
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
_ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Table:
    """One table for a CSV or Parquet file: ``name`` is the file's name without its ending.

    A cell that is None is empty: the figure is not known, or there is none.
    """

    name: str
    header: tuple[str, ...]
    rows: Iterable[tuple[Cell, ...]]


def write_csv(table: Table, file: TextIO) -> None:
    """Write the table as RFC 4180 CSV (open ``file`` with newline=""), safe to open in a spreadsheet.

    A text that a spreadsheet would run as a formula gets a leading apostrophe, unless it is a plain number.
    """
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(table.header)
    for row in table.rows:
        writer.writerow([_csv_cell(cell) for cell in row])


def csv_chunks(table: Table) -> Iterator[bytes]:
    """The same file piece by piece, for a stream that is read while the rows are made."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(table.header)
    for place, row in enumerate(table.rows, start=1):
        writer.writerow([_csv_cell(cell) for cell in row])
        if place % _ROWS_AT_ONCE == 0:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


class CsvStream(io.RawIOBase):
    """The CSV file of a table as a stream to read, in constant memory."""

    def __init__(self, table: Table) -> None:
        super().__init__()
        self._chunks = csv_chunks(table)
        self._pending = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        """Fill the buffer with what comes next; 0 at the end."""
        while not self._pending:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._pending = chunk
        size = min(len(buffer), len(self._pending))
        buffer[:size] = self._pending[:size]
        self._pending = self._pending[size:]
        return size


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return plain(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return harmless(clean(str(cell)))


def harmless(text: str) -> str:
    """The text with a leading apostrophe when a spreadsheet would take it for a formula."""
    if text.startswith(_FORMULA_STARTS) and not _PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return text
