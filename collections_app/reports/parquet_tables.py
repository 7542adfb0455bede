"""Tables as Parquet files, through the optional extra ``parquet`` (pyarrow).

Amounts are ``decimal128`` as exact as they came, dates are dates. Rows are written in groups, so that a table
of any length needs the memory of one group.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import chain, islice
from typing import Any, BinaryIO

from collections_app.reports.analysis.figure import ARITHMETIC
from collections_app.reports.csv_tables import Cell, Table
from collections_app.reports.wording import clean

# As many digits as the type holds; ten places are those of ``statements.json``.
PRECISION, PLACES = 38, 10
_ROWS_AT_ONCE = 20_000
_PLACE = Decimal(1).scaleb(-PLACES)


class ParquetMissing(RuntimeError):
    """The optional extra is not installed."""


def write_parquet(table: Table, file: BinaryIO) -> None:
    """Write the table as one Parquet file; the same rows give the same bytes.

    A column is what its first value is: amounts, whole numbers, dates, or text where they differ. Amounts are
    rounded, half to even, at the tenth place, which leaves a ledger's amounts as they are.
    Raises ParquetMissing, with one plain sentence, when pyarrow is not installed.
    """
    arrow, parquet = _pyarrow()
    rows = iter(table.rows)
    first = list(islice(rows, _ROWS_AT_ONCE))
    kinds = [_kind(row[column] for row in first) for column in range(len(table.header))]
    types = {Decimal: arrow.decimal128(PRECISION, PLACES), date: arrow.date32(), int: arrow.int64()}
    schema = arrow.schema(
        [(name, types.get(kind, arrow.string())) for name, kind in zip(table.header, kinds, strict=True)]
    )
    with parquet.ParquetWriter(file, schema) as writer:
        for group in _groups(chain(first, rows)):
            columns = [
                arrow.array([_value(row[column], kind) for row in group], type=field.type)
                for column, (kind, field) in enumerate(zip(kinds, schema, strict=True))
            ]
            writer.write_table(arrow.Table.from_arrays(columns, schema=schema))


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise ParquetMissing(
            "Parquet files need the package pyarrow; install it with: pip install 'strongbox[parquet]'."
        ) from None
    return pyarrow, parquet


def _kind(values: Iterator[Cell]) -> type:
    """The type that all known values have, text where they differ or none is known."""
    kinds = {type(value) for value in values if value is not None}
    return kinds.pop() if len(kinds) == 1 else str


def _value(value: Cell, kind: type) -> Cell:
    if value is None:
        return None
    if kind is Decimal and isinstance(value, Decimal):
        return value.quantize(_PLACE, ROUND_HALF_EVEN, ARITHMETIC)
    return clean(str(value)) if kind is str else value


def _groups(rows: Iterator[tuple[Cell, ...]]) -> Iterator[Sequence[tuple[Cell, ...]]]:
    while group := list(islice(rows, _ROWS_AT_ONCE)):
        yield group
