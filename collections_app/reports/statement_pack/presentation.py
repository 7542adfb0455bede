"""Which periods of a statement are printed, and which of its lines."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from collections_app.reports.build import Reports
from collections_app.reports.period_sets import Period, PeriodSet
from collections_app.reports.period_statements import PeriodStatements
from collections_app.reports.statement import Line, Statement

MOST_YEARS, MOST_QUARTERS, MOST_MONTHS = 3, 8, 12


@dataclass(frozen=True, slots=True)
class Presentation:
    """The statements of one choice of periods.

    ``has_accounts`` says whether the accounts are printed, ``may_be_left_out`` whether the periods are the
    first to go from a pack that would be too long.
    """

    title: str
    statements: PeriodStatements
    has_accounts: bool = False
    may_be_left_out: bool = False


def presentations(reports: Reports) -> Iterator[Presentation]:
    """Fiscal years with their accounts, then the last quarters and the last months without."""
    years = _years(reports)
    title = "Fiscal years" if len(years.periods) > 1 else "Fiscal year"
    yield Presentation(title, reports.for_periods(years), has_accounts=True)
    quarters = _set(reports, "quarters")
    if quarters is not None and len(quarters.periods) > 1:
        chosen = _last(quarters, MOST_QUARTERS)
        yield Presentation(_latest("quarter", quarters, chosen), reports.for_periods(chosen))
    months = reports.by_month.periods
    chosen = _last(months, MOST_MONTHS)
    yield Presentation(_latest("month", months, chosen), reports.for_periods(chosen), may_be_left_out=True)


def _years(reports: Reports) -> PeriodSet:
    """The last whole fiscal years; then the year to date, the same of last year, and the last twelve months.

    The last three only where the period does not end with a fiscal year. Part years at the beginning of the
    books are left out, unless there is nothing else.
    """
    years = _periods(reports, "fiscal_years")
    whole = [year for year in years if year.is_complete][-MOST_YEARS:]
    if whole and whole[-1].end == reports.heading.date_to:
        return PeriodSet("years", "Fiscal years", tuple(whole))
    to_date = sorted(_periods(reports, "year_to_date"), key=lambda period: period.end)
    trailing = [
        period
        for period in _periods(reports, "trailing_twelve_months")
        if period.end == reports.heading.date_to
    ]
    return PeriodSet("years", "Fiscal years", (*whole, *to_date, *trailing))


def _set(reports: Reports, key: str) -> PeriodSet | None:
    found = (statements.periods for statements in reports.by_period)
    return next((periods for periods in found if periods.key == key), None)


def _periods(reports: Reports, key: str) -> tuple[Period, ...]:
    periods = _set(reports, key)
    return periods.periods if periods else ()


def _last(periods: PeriodSet, count: int) -> PeriodSet:
    """The last so many, without a total, which beside a part of the periods would mislead."""
    return replace(periods, periods=periods.periods[-count:], total=None)


def _latest(name: str, every: PeriodSet, chosen: PeriodSet) -> str:
    """What was chosen, in words: "Quarters", "The last 8 of 12 quarters"."""
    if len(chosen.periods) == len(every.periods):
        return f"{name.capitalize()}s"
    return f"The last {len(chosen.periods)} of {len(every.periods)} {name}s"


def read_lines(statement: Statement, *, has_accounts: bool) -> tuple[Line, ...]:
    """The lines for print: none that are zero in every column, no heading with nothing under it."""
    kept: list[Line] = []
    for line in reversed(statement.lines):
        if line.style == "heading":
            is_read = bool(kept) and kept[-1].level > line.level
        elif line.style == "account":
            is_read = has_accounts and any(line.values)
        else:
            is_read = any(line.values) or line.style == "grand_total"
        if is_read:
            kept.append(line)
    return tuple(reversed(kept))
