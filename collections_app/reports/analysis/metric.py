"""A ratio or metric with everything that was used to work it out.

The value is a number, or honestly not one: "n/m" (not meaningful) where the base is zero or negative, "needs
input" where the books lack something that the lender has to ask for. Zero never stands for unknown.

Values are kept unrounded (see ``figure.ARITHMETIC``). Only ``display`` rounds, half up as people expect:
times, months and scores to 2 places, percent and days to 1, amounts to 2.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from collections_app.reports.analysis.figure import ARITHMETIC, ONE, Figure, unknown

Unit = Literal["times", "percent", "days", "months", "amount", "score"]
Status = Literal["value", "n/m", "needs input"]

HUNDRED = Decimal(100)
DISPLAY_PLACES: dict[Unit, int] = {
    "times": 2,
    "percent": 1,
    "days": 1,
    "months": 2,
    "amount": 2,
    "score": 2,
}
SUFFIXES: dict[Unit, str] = {"percent": "%", "days": " days", "months": " months"}


@dataclass(frozen=True, slots=True)
class Metric:
    """One result: ``scale`` x numerator / denominator, or the numerator where there is no denominator.

    ``scale`` is 100 for a percentage and the days of the year or of the period for days. For compound growth
    (``years`` above 0) the value is the yearly rate in percent that leads from denominator to numerator.
    ``reason`` is one plain sentence wherever there is no number.
    """

    key: str
    name: str
    group: str
    unit: Unit
    formula: str
    numerator: Figure
    denominator: Figure | None
    value: Decimal | None
    reason: str = ""
    missing: tuple[str, ...] = ()
    scale: Decimal = ONE
    years: int = 0

    @property
    def status(self) -> Status:
        """Whether there is a number, and if not, why."""
        if self.value is not None:
            return "value"
        return "needs input" if self.missing else "n/m"

    @property
    def display(self) -> str:
        """The value for people, rounded half up, with its unit; or "n/m", or "needs input"."""
        if self.value is None:
            return self.status
        return f"{rounded_text(self.value, DISPLAY_PLACES[self.unit])}{SUFFIXES.get(self.unit, '')}"

    @property
    def definitions(self) -> tuple[str, ...]:
        """How the composite figures above and below the line were defined for this result."""
        below = self.denominator.definitions if self.denominator else ()
        return tuple(dict.fromkeys(self.numerator.definitions + below))

    @property
    def annualized_from(self) -> int:
        """The days from which a flow was brought to a year; 0 when twelve months or no flow were used."""
        below = self.denominator.annualized_from if self.denominator else 0
        return max(self.numerator.annualized_from, below)

    @property
    def annualization(self) -> str:
        """The mark of an annualized result, for print: "annualized, x 365 / 184"; empty when it is none."""
        return f"annualized, x 365 / {self.annualized_from}" if self.annualized_from else ""


def rounded_text(value: Decimal, places: int) -> str:
    """The value with that many places, rounded half up, thousands apart, and never as minus zero."""
    rounded = value.quantize(ONE.scaleb(-places), ROUND_HALF_UP, ARITHMETIC)
    return f"{rounded if rounded else abs(rounded):,f}"


def quotient(
    key: str,
    name: str,
    group: str,
    unit: Unit,
    numerator: Figure,
    denominator: Figure,
    *,
    scale: Decimal | None = None,
    unsigned: bool = False,
) -> Metric:
    """Numerator over denominator; "n/m" on a zero or negative base, "needs input" when a figure is unknown.

    ``scale`` is 100 for percent unless given. ``unsigned`` says that a negative numerator has no meaning
    either, as with the days of receivables that are in credit.
    """
    scale = scale if scale is not None else (HUNDRED if unit == "percent" else ONE)
    formula = f"{numerator.label} / {denominator.label}" + (f" x {scale:f}" if scale != 1 else "")
    missing = tuple(dict.fromkeys(numerator.missing + denominator.missing))
    reason = not_meaningful(denominator) or (_negative(numerator) if unsigned else "")
    value = None
    if reason:
        missing = ()
    elif numerator.amount is None or denominator.amount is None:
        reason = _needs(missing)
    else:
        value = ARITHMETIC.divide(ARITHMETIC.multiply(scale, numerator.amount), denominator.amount)
    return Metric(
        key, name, group, unit, formula, numerator, denominator, value, reason, missing, scale=scale
    )


def single(
    key: str,
    name: str,
    group: str,
    unit: Unit,
    figure: Figure,
    *,
    reason: str = "",
) -> Metric:
    """A metric that is one figure; ``reason`` says why it has no meaning here, empty when it has."""
    formula = figure.formula or figure.label
    if reason:
        return Metric(key, name, group, unit, formula, figure, None, None, reason)
    reason = _needs(figure.missing) if figure.missing else ""
    return Metric(key, name, group, unit, formula, figure, None, figure.amount, reason, figure.missing)


def compound_growth(key: str, name: str, group: str, latest: Figure, earliest: Figure, years: int) -> Metric:
    """The yearly growth in percent that leads in ``years`` from ``earliest`` to ``latest``."""
    formula = f"(({latest.label} / {earliest.label}) ^ (1 / {years}) - 1) x 100"
    missing = tuple(dict.fromkeys(latest.missing + earliest.missing))
    reason = not_meaningful(earliest) or _negative(latest)
    value = None
    if reason:
        missing = ()
    elif latest.amount is None or earliest.amount is None:
        reason = _needs(missing)
    else:
        growth = ARITHMETIC.divide(latest.amount, earliest.amount)
        root = ARITHMETIC.power(growth, ARITHMETIC.divide(ONE, Decimal(years)))
        value = ARITHMETIC.multiply(HUNDRED, ARITHMETIC.subtract(root, ONE))
    return Metric(
        key, name, group, "percent", formula, latest, earliest, value, reason, missing, HUNDRED, years
    )


def as_figure(metric: Metric) -> Figure:
    """A metric as part of another one; unknown where it has no number."""
    if metric.value is None:
        return unknown(metric.name, *(metric.missing or (metric.name,)))
    own = () if metric.name == metric.formula else (f"{metric.name} = {metric.formula}",)
    defined = (*own, *metric.definitions)
    return Figure(metric.name, metric.value, defined=defined, annualized_from=metric.annualized_from)


def not_meaningful(base: Figure) -> str:
    """Why nothing can be divided by ``base``, in one sentence; empty when it can, or when it is unknown."""
    if base.amount is None or base.amount > 0:
        return ""
    return f"The base, {base.label}, is {'negative' if base.amount else 'zero'}."


def _negative(figure: Figure) -> str:
    return (
        f"{figure.label}: the amount is negative." if figure.amount is not None and figure.amount < 0 else ""
    )


def _needs(missing: tuple[str, ...]) -> str:
    return f"Needs {', '.join(missing)}."
