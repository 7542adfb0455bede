"""The whole analysis of one collection, in one call."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from collections_app.reports.analysis.covenants import Covenant, CovenantResult, covenant_table
from collections_app.reports.analysis.definitions import (
    NO_INPUTS,
    STANDARD_DEFINITIONS,
    Definitions,
    LenderInputs,
)
from collections_app.reports.analysis.ratios import PeriodRatios, period_ratios
from collections_app.reports.analysis.source import Source
from collections_app.reports.analysis.spread import Spread, spread, standard_periods
from collections_app.reports.analysis.uca import UcaCashFlow, uca_cash_flow
from collections_app.reports.figures import Heading


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the statements say to a credit analyst.

    ``latest`` is about the last twelve months, or what there is of them; ``cash_flow`` and ``covenants``
    belong to it. ``columns`` are the ratios of the spread's columns, ``monthly`` those at each month's end,
    oldest first, for ``ratios.trend``.
    """

    latest: PeriodRatios
    covenants: tuple[CovenantResult, ...]
    cash_flow: UcaCashFlow
    spread: Spread
    columns: tuple[PeriodRatios, ...]
    monthly: tuple[PeriodRatios, ...]


def analyze(
    source: Source,
    heading: Heading,
    *,
    inputs: Mapping[date, LenderInputs] | None = None,
    definitions: Definitions = STANDARD_DEFINITIONS,
    covenants: Iterable[Covenant] = (),
    unit: int = 1,
) -> Analysis | None:
    """The analysis up to the last day of ``heading``; None when the statements have nothing that ends there.

    ``inputs`` are the lender's by the date that they belong to, so that one year's maturities never stand in
    another's column. Raises ValueError for a covenant on no metric and for an unknown unit of the spread.
    """
    given = inputs or {}
    until = heading.date_to
    period = source.period_ending(until)
    if period is None:
        return None

    latest = period_ratios(period, given.get(until, NO_INPUTS), definitions)
    columns = tuple(
        replace(item, inputs=given.get(item.period.closing.as_of, NO_INPUTS))
        for item in standard_periods(source, heading.first_fiscal_month, until)
    )
    return Analysis(
        latest=latest,
        covenants=covenant_table(covenants, latest),
        cash_flow=uca_cash_flow(period, given.get(until, NO_INPUTS)),
        spread=spread(columns, heading, unit),
        columns=tuple(period_ratios(item.period, item.inputs, definitions) for item in columns),
        monthly=tuple(_monthly(source, given, definitions)),
    )


def _monthly(
    source: Source, given: Mapping[date, LenderInputs], definitions: Definitions
) -> Iterable[PeriodRatios]:
    for column in source.balance_sheet.columns:
        period = source.period_ending(column.end)
        if period:
            yield period_ratios(period, given.get(column.end, NO_INPUTS), definitions)
