"""All rows of a query, page after page, proved complete or refused.

Pages are taken by key: each asks for the rows whose key is greater than the last one seen. Paging by offset
loses and repeats rows when records come and go between two pages, and the gateway keeps no snapshot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from intacct.errors import IncompleteRead
from intacct.functions.query import Page
from intacct.parsing import whole_number

READINGS = 3
Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Key:
    """The field that orders the rows and tells them apart.

    number: compared as a number, so that 9 comes before 10. A key that is text is ordered by the gateway, in
    an order of its own; then only repetition can be noticed.
    """

    field: str
    number: bool = True


def read_all(read_page: Callable[[str], Page], key: Key, label: str) -> Iterator[Fields]:
    """Every row, each page checked before its first row is handed on.

    read_page: takes the last key seen, "" at first, and returns the page after it.  label: for errors.
    Raises IncompleteRead when keys repeat or go backward, or when counts and rows still disagree after
    several readings.
    """
    order = _Order(key, label)
    last, left = "", None
    while True:
        page = _settled_page(read_page, last, left, label)
        for row in page.rows:
            last = order.next(row)
        yield from page.rows
        if page.remaining == 0:
            return
        left = page.remaining


def _settled_page(read_page: Callable[[str], Page], last: str, left: int | None, label: str) -> Page:
    """A page whose counts agree with its rows and with what the page before said was left.

    Records may come and go between two pages; then the page is read again, and taken once two readings of it
    are the same.
    """
    before: Page | None = None
    for _ in range(READINGS):
        try:
            page = read_page(last)
        except IncompleteRead as problem:
            detail = problem.detail
            continue
        if not _consistent(page):
            detail = "the counts of a page do not agree with its rows"
        elif left is None or page.total == left or page == before:
            return page
        else:
            detail = f"{left} rows were left to read and then there were {page.total}"
            before = page
    raise IncompleteRead(
        f"{detail}, in each of {READINGS} readings after {last or 'the start'}", function=label
    )


def _consistent(page: Page) -> bool:
    return len(page.rows) + page.remaining == page.total and (bool(page.rows) or page.total == 0)


class _Order:
    """Sees every key once and refuses one that does not advance."""

    def __init__(self, key: Key, label: str) -> None:
        self._key = key
        self._label = label
        self._highest = -1
        self._seen: set[str] = set()

    def next(self, row: Fields) -> str:
        value = row.get(self._key.field, "")
        if not value:
            raise IncompleteRead(f"a row has no {self._key.field}", function=self._label)
        if self._key.number:
            number = whole_number(value, self._key.field)
            repeated = number <= self._highest
            self._highest = number
        else:
            repeated = value in self._seen
            self._seen.add(value)
        if repeated:
            detail = f"the rows repeat or go back at {self._key.field} {value[:60]}"
            raise IncompleteRead(detail, function=self._label)
        return value
