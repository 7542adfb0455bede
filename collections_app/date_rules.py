"""Which period a request is about, by rule: such as the last three fiscal years and the year to date."""

from datetime import date, timedelta

from django.db import models


class DateRule(models.TextChoices):
    """How the period follows from the day of the request. All end with a month's last day."""

    TYPED = "", "None: the dates are typed"
    YEARS = "years", "The last fiscal years"
    YEARS_AND_TO_DATE = "years_to_date", "The last fiscal years and the year to date"
    MONTHS = "months", "The last months"


def period_of(rule: str, *, count: int, first_month: int, today: date) -> tuple[date, date] | None:
    """Both days of the period, included; None where the dates are typed.

    `count` is the number of fiscal years or months, `first_month` (1 to 12) the month in which the fiscal
    year begins. The year to date ends with the last month that is over; in the first month of a fiscal year
    there is none yet. Raises ValueError for numbers out of range.
    """
    if not rule:
        return None
    if count < 1 or not 1 <= first_month <= 12:
        raise ValueError("A date rule needs a number of 1 or more, and a month from 1 to 12.")
    this_month = today.replace(day=1)
    if rule == DateRule.MONTHS:
        return _months_later(this_month, -count), this_month - timedelta(days=1)
    year = today.year if today.month >= first_month else today.year - 1
    fiscal_year = date(year, first_month, 1)
    end = this_month if rule == DateRule.YEARS_AND_TO_DATE else fiscal_year
    return fiscal_year.replace(year=year - count), end - timedelta(days=1)


def moved_on(start: date, end: date, *, today: date) -> tuple[date, date] | None:
    """The span after `end` that is as long: in months where it is whole months, else in days.

    One that would reach beyond the last month that is over ends with that month instead, and then begins
    before `end`. None where no month has ended since `end`.
    """
    after, this_month = end + timedelta(days=1), today.replace(day=1)
    if start.day == after.day == 1:
        months = (after.year - start.year) * 12 + after.month - start.month
        until = min(_months_later(after, months), this_month)
        return (_months_later(until, -months), until - timedelta(days=1)) if until > after else None
    days = after - start
    last = min(end + days, this_month - timedelta(days=1))
    return (last - days + timedelta(days=1), last) if last > end else None


def _months_later(first: date, months: int) -> date:
    """The first day of the month that many months after that of `first`, which is a first day too."""
    count = first.year * 12 + first.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)
