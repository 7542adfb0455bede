"""The scale of a chart: round steps from the lowest to the highest value, zero always among them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from itertools import count

from collections_app.reports.division import quotient

_CONTEXT = Context(prec=50)
_MOST_STEPS = 6
_ROUND_STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Scale:
    """The values at which lines are drawn across a chart, lowest first."""

    ticks: tuple[Decimal, ...]

    def fraction(self, value: Decimal) -> Decimal:
        """How far up the chart a value stands: 0 at the lowest tick, 1 at the highest."""
        low, high = self.ticks[0], self.ticks[-1]
        return quotient(_CONTEXT.subtract(value, low), high - low, 4) or Decimal(0)


def scale_for(values: Iterable[Decimal]) -> Scale:
    """The scale that holds all the values in as few round steps as are needed."""
    known = [Decimal(0), *values]
    low, high = min(known), max(known)
    if low == high:
        high = Decimal(1)
    power = _CONTEXT.subtract(high, low).adjusted() - 1
    for place in count():
        size = _ROUND_STEPS[place % 3] * Decimal(10) ** (power + place // 3)
        first = _steps(low, size, ROUND_FLOOR)
        last = _steps(high, size, ROUND_CEILING)
        if last - first <= _MOST_STEPS:
            return Scale(tuple(size * step for step in range(first, last + 1)))
    raise AssertionError("unreachable: every span fits into few steps of some size")


def _steps(value: Decimal, size: Decimal, rounding: str) -> int:
    return int(_CONTEXT.divide(value, size).to_integral_value(rounding))


def short_amount(value: Decimal) -> str:
    """A round amount in few characters: "-1.5M", "250k", "0"."""
    for power, suffix in ((9, "B"), (6, "M"), (3, "k")):
        if abs(value) >= Decimal(10) ** power:
            return f"{_bare(value.scaleb(-power))}{suffix}"
    return _bare(value)


def _bare(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
