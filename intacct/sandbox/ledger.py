"""The posted lines of a company, indexed so that any window of any book is a few look-ups per account."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from intacct.sandbox.company import Company
from intacct.sandbox.tables import CompanyFolderError

ZERO = Decimal(0)
_FIELDS = (
    "BOOKID",
    "ACCOUNTNO",
    "LOCATIONID",
    "DEPARTMENTID",
    "ENTRY_DATE",
    "TR_TYPE",
    "AMOUNT",
    "ADJ",
    "STATE",
)
Place = tuple[str, str]
"""A location and a department."""


@dataclass(frozen=True)
class Turnover:
    """Debits and credits, both unsigned in the usual case, of ordinary and of adjusting entries."""

    debits: Decimal = ZERO
    credits: Decimal = ZERO
    adjusting_debits: Decimal = ZERO
    adjusting_credits: Decimal = ZERO

    def __add__(self, other: "Turnover") -> "Turnover":
        return Turnover(
            self.debits + other.debits,
            self.credits + other.credits,
            self.adjusting_debits + other.adjusting_debits,
            self.adjusting_credits + other.adjusting_credits,
        )

    def __sub__(self, other: "Turnover") -> "Turnover":
        return Turnover(
            self.debits - other.debits,
            self.credits - other.credits,
            self.adjusting_debits - other.adjusting_debits,
            self.adjusting_credits - other.adjusting_credits,
        )

    @property
    def net(self) -> Decimal:
        """Debit positive."""
        return self.debits - self.credits + self.adjusting_debits - self.adjusting_credits

    @property
    def all_debits(self) -> Decimal:
        """Ordinary and adjusting."""
        return self.debits + self.adjusting_debits

    @property
    def all_credits(self) -> Decimal:
        """Ordinary and adjusting."""
        return self.credits + self.adjusting_credits


NOTHING = Turnover()


@dataclass(frozen=True)
class Series:
    """One account at one place: the days it was posted to, and the turnover up to and including each."""

    days: tuple[date, ...]
    cumulative: tuple[Turnover, ...]

    def before(self, day: date) -> Turnover:
        """Everything posted before a day."""
        place = bisect_left(self.days, day)
        return self.cumulative[place - 1] if place else NOTHING

    def between(self, start: date, end_exclusive: date) -> Turnover:
        """What was posted on these days, the last one not included."""
        return self.before(end_exclusive) - self.before(start)


class Ledger:
    """Series by book, account and place."""

    def __init__(self, series: Mapping[str, Mapping[str, Mapping[Place, Series]]]) -> None:
        self._series = series

    def accounts(self, books: Iterable[str]) -> frozenset[str]:
        """Every account that these books ever posted to."""
        return frozenset(account for book in books for account in self._series.get(book, {}))

    def places(self, books: Iterable[str]) -> frozenset[Place]:
        """Every place that these books ever posted at."""
        accounts = (places for book in books for places in self._series.get(book, {}).values())
        return frozenset(place for places in accounts for place in places)

    def series(
        self, book: str, account: str, locations: frozenset[str] | None, departments: frozenset[str] | None
    ) -> list[Series]:
        """An account's series in a book, at these locations and departments; None is everywhere, with none
        too.
        """
        return [
            series
            for (location, department), series in self._series.get(book, {}).get(account, {}).items()
            if (locations is None or location in locations)
            and (departments is None or department in departments)
        ]


def read_ledger(company: Company) -> Ledger:
    """The index of a company's GLDETAIL; only posted lines count."""
    sums: dict[tuple[str, str, Place, str, int], Decimal] = defaultdict(Decimal)
    for book, account, location, department, entered, kind, amount, adjusting, state in company.stream(
        "GLDETAIL", _FIELDS
    ):
        if state not in ("Posted", ""):
            continue
        value = _amount(amount)
        credit = kind == "-1" or (kind == "" and value < 0)
        column = credit + (2 if adjusting in ("T", "true") else 0)
        sums[book, account, (location, department), entered, column] += -value if credit else value
    days: dict[tuple[str, str, Place], dict[date, list[Decimal]]] = {}
    for (book, account, place, entered, column), value in sums.items():
        by_day = days.setdefault((book, account, place), {})
        by_day.setdefault(_day(entered), [ZERO, ZERO, ZERO, ZERO])[column] += value
    series: dict[str, dict[str, dict[Place, Series]]] = {}
    for (book, account, place), by_day in days.items():
        series.setdefault(book, {}).setdefault(account, {})[place] = _series(by_day)
    return Ledger(series)


def _series(by_day: Mapping[date, list[Decimal]]) -> Series:
    ordered = sorted(by_day)
    cumulative, total = [], NOTHING
    for day in ordered:
        total = total + Turnover(*by_day[day])
        cumulative.append(total)
    return Series(tuple(ordered), tuple(cumulative))


@lru_cache(maxsize=65536)
def _day(text: str) -> date:
    try:
        month, day, year = text.split("/")
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise CompanyFolderError(f"GLDETAIL.csv has the date {text!r}; write MM/DD/YYYY.") from error


def _amount(text: str) -> Decimal:
    try:
        return Decimal(text)
    except ArithmeticError as error:
        raise CompanyFolderError(
            f"GLDETAIL.csv has the amount {text!r}; write it without separators."
        ) from error
