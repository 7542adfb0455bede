"""All ratios and metrics of a period, their trend over periods, and what a reader must be warned of."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from collections_app.reports.analysis.credit import credit_metrics
from collections_app.reports.analysis.definitions import (
    NO_INPUTS,
    STANDARD_DEFINITIONS,
    Definitions,
    LenderInputs,
)
from collections_app.reports.analysis.measures import Measures
from collections_app.reports.analysis.metric import Metric, Unit
from collections_app.reports.analysis.performance import performance_metrics
from collections_app.reports.analysis.period import Period
from collections_app.reports.analysis.rma import rma_ratios
from collections_app.reports.wording import grouped


@dataclass(frozen=True, slots=True)
class PeriodRatios:
    """The metrics of one period, in the order of printing, and sentences that must stand beside them."""

    period: Period
    metrics: tuple[Metric, ...]
    cautions: tuple[str, ...]

    def metric(self, key: str) -> Metric:
        """The metric with that key; KeyError when there is none."""
        return {metric.key: metric for metric in self.metrics}[key]

    @property
    def groups(self) -> tuple[tuple[str, tuple[Metric, ...]], ...]:
        """The metrics under their group's name, each group once, in the order of printing."""
        names = dict.fromkeys(metric.group for metric in self.metrics)
        return tuple((name, tuple(m for m in self.metrics if m.group == name)) for name in names)

    @property
    def definitions(self) -> tuple[str, ...]:
        """Every composite figure's formula as it was applied, each once."""
        return tuple(dict.fromkeys(text for metric in self.metrics for text in metric.definitions))


@dataclass(frozen=True, slots=True)
class Series:
    """One metric over the periods of a trend, for a chart; a metric without a number leaves a gap."""

    key: str
    name: str
    unit: Unit
    metrics: tuple[Metric, ...]


def period_ratios(
    period: Period,
    inputs: LenderInputs = NO_INPUTS,
    definitions: Definitions = STANDARD_DEFINITIONS,
) -> PeriodRatios:
    """RMA's ratios and the other metrics of one period; a missing figure or a bad base never raises."""
    measures = Measures(period, inputs, definitions)
    metrics = (*rma_ratios(measures), *credit_metrics(measures), *performance_metrics(measures))
    return PeriodRatios(period, metrics, tuple(_cautions(period)))


def trend(results: Sequence[PeriodRatios], keys: Iterable[str] | None = None) -> tuple[Series, ...]:
    """Each metric over the periods, in the order of ``results``; ``keys`` chooses some, in that order.

    Raises KeyError for a key that is no metric.
    """
    if not results:
        return ()
    chosen = tuple(keys) if keys is not None else tuple(metric.key for metric in results[0].metrics)
    return tuple(_series(results, key) for key in chosen)


def _series(results: Sequence[PeriodRatios], key: str) -> Series:
    metrics = tuple(result.metric(key) for result in results)
    return Series(key, metrics[0].name, metrics[0].unit, metrics)


def _cautions(period: Period) -> Iterator[str]:
    flows, lines = period.flows, period.closing.lines
    if not flows.is_twelve_months:
        yield (
            f"Income figures cover {flows.days} days and are brought to a year (x 365 / {flows.days}); "
            "a seasonal business will look better or worse than it is."
        )
    assets = lines.get("unassigned_assets")
    if assets:
        yield f"Unassigned assets of {grouped(assets)} are in total assets but in no class; assign them."
    debts = lines.get("unassigned_liabilities")
    if debts:
        yield (
            f"Unassigned liabilities of {grouped(debts)} are in total liabilities but in no class; "
            "assign them."
        )
    income = flows.lines.get("unassigned_income_statement")
    if income:
        yield (
            f"Unassigned income less expenses of {grouped(income)} is in net income and EBITDA "
            "but not in profit before taxes and EBIT; assign the accounts."
        )
