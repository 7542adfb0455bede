"""A lender's thresholds against the metrics, each with the definition that was applied."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Literal

from collections_app.reports.analysis.figure import ARITHMETIC
from collections_app.reports.analysis.metric import SUFFIXES, Metric, Unit, rounded_text
from collections_app.reports.analysis.period import Flows, Period, Position
from collections_app.reports.analysis.ratios import PeriodRatios, period_ratios

Limit = Literal["at least", "at most"]
Outcome = Literal["pass", "fail", "needs input", "n/m"]


@dataclass(frozen=True, slots=True)
class Covenant:
    """A threshold for one metric, in the unit of the metric: 1.25 times, 30 for 30 percent."""

    name: str
    metric: str
    limit: Limit
    threshold: Decimal


@dataclass(frozen=True, slots=True)
class CovenantResult:
    """How one covenant stands. ``headroom`` is the distance to the threshold, negative when it is broken.

    The unrounded value is compared, so that 1.2499 fails a minimum of 1.25. Where the metric has no number
    the covenant is neither kept nor broken, and the outcome and sentence say why.
    """

    covenant: Covenant
    metric: Metric
    outcome: Outcome
    headroom: Decimal | None
    sentence: str

    @property
    def requirement(self) -> str:
        """What the covenant demands, in words: "Current ratio must be at least 1.25"."""
        covenant = self.covenant
        return f"{self.metric.name} must be {covenant.limit} {_shown(covenant, self.metric.unit)}"


@cache
def metric_keys() -> tuple[str, ...]:
    """The keys of all metrics, in the order of printing: every period has them, known or not."""
    day = date.min
    nothing_known = Period("", Position(day, {}), Flows(day, day, {}))
    return tuple(metric.key for metric in period_ratios(nothing_known).metrics)


def covenant_table(covenants: Iterable[Covenant], ratios: PeriodRatios) -> tuple[CovenantResult, ...]:
    """Each covenant with its result, in order.

    Raises ValueError, with one plain sentence, for a covenant on something that is no metric.
    """
    known = {metric.key: metric for metric in ratios.metrics}
    results = []
    for covenant in covenants:
        if covenant.metric not in known:
            raise ValueError(
                f"The covenant {covenant.name!r} is about {covenant.metric!r}, which is no metric; "
                f"use one of {', '.join(known)}."
            )
        results.append(_result(covenant, known[covenant.metric]))
    return tuple(results)


def _result(covenant: Covenant, metric: Metric) -> CovenantResult:
    if metric.value is None:
        outcome: Outcome = "needs input" if metric.missing else "n/m"
        return CovenantResult(covenant, metric, outcome, None, metric.reason)
    headroom = ARITHMETIC.subtract(metric.value, covenant.threshold)
    if covenant.limit == "at most":
        headroom = ARITHMETIC.minus(headroom)
    kept = headroom >= 0
    sentence = (
        f"{metric.name} is {metric.display}; it must be {covenant.limit} {_shown(covenant, metric.unit)}."
    )
    return CovenantResult(covenant, metric, "pass" if kept else "fail", headroom, sentence)


def _shown(covenant: Covenant, unit: Unit) -> str:
    places = -int(covenant.threshold.normalize().as_tuple().exponent)
    return f"{rounded_text(covenant.threshold, max(2, places))}{SUFFIXES.get(unit, '')}"
