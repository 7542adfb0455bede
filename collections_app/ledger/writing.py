"""How the values of Sage Intacct's records are written into our tables."""

from collections.abc import Callable

import intacct
from collections_app.datasets import kind_of

# Texts of one field that are remembered with what they are written as.
MOST_KNOWN = 4000


class Written:
    """How the values of one field are written. Days and small amounts repeat in a ledger, so the first few
    thousand texts are read once each.
    """

    def __init__(self, field: str) -> None:
        self._field = field
        self._write = WRITERS[kind_of(field)]
        self._known = {"": ""}

    def __call__(self, row: intacct.Row, text: str) -> str:
        """What this text of this row is written as."""
        known = self._known.get(text)
        if known is None:
            known = self._write(row, self._field)
            if len(self._known) < MOST_KNOWN:
                self._known[text] = known
        return known


def _date(row: intacct.Row, field: str) -> str:
    day = row.date(field)
    return day.isoformat() if day else ""


def _time(row: intacct.Row, field: str) -> str:
    moment = row.timestamp(field)
    return moment.isoformat() if moment else ""


def _amount(row: intacct.Row, field: str) -> str:
    amount = row.amount(field)
    return "" if amount is None else f"{amount:f}"


def _boolean(row: intacct.Row, field: str) -> str:
    value = row.boolean(field)
    return "" if value is None else "true" if value else "false"


WRITERS: dict[str, Callable[[intacct.Row, str], str]] = {
    "date": _date,
    "time": _time,
    "amount": _amount,
    "boolean": _boolean,
}
