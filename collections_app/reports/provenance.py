"""Where a figure comes from: statement line, accounts, months, journal lines.

A figure is asked for by its statement, its line and its column. The answer is its accounts, each with what it
adds; each account's amount is again the sum of its parts by month, and a month's movement is the sum of its
journal lines. At every step the parts add up to the whole exactly. Signs are those of the statement at the
top; in the ledger's parts a debit is positive, and each account says whether it is added or taken off.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import Enum

from collections_app.reports.exactness import EXACT
from collections_app.reports.figures import ZERO
from collections_app.reports.fiscal_ledger import FiscalLedger, Span
from collections_app.reports.journal import Journal, JournalLine
from collections_app.reports.periods import Window
from collections_app.reports.statement import Column, Line, Statement
from collections_app.reports.terms import Measure, Sign, Term


class NoSuchFigure(LookupError):
    """The statement has no such line or column."""


class PartKind(Enum):
    """What a part of an account's amount is; the value is a phrase for people."""

    BROUGHT_FORWARD = "balance brought forward from before the collected months"
    MOVEMENT = "movement of the month"
    YEARLY_CLOSE = "income of the year before, closed by the ledger without a journal"
    CHANGED_HISTORY = "difference between one month's closing and the next month's opening balance"
    ROW_DIFFERENCE = "difference inside the trial balance's own row"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an account's amount, debit positive. Only a movement has journal lines."""

    kind: PartKind
    window: Window
    amount: Decimal


@dataclass(frozen=True, slots=True)
class AccountShare:
    """What one account, read one way, adds to a figure: ``amount`` is ``sign`` times the sum of ``parts``."""

    account: str
    title: str
    measure: Measure
    sign: Sign
    amount: Decimal
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a statement and the accounts that it is the sum of; those that add nothing are left out."""

    statement: str
    line: Line
    column: Column
    amount: Decimal
    shares: tuple[AccountShare, ...]


def figure(ledger: FiscalLedger, statement: Statement, line_key: str, column_key: str) -> Figure:
    """Where the figure on that line and in that column comes from.

    Raises NoSuchFigure when the statement has no such line or column, or the line is a heading.
    """
    line, column, value = _locate(statement, line_key, column_key)
    (span,) = ledger.spans([column])
    titles = {placement.account.number: placement.account.title for placement in ledger.placements}
    with localcontext(EXACT):
        shares = (_share(ledger, term, span, titles[term.account]) for term in _net(line.terms))
        kept = tuple(share for share in shares if share.amount or any(part.amount for part in share.parts))
    return Figure(statement.key, line, column, value, kept)


def journal_lines(journal: Journal, account: str, window: Window) -> Iterator[JournalLine]:
    """The posted lines of an account in a month, as they are read; their movements add up to the month's."""
    return (line for line in journal.lines(window.start, window.end) if line.account == account)


def _locate(statement: Statement, line_key: str, column_key: str) -> tuple[Line, Column, Decimal]:
    for line in statement.lines:
        if line.key == line_key and line.values:
            for column, value in zip(statement.columns, line.values, strict=True):
                if column.key == column_key:
                    return line, column, value
    raise NoSuchFigure(
        f"The {statement.title.lower()} has no figure on line {line_key!r} in column {column_key!r}; "
        "take both from the statement."
    )


def _net(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """The terms without pairs that cancel, such as depreciation added back and taken off again."""
    counts: dict[tuple[str, Measure], int] = {}
    for term in terms:
        key = (term.account, term.measure)
        counts[key] = counts.get(key, 0) + term.sign
    return tuple(
        Term(account, measure, 1 if count > 0 else -1)
        for (account, measure), count in counts.items()
        for _ in range(abs(count))
    )


def _share(ledger: FiscalLedger, term: Term, span: Span, title: str) -> AccountShare:
    parts = tuple(_parts(ledger, term, span))
    amount = ledger.amount(term, span)
    return AccountShare(term.account, title, term.measure, term.sign, amount, parts)


def _parts(ledger: FiscalLedger, term: Term, span: Span) -> Iterator[Part]:
    if term.measure is Measure.FLOW:
        yield from _movements(ledger, term.account, span.first, span.last)
    elif term.measure is Measure.YEAR_TO_DATE:
        yield from _movements(ledger, term.account, span.year_first, span.last)
    elif term.measure is Measure.CLOSING:
        yield from _balance(ledger, term.account, span.last)
    else:
        yield from _opening(ledger, term.account, span.first)


def _movements(ledger: FiscalLedger, account: str, first: int, last: int) -> Iterator[Part]:
    for month in ledger.months[first : last + 1]:
        if month.rows[account].flow:
            yield Part(PartKind.MOVEMENT, month.window, month.rows[account].flow)


def _balance(ledger: FiscalLedger, account: str, last: int) -> Iterator[Part]:
    """An account's closing balance: opening, then the movement, month after month."""
    yield from _opening(ledger, account, last)
    yield from _movements(ledger, account, last, last)
    row = ledger.months[last].rows[account]
    yield from _unless_zero(
        PartKind.ROW_DIFFERENCE, ledger.months[last].window, row.closing - row.opening - row.flow
    )


def _opening(ledger: FiscalLedger, account: str, first: int) -> Iterator[Part]:
    """An account's opening balance, from what was brought forward before the first collected month."""
    start = ledger.months[0]
    yield from _unless_zero(PartKind.BROUGHT_FORWARD, start.window, start.rows[account].opening)
    for place in range(first):
        month, following = ledger.months[place], ledger.months[place + 1]
        row = month.rows[account]
        yield from _movements(ledger, account, place, place)
        yield from _unless_zero(PartKind.ROW_DIFFERENCE, month.window, row.closing - row.opening - row.flow)
        closes = month.fiscal_year != following.fiscal_year
        kind = PartKind.YEARLY_CLOSE if closes else PartKind.CHANGED_HISTORY
        yield from _unless_zero(kind, following.window, following.rows[account].opening - row.closing)


def _unless_zero(kind: PartKind, window: Window, amount: Decimal) -> Iterator[Part]:
    if amount:
        yield Part(kind, window, amount + ZERO)
