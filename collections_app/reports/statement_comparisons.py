"""Horizontal and vertical analysis of balance sheet and income statement, for every set of periods."""

from collections.abc import Iterator
from dataclasses import dataclass

from collections_app.reports.analysis.comparison import (
    CommonSize,
    Comparison,
    against_last_year,
    common_size,
)
from collections_app.reports.build import Reports
from collections_app.reports.period_sets import PeriodSet

BASES = {"balance_sheet": "total_assets", "income_statement": "revenue"}


@dataclass(frozen=True, slots=True)
class Horizontal:
    """A statement of a set of periods against the year before; at least one column has one to compare."""

    periods: PeriodSet
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Vertical:
    """A statement of a set of periods in percent of ``base``, the key of one of its lines."""

    periods: PeriodSet
    base: str
    common_size: CommonSize


def horizontals(reports: Reports) -> Iterator[Horizontal]:
    """The statements that were asked for against the year before, as far as that was collected."""
    for statements in (reports.by_month, *reports.by_period):
        for statement in reports.asked_for(statements):
            if statement.key in BASES:
                comparison = against_last_year(statement)
                if comparison.columns:
                    yield Horizontal(statements.periods, comparison)


def verticals(reports: Reports) -> Iterator[Vertical]:
    """The statements that were asked for: balance sheets of total assets, income statements of revenue."""
    for statements in (reports.by_month, *reports.by_period):
        for statement in reports.asked_for(statements):
            if statement.key in BASES:
                base = BASES[statement.key]
                yield Vertical(statements.periods, base, common_size(statement, base))
