"""Writing and reading a bulk table, sealed, against a bare CSV in gzip. Alone it measures a million rows."""

import csv
import gzip
import io
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import IO, cast

import django

from tests.benchmarks.detail import FIELDS
from tests.benchmarks.measure import Benchmark

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from collections_app import tables, vault  # noqa: E402

KEY, PLACE = bytes(32), "a benchmark"
FEW, MILLION = 20_000, 1_000_000
COLUMNS = tuple(FIELDS.split(","))


def rows(count: int) -> Iterator[tuple[str, ...]]:
    """General-ledger lines as a gateway gives them, 20 fields each, the same at every call."""
    chance = random.Random(20260401)
    for number in range(count):
        day = f"04/{number % 30 + 1:02}/2026"
        amount = f"{chance.randint(100, 9_000_000) / 100:.2f}"
        debit = number % 2 == 0
        yield (
            str(4_000_000 + number),
            str(900_000 + number // 4),
            day,
            f"Invoice batch {number // 40}",
            "ARINV",
            "ACCRUAL",
            "4.AR",
            str(number % 4 + 1),
            day,
            str(1000 + chance.randint(0, 140) * 10),
            chance.choice(("100", "200", "")),
            chance.choice(("E100", "E200")),
            "USD",
            "USD",
            amount if debit else "",
            "" if debit else amount,
            amount if debit else f"-{amount}",
            f"INV-{number // 4:07}",
            f"Delivery {chance.randint(1, 99_999)}, terms 30 days",
            "false",
        )


def write_sealed(target: IO[bytes], content: Iterator[tuple[str, ...]]) -> None:
    with vault.SealingWriter(cast(io.BufferedRandom, target), key=KEY, place=PLACE) as sealing:
        table = tables.TableWriter(COLUMNS, sealing)
        table.write_all(content)
        table.finish()


def write_bare(target: IO[bytes], content: Iterator[tuple[str, ...]]) -> None:
    with gzip.open(target, "wt", compresslevel=tables.GZIP_LEVEL, encoding="utf-8", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(COLUMNS)
        writer.writerows(content)


def read_sealed(source: IO[bytes]) -> int:
    source.seek(0)
    reader = vault.UnsealingReader(source, key=KEY, place=PLACE)
    return sum(1 for _ in tables.lines_in(io.BufferedReader(reader, vault.CHUNK_BYTES)))


def read_bare(source: IO[bytes]) -> int:
    source.seek(0)
    with gzip.open(source, "rt", encoding="utf-8", newline="") as text:
        return sum(1 for _ in csv.reader(text))


Write = Callable[[IO[bytes], Iterator[tuple[str, ...]]], None]
Read = Callable[[IO[bytes]], int]


def written(write: Write, content: list[tuple[str, ...]]) -> None:
    with tempfile.TemporaryFile() as target:
        write(target, iter(content))


def read_again(content: bytes, read: Read) -> int:
    return read(io.BytesIO(content))


def kept(write: Write, content: list[tuple[str, ...]]) -> bytes:
    with tempfile.TemporaryFile() as target:
        write(target, iter(content))
        target.seek(0)
        return target.read()


def benchmarks() -> list[Benchmark]:
    content = list(rows(FEW))
    sealed, bare = kept(write_sealed, content), kept(write_bare, content)
    return [
        Benchmark(
            "write a table of 20,000 rows, sealed",
            partial(written, write_sealed, content),
            partial(written, write_bare, content),
            "csv and gzip write the same rows in the open",
        ),
        Benchmark(
            "read a table of 20,000 rows, sealed",
            partial(read_again, sealed, read_sealed),
            partial(read_again, bare, read_bare),
            "csv and gzip read the same rows in the open",
        ),
    ]


def measure_a_million() -> None:
    """Prints pace in processor time, size and peak memory; each row is made anew, so none is held."""
    started = time.process_time()
    for _ in rows(MILLION):
        pass
    making = time.process_time() - started
    for name, write, read in (
        ("csv and gzip in the open", write_bare, read_bare),
        ("sealed", write_sealed, read_sealed),
    ):
        with tempfile.TemporaryFile() as target:
            started = time.process_time()
            write(target, rows(MILLION))
            writing = time.process_time() - started - making
            size = os.fstat(target.fileno()).st_size if not target.closed else 0
            started = time.process_time()
            read(target)
            reading = time.process_time() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{name:<26} level {tables.GZIP_LEVEL}: written {MILLION / writing:>9,.0f} rows/s, read "
            f"{MILLION / reading:>9,.0f} rows/s, {size / 2**20:>6.1f} MiB, peak {peak:>6.1f} MiB",
            flush=True,
        )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        tables.GZIP_LEVEL = int(sys.argv[1])
    measure_a_million()
