"""Why a subledger and its control accounts differ: the entries that one has and the other has not.

Each entry of the subledger (a document, a receipt, a discount, the use of an advance, a reversal) belongs to
a line of its own amount on a control account in the same month; lines of one document, or of one party, in
one batch count as one. Where a month's sums agree nothing is asked. Elsewhere equal amounts cancel, first
within the month, then across months, and what is left is the cause: journals posted to the control account
directly, revaluations, entries that the two date in different months, reversals that the subledger does not
date, entries that went to another account (practice; the causes are those of guides to reconciling Sage
Intacct's subledgers).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from collections_app.reports.control_accounts import OWED_SIGN
from collections_app.reports.figures import ZERO
from collections_app.reports.journal import JournalLine
from collections_app.reports.reconciling_items import Cause, Entry, Reconciling
from collections_app.reports.subledger import Side

_LEDGER_MODULES: dict[Side, frozenset[str]] = {
    "receivable": frozenset({"4.AR", "8.SO"}),
    "payable": frozenset({"3.AP", "9.PO"}),
}


@dataclass(slots=True)
class Reconciliation:
    """Collects, month by month, what only one of the two has, and pairs it when all months are read.

    ``accounts`` are the control accounts, ``others`` the rest of the balance sheet, on one of which an entry
    may stand; ``undated`` are the amounts of documents whose reversal is not dated.
    """

    side: Side
    accounts: frozenset[str]
    others: frozenset[str]
    undated: tuple[Decimal, ...]
    found: list[Reconciling] = field(default_factory=list)
    _entries: list[Entry] = field(default_factory=list)
    _lines: list[JournalLine] = field(default_factory=list)

    def add_month(self, entries: Iterable[Entry], lines: Iterable[JournalLine]) -> None:
        """Take a month's entries of the subledger and all its journal lines."""
        own, elsewhere = [], []
        for line in lines:
            if line.account not in self.accounts:
                if line.account in self.others and line.module in _LEDGER_MODULES[self.side]:
                    elsewhere.append(line)
            elif line.module in _LEDGER_MODULES[self.side]:
                own.append(line)
            elif line.movement:
                cause = _direct_cause(line)
                self.found.append(Reconciling(cause, line.entry_date, -self._owed(line), line=line))
        entries = list(entries)
        if sum((entry.amount for entry in entries), ZERO) != sum(map(self._owed, own), ZERO):
            self._compare(entries, own, elsewhere)

    def finish(self) -> list[Reconciling]:
        """All causes, after pairing what different months have."""
        lines = self._by_amount(self._lines)
        for entry in self._entries:
            partner = _take(lines, entry)
            if partner is None:
                self.found.append(Reconciling("only_in_subledger", entry.day, entry.amount, entry=entry))
            elif entry.day != partner.entry_date:
                self.found.append(_pair(entry, partner))
        for amount, rest in lines.items():
            for line in rest:
                cause: Cause = "reversal" if abs(amount) in self.undated else "only_in_ledger"
                self.found.append(Reconciling(cause, line.entry_date, -amount, line=line))
        return sorted(self.found, key=lambda each: (each.day, each.cause, each.amount))

    def _compare(
        self, entries: list[Entry], own: list[JournalLine], elsewhere: Iterable[JournalLine]
    ) -> None:
        others = self._by_amount(_merged(elsewhere, _document_of))
        # Advances come last: only they may be on another account, and leave the lines of documents alone.
        unmatched, rest = sorted(entries, key=_may_be_elsewhere), own
        for together in (_document_of, _batch_of):
            lines = self._by_amount(_merged(rest, together))
            for anyone in (False, True):
                unmatched = [each for each in unmatched if _take(lines, each, anyone=anyone) is None]
            rest = [line for found in lines.values() for line in found]
        batches = frozenset(line.batch for line in own)
        for entry in _without_pairs(unmatched):
            # Where a batch has a line on a control account, its other lines are the other side of that one.
            # Only the use of an advance is on both accounts in one batch.
            taken = frozenset[str]() if entry.is_advance else batches
            other = _take(others, entry, taken)
            if other is None:
                self._entries.append(entry)
            else:
                self.found.append(_elsewhere(entry, other))
        self._lines += _without_opposites(rest)

    def _owed(self, line: JournalLine) -> Decimal:
        return OWED_SIGN[self.side] * line.movement

    def _by_amount(self, lines: Iterable[JournalLine]) -> dict[Decimal, list[JournalLine]]:
        found = defaultdict(list)
        for line in lines:
            if line.movement:
                found[self._owed(line)].append(line)
        return found


def _direct_cause(line: JournalLine) -> Cause:
    words = f"{line.batch_title} {line.description}".casefold()
    return "revaluation" if "revaluation" in words or "revalue" in words else "direct_posting"


def _may_be_elsewhere(entry: Entry) -> bool:
    return entry.cause.startswith(("advance", "application "))


def _take(
    lines: dict[Decimal, list[JournalLine]],
    entry: Entry,
    batches: frozenset[str] = frozenset(),
    *,
    anyone: bool = True,
) -> JournalLine | None:
    """Remove and return a line of the entry's amount outside the batches, one its own party's first."""
    rivals = lines.get(entry.amount, [])
    places = [place for place, line in enumerate(rivals) if line.batch not in batches]
    named = [place for place in places if entry.party in (rivals[place].customer, rivals[place].vendor)]
    found = named or (places if anyone else [])
    return rivals.pop(found[0]) if found else None


def _elsewhere(entry: Entry, line: JournalLine) -> Reconciling:
    """What the ledger holds on another account."""
    cause: Cause = "advance_account" if entry.is_advance else "other_account"
    return Reconciling(cause, entry.day, entry.amount, line=line, entry=entry, account=line.account)


def _document_of(line: JournalLine) -> tuple[str, ...]:
    return (line.batch, line.account, line.customer, line.vendor, line.document)


def _batch_of(line: JournalLine) -> tuple[str, ...]:
    return (line.batch, line.account, line.customer, line.vendor)


def _merged(
    lines: Iterable[JournalLine], together: Callable[[JournalLine], tuple[str, ...]]
) -> Iterator[JournalLine]:
    """The lines, those that belong together added up to one."""
    groups: dict[tuple[str, ...], JournalLine] = {}
    for line in lines:
        key = together(line)
        known = groups.get(key)
        groups[key] = line if known is None else _added(known, line)
    yield from groups.values()


def _added(one: JournalLine, other: JournalLine) -> JournalLine:
    return replace(one, debit=one.debit + other.debit, credit=one.credit + other.credit)


def _pair(entry: Entry, line: JournalLine) -> Reconciling:
    """The two in different months: until the later one follows, only one of the two sides has it."""
    first = entry.day < line.entry_date
    return Reconciling(
        cause="different_month",
        day=min(entry.day, line.entry_date),
        amount=entry.amount if first else -entry.amount,
        until=max(entry.day, line.entry_date),
        line=line,
        entry=entry,
    )


def _without_pairs(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Without the uses of advances that the ledger does not show, because one account holds both ends."""
    waiting: dict[tuple[date, Decimal, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        opposite = waiting[entry.day, -entry.amount, entry.cause.removeprefix("advance in ")]
        if opposite:
            opposite.pop()
        else:
            key = (entry.day, entry.amount, entry.cause.removeprefix("advance in "))
            waiting[key].append(entry)
    for rest in waiting.values():
        yield from rest


def _without_opposites(lines: Iterable[JournalLine]) -> Iterator[JournalLine]:
    """Without lines that cancel each other within the month: postings that were corrected at once."""
    waiting: dict[tuple[str, Decimal], list[JournalLine]] = defaultdict(list)
    for line in lines:
        opposite = waiting[line.account, -line.movement]
        if opposite:
            opposite.pop()
        else:
            waiting[line.account, line.movement].append(line)
    for rest in waiting.values():
        yield from rest
