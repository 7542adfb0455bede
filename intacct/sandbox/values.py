"""How the text of a field compares: as a number, as a moment, or as text."""

import re
from datetime import datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache

from intacct.sandbox.objects import KnownObject

_NUMBERS = re.compile(
    r"RECORDNO|RECORDKEY|\w+KEY|BATCHNO|BATCH_NO|LINE_NO|TR_TYPE|\w*AMOUNT|(TRX_)?TOTAL\w*|EXCHANGE_RATE|CREDITLIMIT|FIRSTMONTH"
)
_INTEGERS = re.compile(r"RECORDNO|\w*KEY|BATCHNO|BATCH_NO|LINE_NO|TR_TYPE|FIRSTMONTH|DATETYPE")
_TIMESTAMPS = re.compile(r"AUWHEN\w+|WHENMODIFIED|ACCESSTIME")
_ENUMERATIONS = ("STATUS", "STATE", "ACCOUNTTYPE", "NORMALBALANCE", "CLOSINGTYPE", "ALTERNATIVEACCOUNT")
_TRUTHS = ("TAXABLE", "SUBLEDGERCONTROLON", "ONHOLD", "STATISTICAL")
_MOMENTS = re.compile(r"(AU)?WHEN\w+|\w*DATE|ACCESSTIME|STARTOPEN")
_WRITTEN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_WRITTEN_MOMENT = re.compile(r"(\d{2})/(\d{2})/(\d{4})(?: (\d{2}):(\d{2}):(\d{2}))?")

Comparable = Decimal | datetime | str


class Kind(Enum):
    """What a field holds."""

    NUMBER = "number"
    MOMENT = "moment"
    TEXT = "text"


def kind_of(known: KnownObject, field: str) -> Kind:
    """The kind of a field, from the gateway's naming of its fields; ids and account numbers are always
    text.
    """
    if field == "MODULEKEY" or (field == "RECORDNO" and known.text_key):
        return Kind.TEXT
    if _NUMBERS.fullmatch(field):
        return Kind.NUMBER
    return Kind.MOMENT if _MOMENTS.fullmatch(field) else Kind.TEXT


def data_type(known: KnownObject, field: str) -> str:
    """The type that a lookup gives for a field."""
    kind = kind_of(known, field)
    if kind is Kind.NUMBER:
        return "INTEGER" if _INTEGERS.fullmatch(field) else "DECIMAL"
    if kind is Kind.MOMENT:
        return "TIMESTAMP" if _TIMESTAMPS.fullmatch(field) else "DATE"
    if field in _TRUTHS:
        return "BOOLEAN"
    return "ENUM" if field in _ENUMERATIONS else "TEXT"


@lru_cache(maxsize=1 << 18)
def comparable(kind: Kind, text: str) -> Comparable | None:
    """The value of a field's text, None for null. Raises ValueError where the text is not of that kind."""
    if not text:
        return None
    if kind is Kind.NUMBER:
        if not _WRITTEN_NUMBER.fullmatch(text):
            raise ValueError(text)
        return Decimal(text)
    return _moment(text) if kind is Kind.MOMENT else text


def _moment(text: str) -> datetime:
    """A date or timestamp of the company's own calendar; it has no zone, and is compared with its like
    only.
    """
    match = _WRITTEN_MOMENT.fullmatch(text)
    if match is None:
        raise ValueError(text)
    month, day, year, hour, minute, second = (int(part or 0) for part in match.groups())
    return datetime(year, month, day, hour, minute, second)
