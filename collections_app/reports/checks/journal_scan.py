"""One pass through the journal, one month at a time, for every check that needs its lines.

What is kept is small whatever the size of the journal: for each month the sum of each account, of each entry
only what does not balance yet, and the evidence of what is wrong. Entries that do not balance at the end of a
month stay open, because an entry may have lines in two months; beyond ``OPEN_ENTRIES`` of them they are
settled as one-sided at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from collections_app.reports.books import Books
from collections_app.reports.checks.comparisons import Comparisons
from collections_app.reports.figures import ZERO
from collections_app.reports.journal import Journal, JournalLine
from collections_app.reports.periods import Window

OPEN_ENTRIES = 100_000


@dataclass(frozen=True, slots=True)
class DetailMonth:
    """The lines of one month: how many, and each account's movement, debit positive."""

    window: Window
    lines: int
    movements: Mapping[str, Decimal]


@dataclass(slots=True)
class _Entry:
    """What an entry, or its part in one entity, comes to so far."""

    first: JournalLine
    total: Decimal


@dataclass(slots=True)
class JournalScan:
    """What the pass found.

    ``one_sided`` are the entries, or their parts by entity, that do not add up to zero. ``beyond`` counts
    those not judged because their own date is outside what was collected, ``nameless`` the lines without an
    entry. ``misdated`` are lines outside the month of their entry, ``future`` lines dated after the day of
    collection; ``undated`` counts lines whose entry has no date.
    """

    months: list[DetailMonth] = field(default_factory=list)
    one_sided: Comparisons = field(default_factory=Comparisons)
    beyond: int = 0
    nameless: int = 0
    misdated: Comparisons = field(default_factory=Comparisons)
    future: Comparisons = field(default_factory=Comparisons)
    undated: int = 0

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return sum(month.lines for month in self.months)


def scan_journal(books: Books) -> JournalScan | None:
    """The pass over the months asked for: lines are collected for these alone. None where none were."""
    if books.journal is None:
        return None
    reader = _Reader(books)
    for month in books.months_shown:
        reader.read(books.journal, Window(month.start, month.end))
    reader.settle()
    return reader.found


class _Reader:
    def __init__(self, books: Books) -> None:
        self.found = JournalScan()
        self._span = Window(books.months_shown[0].start, books.months_shown[-1].end)
        self._today = books.heading.collected_at.date()
        self._entity_of = books.entity_of_location
        self._open: dict[tuple[str, str], _Entry] = {}

    def read(self, journal: Journal, window: Window) -> None:
        movements: dict[str, Decimal] = {}
        lines = 0
        for line in journal.lines(*window):
            lines += 1
            amount = line.debit - line.credit
            movements[line.account] = movements.get(line.account, ZERO) + amount
            self._add_to_entry(line, amount)
            self._look_at_dates(line)
        self.found.months.append(DetailMonth(window, lines, movements))
        if len(self._open) > OPEN_ENTRIES:
            self.settle()

    def _add_to_entry(self, line: JournalLine, amount: Decimal) -> None:
        if not line.batch:
            self.found.nameless += 1
            return
        key = (line.batch, self._entity_of.get(line.location, ""))
        entry = self._open.get(key)
        if entry is None:
            if amount:
                self._open[key] = _Entry(line, amount)
        else:
            entry.total += amount
            if not entry.total:
                del self._open[key]

    def _look_at_dates(self, line: JournalLine) -> None:
        if line.batch_date is None:
            self.found.undated += 1
        elif _month(line.batch_date) != _month(line.entry_date):
            note = f"The entry is dated {line.batch_date.isoformat()}."
            self.found.misdated.find(_place(line), note, line.movement)
        if line.entry_date > self._today:
            note = f"Dated after the day of collection, {self._today.isoformat()}."
            self.found.future.find(_place(line), note, line.movement)

    def settle(self) -> None:
        """Judge what is still open: one-sided, unless the entry's own date is outside what was collected."""
        for (_, entity), entry in self._open.items():
            day = entry.first.batch_date
            if day is not None and not self._span.start <= day <= self._span.end:
                self.found.beyond += 1
            else:
                self.found.one_sided.compare(_entry_place(entry.first, entity), ZERO, entry.total)
        self._open = {}


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


def _place(line: JournalLine) -> str:
    return f"Entry {line.batch} {line.batch_title}".rstrip() + (
        f", line {line.line_number}, {line.entry_date.isoformat()}, account {line.account}"
    )


def _entry_place(line: JournalLine, entity: str) -> str:
    inside = f", entity {entity}" if entity else ""
    return f"Entry {line.batch} {line.batch_title}".rstrip() + f", {line.entry_date.isoformat()}{inside}"
