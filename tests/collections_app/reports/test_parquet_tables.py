import importlib.util
import io
from datetime import date
from decimal import Decimal

import pytest

from collections_app.reports.csv_tables import Table
from collections_app.reports.parquet_tables import ParquetMissing, write_parquet

HAS_PYARROW = importlib.util.find_spec("pyarrow") is not None
TABLE = Table(
    "example",
    ("day", "title", "amount", "count"),
    [
        (date(2024, 1, 31), "=1+1", Decimal("-100.005"), 3),
        (date(2024, 2, 29), "00123", Decimal("12345678901234567890.12"), 4),
        (None, None, None, None),
    ],
)


@pytest.mark.skipif(HAS_PYARROW, reason="pyarrow is installed, so nothing is missing.")
def test_without_the_extra_one_sentence_says_how_to_get_it() -> None:
    with pytest.raises(ParquetMissing, match=r"pip install 'strongbox\[parquet\]'"):
        write_parquet(TABLE, io.BytesIO())


@pytest.mark.skipif(
    not HAS_PYARROW, reason="NOT TESTED: pyarrow, the optional extra for Parquet, is not installed."
)
def test_amounts_and_dates_come_back_from_parquet_as_they_were() -> None:
    from pyarrow import parquet

    first, second = io.BytesIO(), io.BytesIO()
    write_parquet(TABLE, first)
    write_parquet(TABLE, second)
    assert first.getvalue() == second.getvalue()
    rows = [tuple(row.values()) for row in parquet.read_table(first).to_pylist()]
    assert rows == list(TABLE.rows)


@pytest.mark.skipif(
    not HAS_PYARROW, reason="NOT TESTED: pyarrow, the optional extra for Parquet, is not installed."
)
def test_a_ratio_is_rounded_half_to_even_at_the_tenth_place() -> None:
    from pyarrow import parquet

    file = io.BytesIO()
    given = [(Decimal("1.00000000005"),), (Decimal(1) / Decimal(3),), (Decimal("-2.00000000015"),)]
    write_parquet(Table("ratios", ("value",), given), file)
    assert parquet.read_table(file).column("value").to_pylist() == [
        Decimal("1.0000000000"),
        Decimal("0.3333333333"),
        Decimal("-2.0000000002"),
    ]
