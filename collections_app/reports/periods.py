"""Fiscal years and the windows in which a trial balance is collected.

A fiscal year is twelve calendar months that begin with the company's first fiscal month, which is a setting
of the company and seldom safe to guess.
"""

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

# Not from the locale, so that a report reads the same wherever it is made.
FULL_MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
MONTH_NAMES = tuple(name[:3] for name in FULL_MONTH_NAMES)


class Window(NamedTuple):
    """A span of days inside one calendar month, both ends included."""

    start: date
    end: date

    @property
    def is_full_month(self) -> bool:
        """Whether the window is a whole calendar month."""
        return self.start.day == 1 and self.end == month_end(self.start)

    @property
    def label(self) -> str:
        """The window's key in a report: "2020-01", or both days of a part month."""
        if self.is_full_month:
            return f"{self.start:%Y-%m}"
        return f"{self.start.isoformat()} to {self.end.isoformat()}"

    @property
    def caption(self) -> str:
        """The window for people: "Jan 2020", or "15–31 Jan 2020" for a part month."""
        return span_caption(self.start, self.end)


def day_caption(day: date) -> str:
    """A day for people, the same in every locale: "31 Jan 2020"."""
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def days_caption(start: date, end: date) -> str:
    """A span with its days: "5 Mar–10 May 2020", "1–31 Dec 2020", "1 Nov 2020–31 Jan 2021"."""
    if start == end:
        return day_caption(end)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{day_caption(end)}"
    first = day_caption(start) if start.year != end.year else f"{start.day} {MONTH_NAMES[start.month - 1]}"
    return f"{first}–{day_caption(end)}"


def span_caption(start: date, end: date) -> str:
    """A span for people: "Mar–May 2020", "Nov 2020–Jan 2021", with its days where a month is cut."""
    if start.day != 1 or end != month_end(end):
        return days_caption(start, end)
    first, last = (f"{MONTH_NAMES[day.month - 1]} {day.year}" for day in (start, end))
    if first == last:
        return last
    return f"{first.split()[0] if start.year == end.year else first}–{last}"


def months_later(day: date, months: int) -> date:
    """The first day of the month that is ``months`` after that of ``day``, or before it if negative."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, 1)


def year_before(day: date) -> date:
    """The same day a year earlier; the last day of a month stays the last day of that month."""
    first = day.replace(year=day.year - 1, day=1)
    return month_end(first) if day == month_end(day) else first.replace(day=day.day)


def month_end(day: date) -> date:
    """The last day of the calendar month that holds ``day``."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def fiscal_year_start(day: date, first_month: int) -> date:
    """The first day of the fiscal year that holds ``day``, when years begin in ``first_month`` (1 to 12).

    Raises ValueError when ``first_month`` is not a month.
    """
    if not 1 <= first_month <= 12:
        raise ValueError(f"The first fiscal month is {first_month}; it must be a month from 1 to 12.")
    return date(day.year - (day.month < first_month), first_month, 1)


def collection_windows(date_from: date, date_to: date, first_month: int) -> tuple[Window, ...]:
    """The windows to collect for a request, oldest first, without gaps.

    Calendar months from the first day of the fiscal year that holds ``date_from`` up to ``date_to``; the
    month that holds ``date_from`` is cut there when the request begins inside it, and the last one ends on
    ``date_to``.
    Raises ValueError when the dates are the wrong way round or the month is not a month.
    """
    if date_to < date_from:
        raise ValueError(
            f"The period ends on {date_to}, before it begins on {date_from}; exchange the two dates."
        )
    windows = []
    start = fiscal_year_start(date_from, first_month)
    while start <= date_to:
        end = min(month_end(start), date_to)
        if start < date_from <= end:
            end = date_from - timedelta(days=1)
        windows.append(Window(start, end))
        start = end + timedelta(days=1)
    return tuple(windows)


def month_windows(date_from: date, date_to: date) -> tuple[Window, ...]:
    """The calendar months from ``date_from`` to ``date_to``, the first and the last cut there."""
    windows = []
    start = date_from
    while start <= date_to:
        end = min(month_end(start), date_to)
        windows.append(Window(start, end))
        start = end + timedelta(days=1)
    return tuple(windows)


def since(date_from: date, date_to: date) -> date:
    """From when on documents are read whether or not they were still open: twelve months at least.

    Sales, purchases and dilution are told for the twelve months that end with the period (practice).
    """
    year_before = date(date_to.year - 1, date_to.month, 1)
    return min(date_from, year_before)
