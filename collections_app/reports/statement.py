"""A finished statement: columns and lines, with signs as a reader expects them printed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from collections_app.reports.figures import ZERO
from collections_app.reports.terms import Term, negated

Style = Literal["heading", "line", "account", "memo", "subtotal", "total", "grand_total"]
Amounts = tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``key`` for machines, ``caption`` for people; ``start`` is None for a point in time.

    ``is_complete`` is False for a part of what the column's kind promises, such as a quarter cut short; its
    caption then names the days.
    """

    key: str
    caption: str
    start: date | None
    end: date
    is_complete: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a statement, with one value for each column, signed as printed.

    Level 1 is the statement's own totals, deeper levels are indented. A heading has no values. An ``account``
    line (key ``account:<number>``) is the detail of the line above it, a ``memo`` says "of which" and is in
    no sum. ``accounts`` are the numbers of the accounts that feed the line. ``terms`` say of what amounts of
    the ledger each value is the sum (see provenance). A total names the lines that it ``adds`` and
    ``subtracts``.
    """

    key: str
    label: str
    level: int
    style: Style
    values: Amounts = ()
    accounts: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    adds: tuple[str, ...] = ()
    subtracts: tuple[str, ...] = ()

    @property
    def is_empty_detail(self) -> bool:
        """Whether pages and sheets leave the line out: detail that is zero in every column."""
        return self.style in ("account", "memo") and not any(self.values)


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement, ready to print, show or export."""

    key: str
    title: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]

    @property
    def shown_lines(self) -> tuple[Line, ...]:
        """The lines for people: all except account detail that is zero in every column."""
        return tuple(line for line in self.lines if not line.is_empty_detail)

    def line(self, key: str) -> Line:
        """The line with that key; KeyError when there is none."""
        for line in self.lines:
            if line.key == key:
                return line
        raise KeyError(key)

    def values(self, key: str) -> Amounts:
        """The values of the line with that key; KeyError when there is none."""
        return self.line(key).values


@dataclass(frozen=True, slots=True)
class Row:
    """The plan of one line. A total names the lines it ``adds`` and ``subtracts``; the others have detail.

    An ``optional`` line is left out when it is zero in every column.
    """

    key: str
    label: str
    level: int
    style: Style
    adds: tuple[str, ...] = ()
    subtracts: tuple[str, ...] = ()
    optional: bool = False


def account_line(number: str, title: str, level: int, values: Amounts, terms: tuple[Term, ...] = ()) -> Line:
    """The detail line of one account, named by number and title."""
    return Line(f"account:{number}", f"{number} {title}".strip(), level, "account", values, (number,), terms)


def compose(
    rows: Sequence[Row],
    detail: Mapping[str, Sequence[Line]],
    width: int,
    given: Mapping[str, Line] | None = None,
) -> tuple[Line, ...]:
    """The lines of a statement from its plan: each line is the sum of its detail, each total of its lines.

    ``detail`` holds the lines under each key, ``given`` what counts in a line without being printed under it;
    ``width`` is the number of columns.
    """
    done: dict[str, Line] = {}
    lines: list[Line] = []
    for row in rows:
        if row.style == "heading":
            lines.append(Line(row.key, row.label, row.level, row.style))
            continue
        under = detail.get(row.key, ())
        counted = [line for line in under if line.style != "memo"]
        hidden = [given[row.key]] if given and row.key in given else []
        added = [done[key] for key in row.adds] + counted + hidden
        line = _sum(row, added, [done[key] for key in row.subtracts], counted, width)
        done[row.key] = line
        if not row.optional or any(line.values):
            lines += [line, *under]
    return tuple(lines)


def _sum(row: Row, added: list[Line], subtracted: list[Line], counted: list[Line], width: int) -> Line:
    less = add((line.values for line in subtracted), width)
    values = difference(add((line.values for line in added), width), less)
    accounts = tuple(number for line in counted for number in line.accounts)
    terms = [term for line in added for term in line.terms]
    terms += [negated(term) for line in subtracted for term in line.terms]
    return Line(
        row.key, row.label, row.level, row.style, values, accounts, tuple(terms), row.adds, row.subtracts
    )


def add(rows: Iterable[Amounts], width: int) -> Amounts:
    """The sum of rows of amounts, column by column; zeros when there is no row."""
    total = [ZERO] * width
    for row in rows:
        total = [left + right for left, right in zip(total, row, strict=True)]
    return tuple(total)


def difference(left: Amounts, right: Amounts) -> Amounts:
    """Left less right, column by column."""
    return tuple(one - other for one, other in zip(left, right, strict=True))
