"""The periods that a statement can be built for: months, quarters, fiscal years, year to date, twelve months.

A period is a run of collected windows without a gap; one that the collected windows do not cover is absent,
never zero. Months and quarters show the days that were asked for. A fiscal year, a year to date and twelve
months reach back to what was collected before them in the same fiscal year, because a part of a year compares
with nothing (practice). A period that is cut short names its days in its caption.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from collections_app.reports.periods import (
    Window,
    day_caption,
    days_caption,
    fiscal_year_start,
    month_end,
    months_later,
    span_caption,
    year_before,
)
from collections_app.reports.statement import Column


@dataclass(frozen=True, slots=True)
class Period:
    """A span of days, both ends included. ``is_complete`` is False when it is cut short."""

    key: str
    caption: str
    start: date
    end: date
    is_complete: bool = True


@dataclass(frozen=True, slots=True)
class PeriodSet:
    """The periods of one presentation, and the period that totals them where there is one."""

    key: str
    title: str
    periods: tuple[Period, ...]
    total: Period | None = None

    @property
    def span_columns(self) -> tuple[Column, ...]:
        """The columns of a statement of movements: each period, then the total."""
        spans = self.periods if self.total is None else (*self.periods, self.total)
        return tuple(Column(span.key, span.caption, span.start, span.end, span.is_complete) for span in spans)

    @property
    def point_columns(self) -> tuple[Column, ...]:
        """The columns of a statement of balances: the last day of each period, each day once."""
        ends = dict.fromkeys(period.end for period in self.periods)
        return tuple(Column(end.isoformat(), day_caption(end), None, end) for end in ends)


@dataclass(frozen=True, slots=True)
class Calendar:
    """What periods are cut from: the collected windows, the days asked for, and the fiscal year.

    ``windows`` are in order and without a gap; they begin with a fiscal year.
    """

    windows: tuple[Window, ...]
    date_from: date
    date_to: date
    first_fiscal_month: int

    def covers(self, start: date, end: date) -> bool:
        """Whether collected windows begin on ``start`` and end on ``end``."""
        return any(window.start == start for window in self.windows) and any(
            window.end == end for window in self.windows
        )

    @property
    def fiscal_years(self) -> Iterator[tuple[date, date]]:
        """First and last day of each fiscal year that was collected, whole years, oldest first."""
        start = fiscal_year_start(self.windows[0].start, self.first_fiscal_month)
        while start <= self.date_to:
            following = months_later(start, 12)
            yield start, following - timedelta(days=1)
            start = following


def period_sets(calendar: Calendar) -> tuple[PeriodSet, ...]:
    """Every period set beside the months that these books can fill."""
    sets = (quarters(calendar), fiscal_years(calendar), year_to_date(calendar), trailing_months(calendar))
    return tuple(period_set for period_set in sets if period_set.periods)


def months(calendar: Calendar) -> PeriodSet:
    """The months asked for, part months among them, and their total."""
    periods = tuple(
        Period(window.label, window.caption, window.start, window.end, window.is_full_month)
        for window in calendar.windows
        if window.start >= calendar.date_from
    )
    return PeriodSet("months", "Months", periods, _total(calendar))


def collected_windows(calendar: Calendar) -> PeriodSet:
    """Every window that was collected, those before the first day asked for among them."""
    periods = tuple(
        Period(window.label, window.caption, window.start, window.end, window.is_full_month)
        for window in calendar.windows
    )
    return PeriodSet("collected_windows", "All that was collected", periods)


def opening(calendar: Calendar) -> PeriodSet:
    """The day before all that was collected, for a balance sheet as the books open."""
    day = calendar.windows[0].start - timedelta(days=1)
    return PeriodSet("opening", "Opening balances", (Period(day.isoformat(), day_caption(day), day, day),))


def quarters(calendar: Calendar) -> PeriodSet:
    """The quarters of the fiscal year, as far as they were asked for, and their total."""
    periods: list[Period] = []
    for year, _ in calendar.fiscal_years:
        for number in range(4):
            start = months_later(year, 3 * number)
            end = months_later(start, 3) - timedelta(days=1)
            quarter = Period(_key(start, end), f"Q{number + 1}, {span_caption(start, end)}", start, end)
            periods += _cut(quarter, calendar.date_from, calendar.date_to, f"part of Q{number + 1}")
    return PeriodSet("quarters", "Quarters of the fiscal year", tuple(periods), _total(calendar))


def fiscal_years(calendar: Calendar) -> PeriodSet:
    """The fiscal years, the one in which the request begins from its first day on."""
    collected = calendar.windows[0].start
    periods: list[Period] = []
    for start, end in calendar.fiscal_years:
        year = Period(_key(start, end), f"Year to {day_caption(end)}", start, end)
        periods += _cut(year, collected, calendar.date_to, f"part of the year to {day_caption(end)}")
    return PeriodSet("fiscal_years", "Fiscal years", tuple(periods))


def year_to_date(calendar: Calendar) -> PeriodSet:
    """The fiscal year up to the last day asked for, and the same days of the year before where collected."""
    start = fiscal_year_start(calendar.date_to, calendar.first_fiscal_month)
    caption = f"{span_caption(start, calendar.date_to)}, year to date"
    now = Period(_key(start, calendar.date_to), caption, start, calendar.date_to)
    to_date = PeriodSet("year_to_date", "Fiscal year to date against last year", (now,))
    return against_last_year(to_date, calendar)


def trailing_months(calendar: Calendar) -> PeriodSet:
    """Twelve months up to each month end asked for, from the first that has twelve months behind it."""
    periods = []
    for window in calendar.windows:
        start = months_later(window.end, -11)
        whole = window.end == month_end(window.end) and window.start >= calendar.date_from
        if whole and calendar.covers(start, window.end):
            caption = f"12 months to {day_caption(window.end)}"
            periods.append(Period(_key(start, window.end), caption, start, window.end))
    return PeriodSet("trailing_twelve_months", "Trailing twelve months", tuple(periods))


def against_last_year(period_set: PeriodSet, calendar: Calendar) -> PeriodSet:
    """Each period followed by the same days a year earlier, where those were collected."""
    periods = []
    for period in period_set.periods:
        periods.append(period)
        start, end = year_before(period.start), year_before(period.end)
        if calendar.covers(start, end):
            key, caption = f"{_key(start, end)}, last year", f"{span_caption(start, end)}, last year"
            periods.append(replace(period, key=key, caption=caption, start=start, end=end))
    return replace(period_set, periods=tuple(periods), total=None)


def _cut(whole: Period, earliest: date, latest: date, part: str) -> Sequence[Period]:
    """The period as far as it lies between the two days, both included; none when it does not."""
    first, last = max(whole.start, earliest), min(whole.end, latest)
    if first > last:
        return ()
    if (first, last) == (whole.start, whole.end):
        return (whole,)
    caption = f"{days_caption(first, last)}, {part}"
    return (Period(_key(first, last), caption, first, last, is_complete=False),)


def _key(start: date, end: date) -> str:
    return f"{start.isoformat()} to {end.isoformat()}"


def _total(calendar: Calendar) -> Period:
    return Period("total", "Total", calendar.date_from, calendar.date_to)
