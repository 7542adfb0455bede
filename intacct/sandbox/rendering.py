"""Rows as text: picked, formatted for their reader, and written as XML, JSON or CSV without a tree.

A page of a large table is most of what the sandbox does, so a plain column of the file goes out by one
look-up.
"""

import csv
import io
import json
import re
import threading
from collections.abc import Hashable, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any
from xml.sax.saxutils import escape

from intacct.sandbox.company import User
from intacct.sandbox.formatting import printer_for
from intacct.sandbox.source import Source
from intacct.sandbox.tables import UNSAFE, Row

_NOT_ALLOWED = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Values = tuple[str, ...]


class Remembered:
    """Pages that were written before, up to so many bytes: readers of a large table come back to them."""

    LARGEST = 160 * 1024 * 1024

    def __init__(self) -> None:
        self._pages: dict[Hashable, bytes] = {}
        self._size = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> bytes:
        """The page, empty where it is not remembered."""
        with self._lock:
            return self._pages.get(key, b"")

    def put(self, key: Hashable, page: bytes) -> bytes:
        """Remember a page and forget the oldest ones that no longer fit."""
        with self._lock:
            self._size += len(page) - len(self._pages.pop(key, b""))
            self._pages[key] = page
            while self._size > self.LARGEST:
                self._size -= len(self._pages.pop(next(iter(self._pages))))
        return page


class Fields:
    """Fields of an object as one user sees them; raises FunctionFailure for one that the object lacks."""

    def __init__(self, source: Source, user: User, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self._readers = [source.text(name) for name in names]
        self._printers = [printer_for(user, source.company, source.kind(name)) for name in names]
        self._places = [source.place(name) for name in names]
        self._table = source.table
        self._settings = tuple(sorted(user.formatting.items()))

    def values(self, rows: Iterable[Row]) -> Iterator[Values]:
        """The fields of each row, as the user's settings print them."""
        if not any(self._printers) and len(self._places) > 1 and None not in self._places:
            return map(itemgetter(*(place for place in self._places if place is not None)), rows)
        return (self._read(row) for row in rows)

    def _read(self, row: Row) -> Values:
        return tuple(
            reader(row) if printer is None else printer(reader(row))
            for reader, printer in zip(self._readers, self._printers, strict=True)
        )

    def xml_of_page(self, name: str, rows: Iterable[Row], place: tuple[Any, ...]) -> bytes:
        """The same as `xml`, remembered under the place of the page among all pages of the table."""
        if None in self._places:
            return self.xml(name, rows)
        pages: Remembered = self._table.memory.setdefault("pages", Remembered())
        key = (place, self.names, self._settings)
        return pages.get(key) or pages.put(key, self.xml(name, rows))

    def xml(self, name: str, rows: Iterable[Row]) -> bytes:
        """An element of this name for each row."""
        plain = all(place is not None and self._table.is_plain(place) for place in self._places)
        return elements(name, self.names, self.values(rows), plain=plain)


def elements(name: str, tags: Sequence[str], rows: Iterable[Values], *, plain: bool = False) -> bytes:
    """An element for each row; `plain` says that no value needs escaping."""
    template = f"<{name}>{''.join(f'<{tag}>%s</{tag}>' for tag in tags)}</{name}>"
    if not plain:
        rows = (tuple(map(_escaped, row)) for row in rows)
    return "".join([template % row for row in rows]).encode()


def _escaped(text: str) -> str:
    """The text as XML; characters that XML does not allow are left out, as the gateway leaves them out."""
    if UNSAFE.search(text) is None:
        return text
    return escape(_NOT_ALLOWED.sub("", text), {"\r": "&#13;"})


def bare_list(form: str, tags: Sequence[str], rows: Iterable[Values]) -> tuple[str, bytes]:
    """Content type and body of a list in JSON or CSV, which has no envelope; all values are text."""
    if form == "json":
        listed = [dict(zip(tags, row, strict=True)) for row in rows]
        return "application/json", json.dumps(listed, ensure_ascii=False).encode()
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(tags)
    writer.writerows(rows)
    return "text/csv", file.getvalue().encode()
