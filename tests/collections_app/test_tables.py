"""Bulk tables in the storage: what is written comes back, whole and genuine, or nothing was ever there."""

import csv
import gzip
import hashlib
import io
import resource
import tracemalloc
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as current_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collections_app import data_keys, sealed_files, tables, vault
from collections_app.models import CollectedTable, Collection, Lender
from tests.collecting import invite

COLUMNS = ("RECORDNO", "MEMO", "AMOUNT")
ROWS = [("1", "Rent, “May”\nand June", "-1234567890123456.78"), ("2", "", "0.10"), ("3", 'a "b"\r', "")]
APRIL, LAST_OF_APRIL = date(2026, 4, 1), date(2026, 4, 30)
# Any text that an XML document can carry.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


@pytest.fixture
def asked(lender: Lender) -> Collection:
    return invite(lender).collection


def written(
    collection: Collection, rows: Any = ROWS, *, part: int = 0, columns: tuple[str, ...] = COLUMNS
) -> CollectedTable:
    with tables.writing(collection, "general_ledger", APRIL, LAST_OF_APRIL, part, columns=columns) as table:
        table.write_all(rows)
    assert table.stored
    return table.stored


def incompressible(count: int) -> Iterator[tuple[str, str, str]]:
    return ((str(n), hashlib.sha256(str(n).encode()).hexdigest(), "1.00") for n in range(count))


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_table_comes_back_as_it_was_written(asked: Collection) -> None:
    stored = written(asked)
    assert list(tables.read(stored)) == ROWS
    assert (stored.name, stored.start, stored.end, stored.part) == (
        "general_ledger",
        APRIL,
        LAST_OF_APRIL,
        0,
    )
    assert (stored.row_count, stored.columns) == (3, list(COLUMNS))
    assert stored.pk is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(rows=st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=8))
def test_any_text_comes_back(asked: Collection, rows: list[tuple[str, str, str]]) -> None:
    assert list(tables.read(written(asked, rows))) == rows


def test_the_checksum_is_that_of_the_plain_csv_and_the_size_that_of_the_file(
    asked: Collection, reports_folder: Path
) -> None:
    stored = written(asked)
    with sealed_files.reading(asked.pk, stored.storage_name) as compressed:
        plain = gzip.decompress(compressed.read())
    assert hashlib.sha256(plain).hexdigest() == stored.sha256
    assert list(csv.reader(io.StringIO(plain.decode(), newline=""))) == [list(COLUMNS), *map(list, ROWS)]
    assert (reports_folder / stored.storage_name).stat().st_size == stored.size


def test_the_same_rows_have_the_same_checksum_and_other_bytes(
    asked: Collection, reports_folder: Path
) -> None:
    first, second = written(asked), written(asked)
    assert first.sha256 == second.sha256
    contents = [(reports_folder / stored.storage_name).read_bytes() for stored in (first, second)]
    assert contents[0] != contents[1]


def test_neither_names_nor_contents_of_a_stored_table_tell_anything(
    asked: Collection, reports_folder: Path
) -> None:
    stored = written(asked, [("1", "Acme Incorporated", "4711.11")])
    content = (reports_folder / stored.storage_name).read_bytes()
    assert b"Acme" not in content
    assert b"\x1f\x8b\x08" not in content[:40]
    assert (reports_folder / stored.storage_name).stat().st_mode & 0o077 == 0


def test_an_empty_table_is_a_table(asked: Collection) -> None:
    stored = written(asked, [])
    assert (stored.row_count, list(tables.read(stored))) == (0, [])


def test_a_row_that_does_not_fit_the_columns_is_refused(asked: Collection) -> None:
    with pytest.raises(ValueError, match="A row of 2 values does not fit 3 columns"):
        written(asked, [("1", "2")])


def test_a_table_that_fails_half_way_leaves_nothing(asked: Collection, reports_folder: Path) -> None:
    def failing() -> Iterator[tuple[str, str, str]]:
        for number in range(100_000):
            yield str(number), "a memo that fills the buffers", "1.00"
        raise ConnectionError

    before = set(files_in(Path(current_settings.DATA_DIR)))
    with pytest.raises(ConnectionError):
        written(asked, failing())
    assert files_in(reports_folder) == []
    assert set(files_in(Path(current_settings.DATA_DIR))) == before


def test_a_full_disk_leaves_nothing(asked: Collection, reports_folder: Path) -> None:
    """The limit on the size of a file stands for the end of the disk: the write itself fails."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    rows = (
        (str(number), hashlib.sha256(str(number).encode()).hexdigest(), "1.00") for number in range(50_000)
    )
    resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, hard))
    try:
        with pytest.raises(OSError, match="too large"):
            written(asked, rows)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert files_in(reports_folder) == []


def test_a_storage_that_fails_half_way_keeps_no_half(
    asked: Collection, reports_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        (str(number), hashlib.sha256(str(number).encode()).hexdigest(), "1.00") for number in range(20_000)
    ]
    put = sealed_files._put

    def put_on_a_full_disk(*args: Any) -> None:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
        try:
            put(*args)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    monkeypatch.setattr(sealed_files, "_put", put_on_a_full_disk)
    with pytest.raises(OSError, match="too large"):
        written(asked, rows)
    assert files_in(reports_folder) == []


def test_a_damaged_table_is_not_read(asked: Collection, reports_folder: Path) -> None:
    stored = written(asked)
    path = reports_folder / stored.storage_name
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(vault.VaultError):
        list(tables.read(stored))


def test_a_table_under_the_name_of_another_is_not_read(asked: Collection, reports_folder: Path) -> None:
    first, second = written(asked), written(asked)
    (reports_folder / first.storage_name).write_bytes((reports_folder / second.storage_name).read_bytes())
    with pytest.raises(vault.VaultError):
        list(tables.read(first))


def test_a_table_of_another_collection_is_not_read(asked: Collection, lender: Lender) -> None:
    stored = written(asked)
    stored.collection = invite(lender).collection
    with pytest.raises(vault.VaultError):
        list(tables.read(stored))


def test_columns_that_do_not_match_the_row_are_noticed(asked: Collection) -> None:
    stored = written(asked)
    stored.columns = ["RECORDNO", "AMOUNT", "MEMO"]
    with pytest.raises(tables.TableDamaged, match="other columns"):
        list(tables.read(stored))


def test_a_table_without_its_file_says_so(asked: Collection, reports_folder: Path) -> None:
    stored = written(asked)
    (reports_folder / stored.storage_name).unlink()
    with pytest.raises(FileNotFoundError):
        list(tables.read(stored))


@pytest.mark.parametrize("period", [(APRIL, LAST_OF_APRIL), (None, None)])
def test_what_is_kept_replaces_what_was_there_once_it_is_committed(
    asked: Collection,
    reports_folder: Path,
    django_capture_on_commit_callbacks: Any,
    period: tuple[date | None, date | None],
) -> None:
    for amount in ("1.00", "2.00"):
        with tables.writing(asked, "customers", *period, columns=COLUMNS) as table:
            table.write(("1", "", amount))
        assert table.stored
        with django_capture_on_commit_callbacks(execute=True):
            tables.keep(table.stored)
    (kept,) = CollectedTable.objects.all()
    assert list(tables.read(kept)) == [("1", "", "2.00")]
    assert [str(path.relative_to(reports_folder)) for path in files_in(reports_folder)] == [kept.storage_name]


def test_parts_of_a_month_lie_side_by_side(asked: Collection) -> None:
    for part in (0, 1):
        tables.keep(written(asked, [(str(part), "", "")], part=part))
    found = CollectedTable.objects.filter(collection=asked, name="general_ledger", start=APRIL)
    assert [row for stored in found for row in tables.read(stored)] == [("0", "", ""), ("1", "", "")]


def test_memory_does_not_grow_with_the_table(asked: Collection) -> None:
    def peak(count: int) -> tuple[int, int]:
        rows = ((str(number), "memo", "1234.56") for number in range(count))
        tracemalloc.start()
        stored = written(asked, rows)
        writing = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        assert sum(1 for _ in tables.read(stored)) == count
        reading = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return writing, reading

    small, large = peak(20_000), peak(80_000)
    assert large[0] < small[0] + 2_000_000
    assert large[1] < small[1] + 2_000_000


def test_without_its_key_a_collection_takes_no_table(asked: Collection, reports_folder: Path) -> None:
    asked.data_key.delete()
    with pytest.raises(data_keys.KeyMissing):
        written(asked)
    assert files_in(reports_folder) == []
