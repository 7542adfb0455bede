"""One answer of a list: what it announces, and its rows while they arrive."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from intacct.errors import IntacctError
from intacct.scanning import Values


@dataclass(frozen=True, slots=True)
class Counts:
    """total: rows that matched when the answer was made.  count: those in it.  remaining: those after it.

    result_id: where the older way to read goes on, "" in a query.
    """

    total: int
    count: int
    remaining: int
    result_id: str = ""

    @property
    def consistent(self) -> bool:
        """Whether the numbers agree, and rows that are left are not withheld by an empty page."""
        return self.count + self.remaining == self.total and (self.count > 0 or self.total == 0)


class OpenPage:
    """A page whose rows are arriving. It keeps a connection and a place at the gate until it is closed."""

    def __init__(
        self, counts: Counts, batches: Iterator[list[Values]], close: Callable[[], None], label: str
    ) -> None:
        self.counts = counts
        self._arriving = batches
        self._close = close
        self._label = label
        self._kept: list[list[Values]] = []
        self._problem: IntacctError | None = None
        self._ended = False

    def close(self) -> None:
        """Gives connection and place back. Rows that have not arrived are given up."""
        if not self._ended:
            self._ended = True
            self._close()

    def batches(self) -> Iterator[list[Values]]:
        """The rows, as many at a time as arrived together. Raises what breaks the answer off."""
        try:
            while (batch := self._next()) is not None:
                yield batch
        finally:
            self.close()

    def absorb(self) -> None:
        """Takes in what is still to arrive, because the caller has something else to ask first."""
        try:
            while not self._ended and (batch := self._arrived()) is not None:
                self._kept.append(batch)
        except IntacctError as problem:
            self._problem = problem
        self.close()

    def _next(self) -> list[Values] | None:
        if self._kept:
            return self._kept.pop(0)
        if self._problem is not None:
            raise self._problem
        return None if self._ended else self._arrived()

    def _arrived(self) -> list[Values] | None:
        try:
            return next(self._arriving, None)
        except IntacctError as error:
            error.function = error.function or self._label
            raise
