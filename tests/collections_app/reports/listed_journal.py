"""A journal of lines that a test has made."""

from collections.abc import Iterable, Iterator
from datetime import date

from collections_app.reports.journal import JournalLine


class ListedJournal:
    """The lines as they are listed; a month is asked for as often as needed."""

    def __init__(self, lines: Iterable[JournalLine]) -> None:
        self.all = list(lines)

    def lines(self, start: date, end: date) -> Iterator[JournalLine]:
        return (line for line in self.all if start <= line.entry_date <= end)
