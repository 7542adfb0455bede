"""Horizontal and vertical analysis of any statement.

Horizontal: the change of each line against an earlier column, and that change in percent of the earlier
amount. Vertical (common size): each line in percent of a base line of the same column. A zero or negative
base gives "n/m" (practice), also for contra lines, whose change in percent would read the wrong way round.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from collections_app.reports.analysis.figure import ARITHMETIC
from collections_app.reports.analysis.metric import HUNDRED, rounded_text
from collections_app.reports.periods import month_end
from collections_app.reports.statement import Amounts, Column, Line, Statement, Style

PERCENT_PLACES = 1


@dataclass(frozen=True, slots=True)
class Percent:
    """A percentage, or None and the reason why there is none."""

    value: Decimal | None
    reason: str = ""

    @property
    def display(self) -> str:
        """For people, rounded half up to one place: "12.5%", or "n/m"."""
        return "n/m" if self.value is None else f"{rounded_text(self.value, PERCENT_PLACES)}%"


def percent_of(amount: Decimal, base: Decimal) -> Percent:
    """``amount`` in percent of ``base``; "n/m" when the base is zero or negative."""
    if base <= 0:
        return Percent(None, f"The base is {'negative' if base else 'zero'}.")
    return Percent(ARITHMETIC.divide(ARITHMETIC.multiply(HUNDRED, amount), base))


@dataclass(frozen=True, slots=True)
class Change:
    """Current less base of one line, and the same in percent of the base."""

    amount: Decimal
    percent: Percent


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """A line of the statement with one change for each compared column; a heading has none."""

    key: str
    label: str
    level: int
    style: Style
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Horizontal analysis: ``columns`` are (current, base), one pair for each change of a line."""

    statement: Statement
    columns: tuple[tuple[Column, Column], ...]
    lines: tuple[ComparedLine, ...]


@dataclass(frozen=True, slots=True)
class ShareLine:
    """A line of the statement in percent of ``base`` (a line's key) in each column; a heading has none."""

    key: str
    label: str
    level: int
    style: Style
    base: str
    shares: tuple[Percent, ...] = ()


@dataclass(frozen=True, slots=True)
class CommonSize:
    """Vertical analysis of a statement."""

    statement: Statement
    lines: tuple[ShareLine, ...]


def against_previous(statement: Statement) -> Comparison:
    """Each column against the one before it.

    For flows that is the column that ends the day before and covers as many months, for balances the column
    to the left.
    """
    return _compare(statement, _previous)


def against_last_year(statement: Statement) -> Comparison:
    """Each column against the one of the same days a year earlier; month ends stay month ends."""
    return _compare(statement, _last_year)


Base = Callable[[Statement, int], int | None]


def _compare(statement: Statement, base: Base) -> Comparison:
    pairs = [
        (position, found)
        for position in range(len(statement.columns))
        if (found := base(statement, position)) is not None
    ]
    columns = tuple((statement.columns[now], statement.columns[then]) for now, then in pairs)
    lines = tuple(_compared(line, pairs) for line in statement.lines)
    return Comparison(statement, columns, lines)


def _compared(line: Line, pairs: list[tuple[int, int]]) -> ComparedLine:
    changes = tuple(_change(line.values[now], line.values[then]) for now, then in pairs if line.values)
    return ComparedLine(line.key, line.label, line.level, line.style, changes)


def _change(now: Decimal, then: Decimal) -> Change:
    amount = ARITHMETIC.subtract(now, then)
    return Change(amount, percent_of(amount, then))


def _previous(statement: Statement, position: int) -> int | None:
    column = statement.columns[position]
    if column.start is None:
        return position - 1 if position and statement.columns[position - 1].start is None else None
    wanted = column.start - timedelta(days=1)
    return _position(statement, lambda other: other.end == wanted and _months(other) == _months(column))


def _last_year(statement: Statement, position: int) -> int | None:
    column = statement.columns[position]
    start = column.start and _year_before_start(column.start)
    end = year_before(column.end)
    return _position(statement, lambda other: other.start == start and other.end == end)


def _position(statement: Statement, fits: Callable[[Column], bool]) -> int | None:
    return next((place for place, column in enumerate(statement.columns) if fits(column)), None)


def _months(column: Column) -> tuple[int, bool] | None:
    """How long a column is: its months when it is made of whole ones, otherwise its days."""
    if column.start is None:
        return None
    if column.start.day == 1 and column.end == month_end(column.end):
        return (12 * (column.end.year - column.start.year) + column.end.month - column.start.month, True)
    return ((column.end - column.start).days, False)


def year_before(day: date) -> date:
    """The same day a year earlier; the last day of a month stays the last day."""
    earlier = day.replace(year=day.year - 1, day=1)
    if day == month_end(day):
        return month_end(earlier)
    return earlier.replace(day=day.day)


def _year_before_start(day: date) -> date:
    """The same for a first day: only 29 February has to give way."""
    earlier = day.replace(year=day.year - 1, day=1)
    return min(month_end(earlier), earlier + timedelta(days=day.day - 1))


BLOCK_TOTALS = ("total_assets", "total_liabilities", "total_equity", "total_liabilities_and_equity")


def common_size(statement: Statement, base: str | Mapping[str, str]) -> CommonSize:
    """Each line in percent of the line ``base``, or of the line that the mapping names for it.

    Usual bases are ``total_assets`` for a balance sheet and ``revenue`` (net sales) for an income statement;
    the alternatives are ``own_totals(statement)`` and ``net_income``.
    Raises KeyError when a base is no line of the statement.
    """
    lines = tuple(
        _share_line(statement, line, base if isinstance(base, str) else base[line.key])
        for line in statement.lines
    )
    return CommonSize(statement, lines)


def common_size_of(statement: Statement, base: str, amounts: Amounts) -> CommonSize:
    """Each line in percent of an amount from elsewhere, one for each column, which ``base`` names.

    So a cash-flow statement is set against net sales. Raises ValueError unless there are as many amounts as
    columns.
    """
    lines = tuple(
        ShareLine(line.key, line.label, line.level, line.style, base, _shares(line.values, amounts))
        for line in statement.lines
    )
    return CommonSize(statement, lines)


def own_totals(statement: Statement) -> dict[str, str]:
    """For each line of a balance sheet the total that it belongs to: of assets, liabilities or equity."""
    bases: dict[str, str] = {}
    waiting: list[str] = []
    for line in statement.lines:
        waiting.append(line.key)
        if line.key in BLOCK_TOTALS:
            bases.update(dict.fromkeys(waiting, line.key))
            waiting.clear()
    return bases


def _share_line(statement: Statement, line: Line, base: str) -> ShareLine:
    bases = statement.values(base) if line.values else ()
    return ShareLine(line.key, line.label, line.level, line.style, base, _shares(line.values, bases))


def _shares(values: Amounts, bases: Amounts) -> tuple[Percent, ...]:
    """The percentages column by column; a heading has no values and so no percentages."""
    if not values:
        return ()
    return tuple(percent_of(amount, whole) for amount, whole in zip(values, bases, strict=True))
