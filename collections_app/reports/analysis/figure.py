"""Figures that know what they are made of, and that may be unknown.

A ratio is only as good as what stands above and below its line, so every figure keeps its label and its
parts, and the formula that people read is written from the parts that were really used. A figure for which an
input is missing has no amount: it is never taken for zero.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow

# Wide enough that sums of ledger amounts are exact; a quotient is rounded, half to even, at the 60th digit.
ARITHMETIC = Context(prec=60, rounding=ROUND_HALF_EVEN, traps=[DivisionByZero, InvalidOperation, Overflow])
ZERO = Decimal(0)
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Part:
    """A figure inside another one, with the factor that it counts by: 1 is added, -1 subtracted."""

    factor: Decimal
    figure: "Figure"


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount with the label under which it is printed.

    ``amount`` is None when an input is missing, and ``missing`` then says in plain words which ones.
    ``annualized_from`` is the number of days from which a flow was brought to a year, 0 when it was not.
    ``defined`` are formulas that stand for parts, where the figure is the result of another metric.
    """

    label: str
    amount: Decimal | None
    parts: tuple[Part, ...] = ()
    missing: tuple[str, ...] = ()
    annualized_from: int = 0
    defined: tuple[str, ...] = ()

    @property
    def formula(self) -> str:
        """What the figure is made of, in words: "Net income + Income tax"; empty when it has no parts."""
        text = " ".join(f"{_sign(part)}{part.figure.label}" for part in self.parts)
        return text.removeprefix("+ ")

    @property
    def definitions(self) -> tuple[str, ...]:
        """The formula of this figure and of every one inside it, outermost first, each once."""
        return tuple(dict.fromkeys(self._definitions()))

    def _definitions(self) -> Iterator[str]:
        if self.parts:
            yield f"{self.label} = {self.formula}"
        yield from self.defined
        for part in self.parts:
            yield from part.figure._definitions()


def _sign(part: Part) -> str:
    sign = "-" if part.factor < 0 else "+"
    size = abs(part.factor)
    return f"{sign} " if size == 1 else f"{sign} {size} x "


def unknown(label: str, *missing: str) -> Figure:
    """A figure that cannot be had without the inputs named in ``missing``."""
    return Figure(label, None, missing=missing)


def total(label: str, adds: Iterable[Figure], subtracts: Iterable[Figure] = ()) -> Figure:
    """The sum of what it adds less what it subtracts; unknown as soon as one of them is."""
    parts = [Part(ONE, figure) for figure in adds] + [Part(-ONE, figure) for figure in subtracts]
    return weighted(label, parts)


def weighted(label: str, parts: Iterable[Part]) -> Figure:
    """The sum of the parts, each times its factor; unknown as soon as one of them is."""
    kept = tuple(parts)
    missing = tuple(dict.fromkeys(name for part in kept for name in part.figure.missing))
    days = max((part.figure.annualized_from for part in kept), default=0)
    amount = None if missing else ZERO
    for part in kept:
        if amount is not None and part.figure.amount is not None:
            amount = ARITHMETIC.fma(part.factor, part.figure.amount, amount)
    return Figure(label, amount, kept, missing, days)


def average(label: str, opening: Figure, closing: Figure) -> Figure:
    """The mean of an opening and a closing balance."""
    half = Decimal("0.5")
    ends = ((opening, "opening"), (closing, "closing"))
    return weighted(
        label, (Part(half, replace(figure, label=f"{figure.label}, {end}")) for figure, end in ends)
    )
