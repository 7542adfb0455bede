"""The twelve months that end on a day."""

from datetime import date, timedelta

from collections_app.reports.periods import Window


def twelve_months(last_day: date) -> Window:
    """From the day after the same day a year earlier up to ``last_day``."""
    next_day = last_day + timedelta(days=1)
    try:
        return Window(next_day.replace(year=next_day.year - 1), last_day)
    except ValueError:
        # The day after is a 29 February, and the year before has none.
        return Window(date(next_day.year - 1, 3, 1), last_day)
