"""Times and dates as the desk shows them: in the lender's zone, which is always named."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from collections_app.models import Lender
from collections_app.reports.periods import day_caption


def moment(when: datetime, lender: Lender) -> str:
    """A time in the lender's zone: "2 Mar 2026, 09:15 UTC", "2 Mar 2026, 06:15 UTC-03:00"."""
    local = when.astimezone(ZoneInfo(lender.time_zone))
    name = local.tzname() or ""
    if not name.isalpha():
        offset = f"{local:%z}"
        name = f"UTC{offset[:3]}:{offset[3:5]}"
    return f"{day_caption(local.date())}, {local:%H:%M} {name}"


def period(start: date, end: date) -> str:
    """Both days of a period, included: "1 Jan 2020 to 31 Dec 2020"."""
    return f"{day_caption(start)} to {day_caption(end)}"
