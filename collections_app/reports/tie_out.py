"""The aging against the control accounts, month by month, with the lines that make the difference.

Difference = aging total less control balance. It passes within 1.00 or 0.01 % of the control balance,
whichever is more, is a warning up to 1 %, and fails above (practice; checks R10 and R11). Advances that the
ledger holds on an account of their own are said, and not held against it.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Literal

from collections_app.reports.books import Books
from collections_app.reports.control_accounts import control_accounts, owed_balance, owed_opening
from collections_app.reports.division import share
from collections_app.reports.figures import ZERO
from collections_app.reports.open_items import History, history
from collections_app.reports.reconciliation import Reconciliation
from collections_app.reports.reconciling_items import Cause, Entry, Reconciling, entries_of
from collections_app.reports.subledger import Side

Outcome = Literal["pass", "warning", "fail"]
EVIDENCE_LIMIT = 50
_SMALLEST_TOLERANCE, _PASS_PERCENT, _WARNING_PERCENT = Decimal("1.00"), Decimal("0.01"), Decimal(1)

CAUSES: dict[Cause, str] = {
    "brought_forward": "The difference was there before the first month collected.",
    "direct_posting": "Journals posted to the control account without a document.",
    "revaluation": "Revaluations of open items in foreign currency.",
    "different_month": "Entries that the subledger and the ledger date in different months.",
    "reversal": "Ledger entries of reversed documents; the subledger does not say when they were reversed.",
    "advance_account": "Advances and unapplied receipts that the ledger holds on an account of their own.",
    "other_account": "Documents that the ledger holds on another account.",
    "only_in_ledger": "Ledger entries of the subledger's own module for which it shows no document.",
    "only_in_subledger": "Documents, receipts or discounts that the control account does not show.",
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """One cause in one month: what it adds to the difference, and the evidence.

    ``evidence`` holds at most EVIDENCE_LIMIT of ``count`` entries or lines, those of the largest amounts.
    """

    cause: Cause
    amount: Decimal
    count: int
    evidence: tuple[Reconciling, ...]

    @property
    def sentence(self) -> str:
        """The cause in words."""
        return CAUSES[self.cause]


@dataclass(frozen=True, slots=True)
class TieOutMonth:
    """One month end. ``difference = aging - control``; ``unexplained`` is what nothing accounts for."""

    as_of: date
    aging: Decimal
    control: Decimal
    difference: Decimal
    explanations: tuple[Explanation, ...]
    unexplained: Decimal

    @property
    def tolerance(self) -> Decimal:
        """Up to this difference the month passes."""
        return max(_SMALLEST_TOLERANCE, share(abs(self.control), _PASS_PERCENT))

    @property
    def judged(self) -> Decimal:
        """The difference that counts: without advances that are on an account of their own."""
        elsewhere = (each.amount for each in self.explanations if each.cause == "advance_account")
        return self.difference - sum(elsewhere, ZERO)

    @property
    def outcome(self) -> Outcome:
        """Pass, warning or fail."""
        if abs(self.judged) <= self.tolerance:
            return "pass"
        return "warning" if abs(self.judged) <= share(abs(self.control), _WARNING_PERCENT) else "fail"


@dataclass(frozen=True, slots=True)
class TieOut:
    """One side's tie-out. ``reason`` says in one sentence why there are no months, where there are none."""

    side: Side
    accounts: tuple[str, ...]
    months: tuple[TieOutMonth, ...]
    reason: str = ""


def tie_out(books: Books, side: Side, named: Iterable[str] = (), known: History | None = None) -> TieOut:
    """The tie-out of one side at the end of each month asked for.

    ``named`` are control accounts beside those that the gateway flags.
    ``known`` is the side's history where the caller has it already, which spares working it out again.
    Raises ControlAccountUnknown for a named account that is not in the chart.
    """
    subledger = books.receivables if side == "receivable" else books.payables
    accounts = control_accounts(books.accounts, side, named)
    numbers = tuple(sorted(accounts))
    if subledger is None:
        return TieOut(side, numbers, (), "The documents were not collected; nothing can be compared.")
    if books.heading.basis == "cash":
        return TieOut(side, numbers, (), "On the cash basis the ledger holds no open documents.")
    if not accounts:
        return TieOut(side, numbers, (), "No control account is known; name the account that holds them.")
    return TieOut(side, numbers, _months(books, known or history(subledger), accounts))


def _months(books: Books, known: History, accounts: frozenset[str]) -> tuple[TieOutMonth, ...]:
    side = known.subledger.side
    before = books.months_shown[0].start - timedelta(days=1)
    opening, *positions = known.positions([before, *(month.end for month in books.months_shown)])
    brought_forward = opening.total - owed_opening(books.months_shown[0], accounts, side)
    causes = [Reconciling("brought_forward", before, brought_forward)] if brought_forward else []
    causes += _reconciling(books, known, accounts)
    return tuple(
        _month(position.as_of, position.total, owed_balance(month, accounts, side), causes)
        for month, position in zip(books.months_shown, positions, strict=True)
    )


def _reconciling(books: Books, known: History, accounts: frozenset[str]) -> list[Reconciling]:
    if books.journal is None:
        return []
    undated = tuple(abs(record.amount) for record in known.undated_reversals)
    others = {each.number for each in books.accounts if each.account_type == "balancesheet"} - accounts
    reconciliation = Reconciliation(known.subledger.side, accounts, frozenset(others), undated)
    entries = _by_month(books, entries_of(known))
    for month in books.months_shown:
        reconciliation.add_month(entries[month.end], books.journal.lines(month.start, month.end))
    return _without_settled(reconciliation.finish(), [month.end for month in books.months_shown])


def _without_settled(causes: Sequence[Reconciling], ends: Iterable[date]) -> list[Reconciling]:
    """The causes, those that make up for each other ended on the month end by which they do.

    When the sum of all causes is again what it was at the end of an earlier month, those that came since then
    explain each other, and none of them explains what is different later.
    """
    waiting, kept = deque(causes), [cause for cause in causes if cause.until is not None]
    levels: list[tuple[Decimal, list[Reconciling]]] = [(ZERO, [])]
    for end in ends:
        since = []
        while waiting and waiting[0].day <= end:
            cause = waiting.popleft()
            if cause.until is None:
                since.append(cause)
        level = levels[-1][0] + sum((cause.amount for cause in since), ZERO)
        levels.append((level, since))
        earlier = next(place for place, known in enumerate(levels) if known[0] == level)
        for _, settled in levels[earlier + 1 :]:
            kept += [_ended(cause, end) for cause in settled]
        del levels[earlier + 1 :]
    return kept + [cause for _, since in levels for cause in since]


def _ended(cause: Reconciling, end: date) -> Reconciling:
    """What only one side had until the other followed is a difference of dates."""
    if cause.cause in ("only_in_ledger", "only_in_subledger"):
        return replace(cause, until=end, cause="different_month")
    return replace(cause, until=end)


def _by_month(books: Books, entries: Iterable[Entry]) -> dict[date, list[Entry]]:
    """The entries of each month shown, by the day on which it ends."""
    found: dict[date, list[Entry]] = {month.end: [] for month in books.months_shown}
    ends = sorted(found)
    first, place = books.months_shown[0].start, 0
    for entry in entries:
        while place < len(ends) and ends[place] < entry.day:
            place += 1
        if place == len(ends):
            break
        if entry.day >= first:
            found[ends[place]].append(entry)
    return found


def _month(day: date, aging: Decimal, control: Decimal, causes: Iterable[Reconciling]) -> TieOutMonth:
    live = sorted((cause for cause in causes if cause.is_open(day)), key=lambda each: each.cause)
    explanations = []
    for cause, group in groupby(live, key=lambda each: each.cause):
        each = sorted(group, key=lambda found: (-abs(found.amount), found.day))
        amount = sum((found.amount for found in each), ZERO)
        explanations.append(Explanation(cause, amount, len(each), tuple(each[:EVIDENCE_LIMIT])))
    difference = aging - control
    explained = sum((explanation.amount for explanation in explanations), ZERO)
    return TieOutMonth(day, aging, control, difference, tuple(explanations), difference - explained)
