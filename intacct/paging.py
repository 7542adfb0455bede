"""All rows of a query, page after page, proved complete or refused.

Pages are taken by key: each asks for the rows whose key is greater than the last one seen. Paging by offset
loses and repeats rows when records come and go between two pages, and the gateway keeps no snapshot. By key,
a page that breaks off is no loss either: the next one begins behind the last row that arrived.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from operator import itemgetter
from typing import Protocol

from intacct.errors import IncompleteRead, IntacctError
from intacct.keys import Key, order_of
from intacct.pages import Counts
from intacct.retries import REPEATED
from intacct.scanning import Values

READINGS = 3


class Page(Protocol):
    """What is read here: an answer's counts, known before its rows."""

    @property
    def counts(self) -> Counts: ...

    def batches(self) -> Iterator[list[Values]]: ...

    def close(self) -> None: ...


class KeysetRead:
    """One list, read by its key.

    open_page: takes the last key seen, "" at first, and returns the page after it.
    place: of the key in a row.  label: for errors.
    pause: waits, after so many failures in a row, before a page that broke off is asked for again.
    """

    def __init__(
        self,
        open_page: Callable[[str], Page],
        key: Key,
        place: int,
        label: str,
        pause: Callable[[int, IntacctError], None],
    ) -> None:
        self._open_page = open_page
        self._order = order_of(key, label)
        self._place = place
        self._label = label
        self._pause = pause
        self._last = ""
        self._left: int | None = None
        self._failures = 0
        self._finished = False

    def batches(self) -> Iterator[list[Values]]:
        """Every row once. Raises IncompleteRead when keys repeat or go back, or when counts and rows still
        disagree after several readings.
        """
        while not self._finished:
            yield from self.page()

    @property
    def finished(self) -> bool:
        """Whether the last page has been read to its end."""
        return self._finished

    def page(self) -> Generator[list[Values], None, None]:
        """The rows of the next page; fewer if it breaks off, and then the next one goes on behind them."""
        page = self._settled()
        self._left = page.counts.total
        arriving, key_of = page.batches(), itemgetter(self._place)
        try:
            while (batch := self._next(arriving, page.counts)) is not None:
                keys = list(map(str.strip, map(key_of, batch)))
                self._order.take(keys)
                self._last = keys[-1]
                self._left -= len(batch)
                yield batch
        finally:
            page.close()

    def _next(self, arriving: Iterator[list[Values]], counts: Counts) -> list[Values] | None:
        """The page's next rows; None at its end, proper or not."""
        try:
            batch = next(arriving, None)
            received = counts.total - (self._left or 0) + len(batch or ())
            if received > counts.count or (batch is None and received < counts.count):
                raise IncompleteRead(
                    f"{counts.count} rows were announced, not {received}", function=self._label
                )
        except (IncompleteRead, *REPEATED) as problem:
            self._broke_off(problem)
            return None
        if batch is None:
            self._failures = 0
            self._finished = counts.remaining == 0
        return batch

    def _broke_off(self, problem: IntacctError) -> None:
        self._failures += 1
        if self._failures >= READINGS:
            raise problem
        self._pause(self._failures, problem)

    def _settled(self) -> Page:
        """A page whose counts agree with each other and with what the page before said was left.

        Records may come and go between two pages; then the page is asked for again, and taken once two
        answers in a row announce the same.
        """
        before: Counts | None = None
        for _ in range(READINGS):
            page = self._open_page(self._last)
            counts = page.counts
            if counts.consistent and (self._left in (None, counts.total) or counts == before):
                return page
            page.close()
            before = counts
            detail = f"{self._left} rows were left to read and then there were {counts.total}"
            if not counts.consistent:
                before, detail = None, "the counts of a page do not agree with its rows"
        where = self._last or "the start"
        raise IncompleteRead(f"{detail}, in each of {READINGS} readings after {where}", function=self._label)
