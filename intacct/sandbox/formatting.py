"""Dates, timestamps and numbers as a user's own settings print them.

A company folder holds them in the gateway's first form: month/day/year, a clock of 24 hours, a decimal
point. The generic functions print the form of the user who signed in; the older functions write dates as
elements and keep the point.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from intacct.sandbox.company import Company, User
from intacct.sandbox.tables import CompanyFolderError
from intacct.sandbox.values import Kind

Printer = Callable[[str], str]
PLAIN_DATES = "/mdY"
_DECIMAL_COMMAS = ("de", "fr", "es", "it", "nl", "pl", "pt", "sv", "da", "fi", "nb", "cs")
_CLOCKS: Mapping[str, str] = {"12": "%I:%M:%S %p", "24": "%H:%M:%S"}


def printer_for(user: User, company: Company, kind: Kind) -> Printer | None:
    """How a kind of value is printed for a user; None where it goes out as it stands in the folder."""
    if kind is Kind.NUMBER:
        language = user.formatting.get("locale", "en_US").partition("_")[0]
        return _with_a_comma if language in _DECIMAL_COMMAS else None
    if kind is not Kind.MOMENT:
        return None
    setting = user.formatting.get("dateformat", PLAIN_DATES)
    clock = user.formatting.get("clock", "24")
    shift = _shift(user, company)
    if setting == PLAIN_DATES and clock == "24" and not shift:
        return None
    return _moments(setting, clock, shift)


def _with_a_comma(text: str) -> str:
    return text.replace(".", ",")


def _shift(user: User, company: Company) -> timedelta:
    """From the company's clock to the user's; none where the folder does not say what its clock is."""
    if not company.gmt_offset or "gmtoffset" not in user.formatting:
        return timedelta()
    return _offset(user.formatting["gmtoffset"]) - _offset(company.gmt_offset)


def _offset(text: str) -> timedelta:
    try:
        hours, minutes = text[1:].split(":")
        length = timedelta(hours=int(hours), minutes=int(minutes))
    except ValueError as error:
        raise CompanyFolderError(f"{text!r} is no offset; write for example -05:00.") from error
    return -length if text.startswith("-") else length


def _moments(setting: str, clock: str, shift: timedelta) -> Printer:
    separator, order = setting[:1], setting[1:]
    if clock not in _CLOCKS or sorted(order.lower()) != ["d", "m", "y"]:
        raise CompanyFolderError(f"A user's dateformat {setting!r} or clock {clock!r} is none.")
    days = separator.join(f"%{part}" for part in order)
    moments = f"{days} {_CLOCKS[clock]}"

    def printed(text: str) -> str:
        if not text:
            return ""
        if len(text) == len("MM/DD/YYYY"):
            return datetime.strptime(text, "%m/%d/%Y").strftime(days)
        return (datetime.strptime(text, "%m/%d/%Y %H:%M:%S") + shift).strftime(moments)

    return printed
