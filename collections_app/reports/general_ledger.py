"""The general ledger: for every month and account the opening balance, the lines with a running balance, the
closing balance.

It is a stream of rows, so that a ledger of any size can be written in constant memory. Months follow one
another, and within a month the accounts in order of number, because lines arrive by month in the gateway's
own order: sorting inside one month needs no file on disk and no second copy of the ledger, and a workbook
splits its sheets by month anyway. A month with more lines than ``LINES_AT_ONCE`` is read several times, some
accounts at a time; an account with more lines than that is read day by day.

Opening and closing balances are those of the trial balance. Where the lines do not lead from one to the
other, the difference is a row of its own.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import Enum

from collections_app.reports.exactness import EXACT
from collections_app.reports.figures import ZERO, Account, TrialBalanceRow
from collections_app.reports.fiscal_ledger import FiscalLedger, LedgerMonth
from collections_app.reports.journal import Journal, JournalLine
from collections_app.reports.periods import Window
from collections_app.reports.placement import account_outside_chart

# About 1 KiB each: at most some 100 MiB, and one reading for a ledger of a million lines in a year.
LINES_AT_ONCE = 100_000


class RowKind(Enum):
    """What a row of the general ledger is; the value is a phrase for people."""

    OPENING = "Opening balance"
    LINE = "Journal line"
    DIFFERENCE = "Difference between the lines and the trial balance"
    CLOSING = "Closing balance"


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One row, debit positive: ``balance`` is the account's after it.

    ``amount`` is the movement of a journal line, or the difference; ``line`` is None for all but lines.
    """

    kind: RowKind
    window: Window
    account: Account
    balance: Decimal
    amount: Decimal = ZERO
    line: JournalLine | None = None


def general_ledger(
    ledger: FiscalLedger, journal: Journal, lines_at_once: int = LINES_AT_ONCE
) -> Iterator[LedgerRow]:
    """The rows of all months shown; accounts without balance and activity in a month are left out there."""
    accounts = {placement.account.number: placement.account for placement in ledger.placements}
    for month in ledger.shown:
        lines = _MonthLines(journal, month.window, lines_at_once)
        groups = lines.by_account()
        for number in sorted(accounts.keys() | lines.counts.keys()):
            account = accounts.get(number) or account_outside_chart(number)
            of_account = next(groups)[1] if number in lines.counts else ()
            row = month.rows.get(number) or TrialBalanceRow(number)
            if number in lines.counts or not row.is_zero:
                yield from _account_rows(account, month, row, of_account)


@dataclass(frozen=True, slots=True)
class LedgerBlock:
    """The rows of one account in one month, opening and closing balance among them, by number alone."""

    window: Window
    account: str
    rows: int


def ledger_blocks(ledger: FiscalLedger, journal: Journal) -> Iterator[LedgerBlock]:
    """How many rows ``general_ledger`` has for each month and account, in its order.

    So a writer knows where everything will stand before it writes the first row.
    """
    accounts = {placement.account.number for placement in ledger.placements}
    for month in ledger.shown:
        counts: Counter[str] = Counter()
        moved: dict[str, Decimal] = {}
        for line in journal.lines(*month.window):
            number = line.account
            counts[number] += 1
            net = EXACT.subtract(line.debit, line.credit)
            moved[number] = EXACT.add(moved.get(number, ZERO), net)
        for number in sorted(accounts | counts.keys()):
            row = month.rows.get(number) or TrialBalanceRow(number)
            if number in counts or not row.is_zero:
                differs = EXACT.add(row.opening, moved.get(number, ZERO)) != row.closing
                yield LedgerBlock(month.window, number, counts[number] + (3 if differs else 2))


def _account_rows(
    account: Account, month: LedgerMonth, row: TrialBalanceRow, lines: Iterable[JournalLine]
) -> Iterator[LedgerRow]:
    window, balance = month.window, row.opening
    yield LedgerRow(RowKind.OPENING, window, account, balance)
    for line in lines:
        amount = EXACT.subtract(line.debit, line.credit)
        balance = EXACT.add(balance, amount)
        yield LedgerRow(RowKind.LINE, window, account, balance, amount, line)
    if balance != row.closing:
        difference = EXACT.subtract(row.closing, balance)
        yield LedgerRow(RowKind.DIFFERENCE, window, account, row.closing, difference)
    yield LedgerRow(RowKind.CLOSING, window, account, row.closing)


class _MonthLines:
    """The lines of one month by account, at most so many of them held at once."""

    def __init__(self, journal: Journal, window: Window, lines_at_once: int) -> None:
        self.journal = journal
        self.window = window
        self.lines_at_once = lines_at_once
        self.counts: Counter[str] = Counter()
        self.held = self._read()

    def _read(self) -> dict[str, list[JournalLine]]:
        """Count the lines of every account, and hold them all as long as there are not too many."""
        held: dict[str, list[JournalLine]] = {}
        for place, line in enumerate(self.journal.lines(*self.window), start=1):
            self.counts[line.account] += 1
            if place <= self.lines_at_once:
                held.setdefault(line.account, []).append(line)
            elif held:
                held = {}
        return held

    def by_account(self) -> Iterator[tuple[str, Iterable[JournalLine]]]:
        """Every account that has lines, in order of number, with its lines in order of date."""
        if self.counts.total() <= self.lines_at_once:
            yield from _in_order(self.held)
            return
        for batch in self._batches():
            if self.counts[batch[0]] > self.lines_at_once:
                yield batch[0], self._day_by_day(batch[0])
            else:
                yield from _in_order(self._only(batch))

    def _batches(self) -> Iterator[list[str]]:
        """The accounts in order, as many together as may be held; an account with too many is alone."""
        batch: list[str] = []
        size = 0
        for number in sorted(self.counts):
            if batch and size + self.counts[number] > self.lines_at_once:
                yield batch
                batch, size = [], 0
            batch.append(number)
            size += self.counts[number]
        yield batch

    def _only(self, numbers: Iterable[str]) -> dict[str, list[JournalLine]]:
        chosen: dict[str, list[JournalLine]] = {number: [] for number in numbers}
        for line in self.journal.lines(*self.window):
            if line.account in chosen:
                chosen[line.account].append(line)
        return chosen

    def _day_by_day(self, number: str) -> Iterator[JournalLine]:
        day = self.window.start
        while day <= self.window.end:
            yield from (line for line in self.journal.lines(day, day) if line.account == number)
            day += timedelta(days=1)


def _in_order(held: Mapping[str, list[JournalLine]]) -> Iterator[tuple[str, Iterable[JournalLine]]]:
    for number in sorted(held):
        yield number, sorted(held[number], key=lambda line: line.entry_date)
