"""Ratios of the latest years, the trend of the most telling ones by month, and the lender's covenants."""

from typing import Any

from collections_app.reports.analysis.analysis import Analysis
from collections_app.reports.analysis.ratios import PeriodRatios, trend
from collections_app.reports.build import Reports
from collections_app.reports.periods import days_caption

MOST_COLUMNS, MOST_MONTHS = 4, 12
TREND = (
    "current_ratio",
    "quick_ratio",
    "working_capital",
    "debt_to_worth",
    "dso",
    "dpo",
    "gross_margin",
    "net_margin",
    "dscr",
    "cash_days",
)


def analysis_part(reports: Reports) -> dict[str, Any] | None:
    """None where nothing can be said, or the statements behind it were not asked for."""
    analysis = reports.analysis
    if analysis is None or not reports.has_analysis:
        return None
    return {
        "cautions": list(analysis.latest.cautions),
        "ratios": _ratios(analysis),
        "trend": _trend(analysis),
        "covenants": [
            {
                "name": result.covenant.name,
                "outcome": result.outcome,
                "requirement": result.requirement,
                "sentence": result.sentence,
            }
            for result in analysis.covenants
        ],
    }


def _ratios(analysis: Analysis) -> dict[str, Any]:
    columns = _columns(analysis)
    latest = columns[-1][1]
    return {
        "captions": [caption for caption, _ in columns],
        "groups": [
            [
                name,
                [
                    {
                        "name": metric.name,
                        "formula": metric.formula,
                        "reason": metric.reason,
                        "cells": [ratios.metric(metric.key).display for _, ratios in columns],
                    }
                    for metric in metrics
                ],
            ]
            for name, metrics in latest.groups
        ],
    }


def _columns(analysis: Analysis) -> list[tuple[str, PeriodRatios]]:
    """The spread's last columns, and the latest twelve months where they are none of them."""
    captions = (column.caption for column in analysis.spread.columns)
    found = list(zip(captions, analysis.columns, strict=True))[-MOST_COLUMNS:]
    latest = analysis.latest
    flows = latest.period.flows
    others = [each for each in found if each[1].period.flows.end != flows.end or each[1] != latest]
    if len(others) == len(found):
        found = [*found[1 - MOST_COLUMNS :], (days_caption(flows.start, flows.end), latest)]
    return found


def _trend(analysis: Analysis) -> dict[str, Any]:
    months = analysis.monthly[-MOST_MONTHS:]
    return {
        "captions": [f"{each.period.closing.as_of:%b %Y}" for each in months],
        "rows": [
            [series.name, [metric.display for metric in series.metrics]] for series in trend(months, TREND)
        ],
    }
