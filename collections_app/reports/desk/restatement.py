"""What changed between two collections of the same books: by month and account, and by journal line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from collections_app.reports.figures import ZERO, MonthlyTrialBalance, TrialBalanceRow
from collections_app.reports.journal import JournalLine


@dataclass(frozen=True, slots=True)
class Change:
    """An account whose month is told otherwise: `before` and `after` are its movements, debit positive.

    `carried` is the difference of its opening balances, which an earlier month brought along.
    """

    start: date
    end: date
    account: str
    before: Decimal
    after: Decimal
    carried: Decimal

    @property
    def difference(self) -> Decimal:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A journal line that only one of them has (`is_new`: the later one)."""

    line: JournalLine
    is_new: bool


def common_months(
    earlier: Iterable[MonthlyTrialBalance], later: Iterable[MonthlyTrialBalance]
) -> Iterator[tuple[MonthlyTrialBalance, MonthlyTrialBalance]]:
    """The months, or parts of months, that both have to the day."""
    there = {(month.start, month.end): month for month in later}
    for month in earlier:
        if (month.start, month.end) in there:
            yield month, there[month.start, month.end]


def changes(
    earlier: Iterable[MonthlyTrialBalance], later: Iterable[MonthlyTrialBalance]
) -> tuple[Change, ...]:
    """The accounts with other movements, and in the first common month those with another opening alone."""
    found: list[Change] = []
    for number, (before, after) in enumerate(common_months(earlier, later)):
        old, new = _by_account(before.rows), _by_account(after.rows)
        for account in sorted({*old, *new}):
            left, right = (
                old.get(account, TrialBalanceRow(account)),
                new.get(account, TrialBalanceRow(account)),
            )
            moved = _movement(left), _movement(right)
            carried = right.opening - left.opening
            if moved[0] != moved[1] or (number == 0 and carried):
                found.append(Change(before.start, before.end, account, *moved, carried))
    return tuple(found)


def changed_lines(earlier: Iterable[JournalLine], later: Iterable[JournalLine]) -> tuple[ChangedLine, ...]:
    """The lines that only one of them has, by record number and amount, in the order of their days."""
    old, new = {_identity(line): line for line in earlier}, {_identity(line): line for line in later}
    gone = [ChangedLine(line, False) for key, line in old.items() if key not in new]
    come = [ChangedLine(line, True) for key, line in new.items() if key not in old]
    return tuple(sorted(gone + come, key=lambda each: (each.line.entry_date, each.line.batch, each.is_new)))


def net(lines: Sequence[ChangedLine]) -> Decimal:
    """What the lines change together, debit positive."""
    return sum((each.line.movement if each.is_new else -each.line.movement for each in lines), ZERO)


def _by_account(rows: Iterable[TrialBalanceRow]) -> dict[str, TrialBalanceRow]:
    return {row.account: row for row in rows}


def _movement(row: TrialBalanceRow) -> Decimal:
    return row.debits - row.credits + row.adjusting_debits - row.adjusting_credits


def _identity(line: JournalLine) -> tuple[str, str, date, Decimal]:
    return line.record, line.account, line.entry_date, line.movement
