"""The older way to page: the gateway keeps the scan and gives it out under a result id."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from intacct.errors import IncompleteRead
from intacct.paging import Page
from intacct.scanning import Values


class Scan:
    """One scan from its first page to its last. A page cannot be asked for twice, so nothing is repeated.

    open_page: takes a result id, "" at first, and returns the next page.
    """

    def __init__(self, open_page: Callable[[str], Page], label: str) -> None:
        self._open_page = open_page
        self._label = label
        self._seen: set[int] = set()

    def batches(self) -> Iterator[list[Values]]:
        """Every row once. Raises IncompleteRead when counts and rows disagree, or a row comes again."""
        result_id, left = "", None
        while left != 0:
            page = self._open_page(result_id)
            counts = page.counts
            begins_with = counts.count + counts.remaining
            if not (counts.count or counts.total == 0) or begins_with != (
                counts.total if left is None else left
            ):
                page.close()
                raise self._incomplete(f"{left} rows were left to read and then there were {begins_with}")
            received = 0
            for batch in page.batches():
                received += len(batch)
                self._refuse_repeated(batch)
                yield batch
            if received != counts.count:
                raise self._incomplete(f"{counts.count} rows were announced, not {received}")
            result_id, left = counts.result_id, counts.remaining

    def _refuse_repeated(self, batch: list[Values]) -> None:
        for values in batch:
            mark = hash(values)
            if mark in self._seen:
                raise self._incomplete("a row came twice")
            self._seen.add(mark)

    def _incomplete(self, detail: str) -> IncompleteRead:
        return IncompleteRead(detail, function=self._label)
