"""How a user's own settings write dates and times, and reading them without guessing.

The gateway's generic functions print dates in the format of the signed-in user's preferences, so the same
day may arrive as 02/03/2026 or 03.02.2026. The setting says which, as a separator followed by the order of
the parts: "/mdY" is month/day/year with four digits. Amounts are not touched by these settings: the gateway
writes them with a point and without thousands separators, and anything else is refused where it is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache

from intacct.errors import UnreadableFormatting, UnreadableReply
from intacct.parsing import calendar_date, shown

_DATE_SETTING = re.compile(r"([/.\- ])([dmY]{3})")
_OFFSET = re.compile(r"([+-])([0-9]{2}):([0-5][0-9])")
_FARTHEST_OFFSET = timedelta(hours=14)
_PARTS = {"d": r"(?P<d>[0-9]{1,2})", "m": r"(?P<m>[0-9]{1,2})", "Y": r"(?P<Y>[0-9]{4})"}
_TIME = {
    "24": re.compile(r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?"),
    "12": re.compile(
        r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))? ?(?P<half>[AaPp])\.?[Mm]\.?"
    ),
}


@dataclass(frozen=True, slots=True)
class DateFormat:
    """A date setting. A two-digit year is refused: 30 may be 1930 or 2030."""

    setting: str

    def __post_init__(self) -> None:
        match = _DATE_SETTING.fullmatch(self.setting)
        if match is None or len(set(match[2])) != 3:
            raise UnreadableFormatting(f"the user's date format is {shown(self.setting)}")

    def read(self, value: str, what: str) -> date:
        """The date that this text is. Raises UnreadableReply if it is not written in this format."""
        parts = _parts_of_date(self.setting, value)
        if parts is None:
            raise UnreadableReply(f"{what} is not a date in the user's format: {shown(value)}")
        return parts if isinstance(parts, date) else calendar_date(*parts, what)

    def write(self, day: date) -> str:
        """A day as the user's settings write it."""
        parts = {"d": f"{day.day:02}", "m": f"{day.month:02}", "Y": f"{day.year:04}"}
        return self.setting[0].join(parts[part] for part in self.setting[1:])


@lru_cache(maxsize=4096)
def _parts_of_date(setting: str, value: str) -> date | tuple[str, str, str] | None:
    """The day; its parts if the calendar has no such day; None if the text is not of this form. Kept, because
    a ledger has few days and many rows.
    """
    pattern = re.escape(setting[0]).join(_PARTS[part] for part in setting[1:])
    match = re.fullmatch(pattern, value)
    if match is None:
        return None
    try:
        return date(int(match["Y"]), int(match["m"]), int(match["d"]))
    except ValueError:
        return match["Y"], match["m"], match["d"]


@dataclass(frozen=True, slots=True)
class UserFormatting:
    """The format settings of the signed-in user. Raises UnreadableFormatting for one that is not known.

    clock: "12" or "24".  gmt_offset: such as "-08:00"; it is the same all the year round.
    """

    locale: str
    dates: DateFormat
    gmt_offset: str
    clock: str

    def __post_init__(self) -> None:
        if self.clock not in _TIME:
            raise UnreadableFormatting(f"the user's clock is {shown(self.clock)}")
        match = _OFFSET.fullmatch(self.gmt_offset)
        if match is None or _offset(match) > _FARTHEST_OFFSET:
            raise UnreadableFormatting(f"the user's offset from Greenwich is {shown(self.gmt_offset)}")

    @property
    def zone(self) -> timezone:
        """The user's time zone, a fixed distance from Greenwich."""
        return _zone(self.gmt_offset)

    def moment(self, value: str, what: str) -> datetime:
        """A date with a time, aware. The gateway leaves the time out in some records: then it is midnight.

        Raises UnreadableReply if it is not written in the user's formats.
        """
        separators = 2 if self.dates.setting[0] == " " else 0
        words = value.split(" ", separators + 1)
        day = self.dates.read(" ".join(words[: separators + 1]), what)
        written = " ".join(words[separators + 1 :])
        at = time() if not written else self._time(written, what)
        return datetime.combine(day, at, self.zone)

    def _time(self, written: str, what: str) -> time:
        match = _TIME[self.clock].fullmatch(written)
        hour = -1 if match is None else _hour(match, twelve=self.clock == "12")
        try:
            return time(hour, int(match["minute"]), int(match["second"] or 0)) if match else time(-1)
        except ValueError:
            problem = f"{what} is not a time by the user's clock: {shown(written)}"
        raise UnreadableReply(problem)


@lru_cache(maxsize=64)
def _zone(gmt_offset: str) -> timezone:
    match = _OFFSET.fullmatch(gmt_offset)
    distance = timedelta() if match is None else _offset(match)
    return timezone(-distance if gmt_offset.startswith("-") else distance)


def _offset(match: re.Match[str]) -> timedelta:
    return timedelta(hours=int(match[2]), minutes=int(match[3]))


def _hour(match: re.Match[str], *, twelve: bool) -> int:
    hour = int(match["hour"])
    if not twelve:
        return hour
    if not 1 <= hour <= 12:
        return -1
    return hour % 12 + (12 if match["half"] in "Pp" else 0)
