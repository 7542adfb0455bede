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
        months = this_month.year * 12 + this_month.month - 1 - count
        return date(months // 12, months % 12 + 1, 1), this_month - timedelta(days=1)
    year = today.year if today.month >= first_month else today.year - 1
    fiscal_year = date(year, first_month, 1)
    end = this_month if rule == DateRule.YEARS_AND_TO_DATE else fiscal_year
    return fiscal_year.replace(year=year - count), end - timedelta(days=1)
