"""The spread: a borrower's statements on a lender's own form, year beside year (RMA layout).

Columns are fiscal years, the interim period, the same of last year and the trailing twelve months. Each
amount has its common size beside it: assets and liabilities in percent of total assets, income in percent of
net sales. Totals are the statements' own; nothing is added up a second time.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from collections_app.reports.analysis.comparison import Percent, percent_of
from collections_app.reports.analysis.definitions import NO_INPUTS, LenderInputs
from collections_app.reports.analysis.figure import ARITHMETIC, Figure
from collections_app.reports.analysis.period import Period
from collections_app.reports.analysis.source import ONE_DAY, Source, years_before
from collections_app.reports.analysis.spread_rows import SPREAD_ROWS, RowPlan, RowStyle
from collections_app.reports.figures import Heading
from collections_app.reports.periods import day_caption, fiscal_year_start

ColumnKind = Literal["fiscal year", "interim", "interim last year", "trailing twelve months"]
SOURCE_TEXT = "system of record, unaudited"
UNITS = {1: "", 1000: "thousands of ", 1_000_000: "millions of "}
FISCAL_YEARS = 5


@dataclass(frozen=True, slots=True)
class SpreadPeriod:
    """One column to spread: what it is, its figures, and what the lender knows about that date."""

    kind: ColumnKind
    period: Period
    inputs: LenderInputs = NO_INPUTS


@dataclass(frozen=True, slots=True)
class SpreadColumn:
    """The head of one column, in the order in which it is printed.

    ``months`` are the months covered, not whole for part months. ``unit`` is "CAD" or "thousands of CAD".
    """

    kind: ColumnKind
    statement_date: date
    start: date
    months: Decimal
    source: str
    basis: str
    currency: str
    unit: str

    @property
    def caption(self) -> str:
        """The column for people: "Fiscal year to 28 Feb 2021"."""
        return f"{self.kind[0].upper()}{self.kind[1:]} to {day_caption(self.statement_date)}"


@dataclass(frozen=True, slots=True)
class SpreadCell:
    """An amount and its common size. ``amount`` is None where an input is missing, named in ``missing``.

    ``percent`` is None for rows without common size and for amounts that are not known.
    """

    amount: Decimal | None
    percent: Percent | None
    missing: tuple[str, ...] = ()

    @property
    def needs_input(self) -> bool:
        """Whether the cell prints "needs input"."""
        return self.amount is None


@dataclass(frozen=True, slots=True)
class SpreadRow:
    """One row with a cell for each column; ``section`` is the heading above it."""

    section: str
    key: str
    label: str
    style: RowStyle
    cells: tuple[SpreadCell, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """The finished form; ``notes`` are sentences for its foot."""

    columns: tuple[SpreadColumn, ...]
    rows: tuple[SpreadRow, ...]
    notes: tuple[str, ...]

    def row(self, key: str) -> SpreadRow:
        """The row with that key; KeyError when there is none."""
        return {row.key: row for row in self.rows}[key]


def spread(periods: Iterable[SpreadPeriod], heading: Heading, unit: int = 1) -> Spread:
    """The form for these columns, in ``unit`` 1, 1,000 or 1,000,000 of the currency, unrounded.

    Raises ValueError for any other unit.
    """
    if unit not in UNITS:
        raise ValueError(f"The unit of the spread is {unit}; use one of {', '.join(map(str, UNITS))}.")
    kept = tuple(periods)
    columns = tuple(_column(item, heading, unit) for item in kept)
    rows = tuple(_row(plan, kept, unit) for plan in SPREAD_ROWS)
    optional = {plan.key for plan in SPREAD_ROWS if plan.optional}
    shown = tuple(row for row in rows if row.key not in optional or any(cell.amount for cell in row.cells))
    return Spread(columns, shown, tuple(_notes(shown)))


def _column(item: SpreadPeriod, heading: Heading, unit: int) -> SpreadColumn:
    flows = item.period.flows
    currency = heading.currency
    return SpreadColumn(
        item.kind,
        item.period.closing.as_of,
        flows.start,
        flows.months,
        SOURCE_TEXT,
        heading.basis,
        currency,
        f"{UNITS[unit]}{currency}",
    )


def _row(plan: RowPlan, periods: tuple[SpreadPeriod, ...], unit: int) -> SpreadRow:
    cells = tuple(_cell(plan, item, Decimal(unit)) for item in periods)
    return SpreadRow(plan.section, plan.key, plan.label, plan.style, cells)


def _cell(plan: RowPlan, item: SpreadPeriod, unit: Decimal) -> SpreadCell:
    figure = plan.read(item.period, item.inputs)
    if figure.amount is None:
        return SpreadCell(None, None, figure.missing)
    base = _base(plan, item.period)
    percent = None
    if base is not None and base.amount is not None:
        percent = percent_of(figure.amount, base.amount)
    return SpreadCell(ARITHMETIC.divide(figure.amount, unit), percent)


def _base(plan: RowPlan, period: Period) -> Figure | None:
    if not plan.base:
        return None
    return (period.flows if plan.base == "revenue" else period.closing).figure(plan.base)


def _notes(rows: Iterable[SpreadRow]) -> Iterator[str]:
    inside = {
        "current_maturities": "Notes payable short term and long-term debt include current maturities "
        "of long-term debt, which the books do not keep apart.",
        "income_taxes_payable": "All other current liabilities include income taxes payable, "
        "which the books do not keep apart.",
    }
    for row in rows:
        if row.key in inside and any(cell.needs_input for cell in row.cells):
            yield inside[row.key]


def standard_periods(
    source: Source, first_fiscal_month: int, until: date, *, years: int = FISCAL_YEARS
) -> tuple[SpreadPeriod, ...]:
    """The usual columns, oldest year first, as far as the statements cover them.

    The last ``years`` whole fiscal years up to ``until``; then, unless a year ends on that day, the interim
    period, the same of last year and the twelve months up to ``until``.
    """
    spans = _fiscal_years(until, first_fiscal_month, years)
    found = [_spread_period(source, "fiscal year", start, end) for start, end in spans]
    year_start = fiscal_year_start(until, first_fiscal_month)
    following = until + ONE_DAY
    if fiscal_year_start(following, first_fiscal_month) == year_start:
        last_year = (years_before(year_start, 1), years_before(following, 1) - ONE_DAY)
        found.append(_spread_period(source, "interim", year_start, until))
        found.append(_spread_period(source, "interim last year", *last_year))
        found.append(_spread_period(source, "trailing twelve months", years_before(following, 1), until))
    return tuple(item for item in found if item)


def _fiscal_years(until: date, first_month: int, years: int) -> Iterator[tuple[date, date]]:
    """The first and last days of the whole fiscal years that end by ``until``, oldest first."""
    after_last = fiscal_year_start(until + ONE_DAY, first_month)
    for back in range(years, 0, -1):
        yield years_before(after_last, back), years_before(after_last, back - 1) - ONE_DAY


def _spread_period(source: Source, kind: ColumnKind, start: date, end: date) -> SpreadPeriod | None:
    period = source.period(start, end)
    return SpreadPeriod(kind, period) if period else None
