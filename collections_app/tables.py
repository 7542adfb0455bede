"""Bulk tables: gzipped CSV per table and month in the storage, encrypted, written and read row by row.

The first line holds the names of the columns; fields are as RFC 4180 has them. Amounts stay the text that was
collected, and no database adds them up.
"""

import csv
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import BinaryIO, cast

from django.db import transaction

from collections_app import sealed_files
from collections_app.models import CollectedTable, Collection

# Measured in docs/decisions/0009-tables-are-gzipped-csv.md.
GZIP_LEVEL = 1
GZIP_FORMAT = 31
BATCH_CHARACTERS = 256 * 1024


class TableDamaged(Exception):
    """A stored table does not hold what its row says."""


class TableWriter:
    """Takes the rows of one table. `stored` is the row to keep, once the table was written whole."""

    def __init__(self, columns: Sequence[str], target: io.RawIOBase) -> None:
        self.columns = tuple(columns)
        self.row_count = 0
        self.stored: CollectedTable | None = None
        self._target = target
        self._text = io.StringIO(newline="")
        self._csv = csv.writer(self._text)
        self._digest = hashlib.sha256()
        self._gzip = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, GZIP_FORMAT)
        self._csv.writerow(self.columns)

    def write(self, values: Sequence[str]) -> None:
        """One row, a text for each column. Raises ValueError for another number of values."""
        if len(values) != len(self.columns):
            raise ValueError(f"A row of {len(values)} values does not fit {len(self.columns)} columns.")
        self._csv.writerow(values)
        self.row_count += 1
        if self._text.tell() >= BATCH_CHARACTERS:
            self._flush()

    def write_all(self, rows: Iterable[Sequence[str]]) -> None:
        for values in rows:
            self.write(values)

    def whole(self) -> CollectedTable:
        """The row to keep. Raises ValueError while the table is still being written."""
        if self.stored is None:
            raise ValueError("A table is kept once it was written to its end.")
        return self.stored

    def finish(self) -> str:
        """Writes what is left; returns the SHA-256 of the CSV."""
        self._flush()
        self._target.write(self._gzip.flush())
        return self._digest.hexdigest()

    def _flush(self) -> None:
        content = self._text.getvalue().encode()
        self._text.seek(0)
        self._text.truncate()
        self._digest.update(content)
        self._target.write(self._gzip.compress(content))


@contextmanager
def writing(
    collection: Collection,
    name: str,
    start: date | None = None,
    end: date | None = None,
    part: int = 0,
    *,
    columns: Sequence[str],
) -> Iterator[TableWriter]:
    """Writes one part of a table into the storage in constant memory; `stored` of the writer is then unsaved.

    On any exception nothing stays behind. Raises OSError when there is no room.
    """
    file_name = "-".join([name, *([f"{start:%Y-%m-%d}"] if start else []), f"{part:04}"])
    with sealed_files.writing(collection, file_name) as (target, file):
        table = TableWriter(columns, target)
        yield table
        sha256 = table.finish()
    table.stored = CollectedTable(
        collection=collection,
        name=name,
        start=start,
        end=end,
        part=part,
        columns=list(table.columns),
        row_count=table.row_count,
        sha256=sha256,
        size=file.size,
        storage_name=file.storage_name,
    )


def keep(stored: CollectedTable) -> None:
    """Makes a written part the collection's own, inside the caller's transaction.

    An earlier part of the same table, period and number is replaced; its file goes with the commit.
    """
    earlier = CollectedTable.objects.filter(
        collection_id=stored.collection_id, name=stored.name, start=stored.start, part=stored.part
    )
    replaced = list(earlier.values_list("storage_name", flat=True))
    earlier.delete()
    stored.save(force_insert=True)
    transaction.on_commit(partial(sealed_files.sweep, replaced))


def read(stored: CollectedTable) -> Iterator[tuple[str, ...]]:
    """The rows as they were written, in constant memory; each is proved genuine before it is handed out.

    Raises TableDamaged, data_keys.KeyUnavailable, FileNotFoundError, and vault.VaultError for a changed file.
    """
    return map(tuple, lines(stored))


def lines(stored: CollectedTable) -> Iterator[list[str]]:
    """The same as lists, as the CSV reader makes them: the quickest way through a large table."""
    with sealed_files.reading(stored.collection_id, stored.storage_name) as compressed:
        reader = lines_in(compressed)
        if next(reader, None) != list(stored.columns):
            raise TableDamaged(f"The table {stored.name} has other columns than were stored with it.")
        yield from reader


def lines_in(compressed: io.BufferedIOBase) -> Iterator[list[str]]:
    """The lines of a gzipped CSV, the names of the columns first."""
    with (
        gzip.GzipFile(fileobj=compressed) as plain,
        io.TextIOWrapper(cast(BinaryIO, plain), encoding="utf-8", newline="") as text,
    ):
        yield from csv.reader(text)
