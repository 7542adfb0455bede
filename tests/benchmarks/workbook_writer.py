"""Writes a workbook in one of several ways, in a process of its own, and prints the cost as JSON.

`ours` builds all reports of large books and writes report.xlsx; `floor` writes the same cells, read off
that workbook's own sheets, with XlsxWriter alone; `detail` writes the general ledger's sheet alone.
"""

import io
import json
import resource
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, cast

import xlsxwriter
from lxml import etree

from collections_app.reports.build import build
from collections_app.reports.workbook import write_workbook
from tests.benchmarks.ledger_books import large_books

_NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class Sink(io.RawIOBase):
    """A target that cannot be sought, as the encrypting one; counts its bytes."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self.file = file
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, content: bytes) -> int:  # type: ignore[override]
        self.size += len(content)
        return self.file.write(content)


def ours(file: Path, lines: int, months: int, accounts: int, documents: int) -> dict[str, float]:
    books = large_books(lines, months, accounts, documents)
    made = time.process_time()
    reports = build(books)
    built = time.process_time()
    with file.open("wb") as target:
        write_workbook(reports, cast(BinaryIO, Sink(target)))
    return {"build": built - made, "write": time.process_time() - built}


def detail(file: Path, lines: int, months: int, accounts: int, documents: int) -> dict[str, float]:
    books = replace(
        large_books(lines, months, accounts, 0),
        wanted=frozenset({"general_ledger"}),
        receivables=None,
        payables=None,
    )
    reports = build(books)
    made = time.process_time()
    with file.open("wb") as target:
        write_workbook(reports, cast(BinaryIO, Sink(target)))
    return {"build": 0.0, "write": time.process_time() - made}


def floor(file: Path, *_: int) -> dict[str, float]:
    """The cells of `file`, one row after the other, into a workbook of XlsxWriter's constant-memory mode.

    Only the time inside XlsxWriter counts, not that of reading the cells.
    """
    spent = 0.0
    with zipfile.ZipFile(file) as archive:
        texts = [
            "".join(item.itertext())
            for _, item in etree.iterparse(archive.open("xl/sharedStrings.xml"), tag=f"{_NAMESPACE}si")
        ]
        names = sorted(name for name in archive.namelist() if name.startswith("xl/worksheets/sheet"))
        workbook = xlsxwriter.Workbook(str(file.with_suffix(".floor.xlsx")), {"constant_memory": True})
        for name in names:
            sheet = workbook.add_worksheet()
            for row, values in enumerate(_rows(archive, name, texts)):
                started = time.process_time()
                for column, value in values:
                    if isinstance(value, str):
                        sheet.write_string(row, column, value)
                    else:
                        sheet.write_number(row, column, value)
                spent += time.process_time() - started
        started = time.process_time()
        workbook.close()
    return {"build": 0.0, "write": spent + time.process_time() - started}


def _rows(archive: zipfile.ZipFile, name: str, texts: list[str]) -> Iterator[list[tuple[int, str | float]]]:
    for _, row in etree.iterparse(archive.open(name), tag=f"{_NAMESPACE}row"):
        values: list[tuple[int, str | float]] = []
        for column, cell in enumerate(row):
            kind, content = cell.get("t"), "".join(cell.itertext())
            shown = cell.findtext(f"{_NAMESPACE}v")
            if kind == "inlineStr":
                values.append((column, content))
            elif kind == "s":
                values.append((column, texts[int(content)]))
            elif shown:
                values.append((column, float(shown)))
        row.clear()
        while row.getprevious() is not None:
            del row.getparent()[0]
        yield values


WAYS: dict[str, Callable[..., dict[str, float]]] = {"ours": ours, "floor": floor, "detail": detail}


def main(way: str, file: str, *sizes: str) -> None:
    started = time.process_time()
    cost = WAYS[way](Path(file), *map(int, sizes))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    whole = time.process_time() - started
    print(json.dumps({**cost, "seconds": whole, "peak_kib": peak, "size": Path(file).stat().st_size}))


if __name__ == "__main__":
    main(*sys.argv[1:])
