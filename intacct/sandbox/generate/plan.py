"""What is to be generated: the calendar, the entities, their size, and the arithmetic of cents."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

SEASONS = (88, 90, 103, 98, 100, 108, 91, 92, 105, 108, 104, 113)
"""Percent of an average month's sales, January first."""

_SERVICE_NAMES = (
    "Field Services",
    "Calibration Labs",
    "Controls",
    "Training",
    "Software",
    "Rentals",
    "Consulting",
)


@dataclass(frozen=True)
class Options:
    """The command's arguments. `documents` are invoices and bills a year; `lines` and `accounts` are least
    numbers.
    """

    company_id: str = "DEMO"
    seed: int = 1
    entities: int = 3
    accounts: int = 0
    months: int = 36
    lines: int = 0
    documents: int = 1500
    first_fiscal_month: int = 7
    end: date = date(2026, 9, 30)


@dataclass(frozen=True)
class EntityPlan:
    """An entity that trades. `monthly_revenue` is an average month's, in cents; `locations` carry its
    postings.
    """

    id: str
    name: str
    makes_products: bool
    monthly_revenue: int
    locations: tuple[str, ...]

    @property
    def location(self) -> str:
        """Where everything is posted that belongs to the entity as a whole."""
        return self.locations[0]


@dataclass(frozen=True)
class Plan:
    """The options worked out."""

    options: Options
    months: tuple[date, ...]
    entities: tuple[EntityPlan, ...]
    random: Random = field(compare=False)

    @property
    def opening_day(self) -> date:
        """The last day before the first month."""
        return self.months[0] - timedelta(days=1)

    @property
    def last_day(self) -> date:
        """The end of the last month."""
        return month_end(self.months[-1])

    def revenue_of(self, entity: EntityPlan, month: date) -> int:
        """Planned sales of a month, in cents: seasons on a steady growth of four tenths of a percent a
        month.
        """
        elapsed = months_between(self.months[0], month)
        return entity.monthly_revenue * SEASONS[month.month - 1] * (1000 + 4 * elapsed) // 100_000


def make_plan(options: Options) -> Plan:
    """The plan of the options."""
    last = month_of(options.end + timedelta(days=1), -1)
    months = tuple(month_of(last, offset) for offset in range(1 - options.months, 1))
    entities = tuple(_entity(number) for number in range(options.entities))
    # Not a secret: the same numbers for the same seed are the point.
    return Plan(options, months, entities, Random(options.seed))  # noqa: S311


def _entity(number: int) -> EntityPlan:
    identifier = f"E{(number + 1) * 100}"
    locations = tuple(f"L{(number + 1) * 100 + offset}" for offset in (10, 20))
    if number == 0:
        return EntityPlan(identifier, "Harborview Instruments, Inc.", True, 1_180_000_00, locations)
    trade = _SERVICE_NAMES[(number - 1) % len(_SERVICE_NAMES)]
    suffix = "" if number <= len(_SERVICE_NAMES) else f" {(number - 1) // len(_SERVICE_NAMES) + 1}"
    return EntityPlan(
        identifier, f"Harborview {trade}{suffix} LLC", False, max(520 - 90 * number, 90) * 100_000, locations
    )


def month_of(day: date, offset: int = 0) -> date:
    """The first day of a day's month, so many months later."""
    months = day.year * 12 + day.month - 1 + offset
    return date(months // 12, months % 12 + 1, 1)


def month_end(month: date) -> date:
    """The last day of a month."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def months_between(first: date, second: date) -> int:
    """Whole months from one month to another."""
    return (second.year - first.year) * 12 + second.month - first.month


def day_in(month: date, day: int) -> date:
    """A day of a month, the last one where the month is shorter."""
    return min(month.replace(day=min(day, 28)) + timedelta(days=max(day - 28, 0)), month_end(month))


def share(cents: int, basis_points: int) -> int:
    """So many hundredths of a percent of an amount, to the cent, rounded down."""
    return cents * basis_points // 10_000


def split(cents: int, parts: int, chance: Random) -> Iterator[int]:
    """An amount in uneven parts that add up to it."""
    weights = [chance.choice((30, 45, 60, 80, 100, 130, 180, 260)) for _ in range(parts)]
    total, left = sum(weights), cents
    for weight in weights[:-1]:
        part = cents * weight // total
        left -= part
        yield part
    yield left


def money(cents: int) -> str:
    """Cents as the gateway prints an amount."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02}"


def rate(millionths: int) -> str:
    """A rate of exchange as the gateway prints it."""
    return f"{millionths // 1_000_000}.{millionths % 1_000_000:06}"


def american(day: date | None) -> str:
    """A date as the gateway prints it, empty for none."""
    return "" if day is None else f"{day:%m/%d/%Y}"
