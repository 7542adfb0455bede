"""Single values out of a collected row: dates, amounts, and the first field that has something in it.

A row is a mapping of the gateway's field names to text: dates ISO 8601, plain decimals, null as empty text.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from sys import intern

from collections_app.reports.consistency import BooksRefused
from collections_app.reports.figures import ZERO

Row = Mapping[str, str]


class RowUnreadable(BooksRefused):
    """A row lacks a value without which it means nothing, or has one that cannot be read."""


# Few days are different, and within a row few amounts: each is kept once, for the sake of memory.
_date = lru_cache(maxsize=8192)(date.fromisoformat)
_amount = lru_cache(maxsize=512)(Decimal)


def text_of(row: Row, *names: str) -> str:
    """The first of the fields that is not empty; empty where all are."""
    for name in names:
        text = row.get(name)
        if text:
            return text
    return ""


def date_of(row: Row, *names: str) -> date | None:
    """The first date among the fields. Raises RowUnreadable when that is not an ISO 8601 date."""
    text = text_of(row, *names)
    if not text:
        return None
    try:
        return _date(text)
    except ValueError:
        raise RowUnreadable(
            f"Record {text_of(row, 'RECORDNO')} has the date {text!r}; it must be a date such as 2026-03-31."
        ) from None


def shared_text_of(row: Row, *names: str) -> str:
    """The same for what many rows repeat (a party, a state, a currency), kept in memory once."""
    return intern(text_of(row, *names))


def amount_of(row: Row, *names: str) -> Decimal:
    """The first amount among the fields, zero where all are empty. Raises RowUnreadable for anything else."""
    text = text_of(row, *names)
    if not text:
        return ZERO
    try:
        amount = _amount(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        raise RowUnreadable(
            f"Record {text_of(row, 'RECORDNO')} has the amount {text!r}; it must be a number such as 12.50."
        )
    return amount
