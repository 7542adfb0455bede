"""How a user's own settings write dates, and reading them without guessing.

The gateway's generic functions print dates in the format of the signed-in user's preferences, so the same
day may arrive as 02/03/2026 or 03.02.2026. The setting says which, as a separator followed by the order of
the parts: "/mdY" is month/day/year with four digits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from intacct.errors import UnreadableFormatting, UnreadableReply
from intacct.parsing import calendar_date, shown

_DATE_SETTING = re.compile(r"([/.\- ])([dmY]{3})")
_OFFSET = re.compile(r"[+-][0-9]{2}:[0-9]{2}")
_PARTS = {"d": r"(?P<d>[0-9]{1,2})", "m": r"(?P<m>[0-9]{1,2})", "Y": r"(?P<Y>[0-9]{4})"}


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
        separator, order = self.setting[0], self.setting[1:]
        match = re.fullmatch(re.escape(separator).join(_PARTS[part] for part in order), value)
        if match is None:
            raise UnreadableReply(f"{what} is not a date in the user's format: {shown(value)}")
        return calendar_date(match["Y"], match["m"], match["d"], what)


@dataclass(frozen=True, slots=True)
class UserFormatting:
    """The format settings of the signed-in user. Raises UnreadableFormatting for one that is not known."""

    locale: str
    dates: DateFormat
    gmt_offset: str
    clock: str

    def __post_init__(self) -> None:
        if self.clock not in ("12", "24"):
            raise UnreadableFormatting(f"the user's clock is {shown(self.clock)}")
        if not _OFFSET.fullmatch(self.gmt_offset):
            raise UnreadableFormatting(f"the user's offset from Greenwich is {shown(self.gmt_offset)}")
