"""The analysis for ``statements.json``: decimal strings, dates as ISO 8601, None where there is no number.

Numbers are rounded, half to even, to ten places, which leaves a ledger's amounts as they are. What an amount
was annualized from, what a result needs and how its figures were defined stand beside it.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from collections_app.reports.analysis.analysis import Analysis
from collections_app.reports.analysis.comparison import CommonSize, Comparison, Percent
from collections_app.reports.analysis.covenants import CovenantResult
from collections_app.reports.analysis.figure import ARITHMETIC, Figure
from collections_app.reports.analysis.metric import Metric
from collections_app.reports.analysis.ratios import PeriodRatios
from collections_app.reports.analysis.spread import Spread, SpreadCell, SpreadColumn
from collections_app.reports.analysis.uca import UcaCashFlow
from collections_app.reports.wording import clean, plain

JSON_PLACES = Decimal("1e-10")


def analysis_json(analysis: Analysis) -> dict[str, Any]:
    """The keys ``ratios`` and ``spread``: the latest period first, then the spread's columns."""
    periods = (analysis.latest, *analysis.columns)
    return {
        "ratios": ratios_json(periods, analysis.covenants, analysis.cash_flow),
        "spread": spread_json(analysis.spread),
    }


def ratios_json(
    periods: Iterable[PeriodRatios],
    covenants: Iterable[CovenantResult] = (),
    cash_flow: UcaCashFlow | None = None,
) -> dict[str, Any]:
    """The value of the key ``ratios``."""
    return {
        "rounding": "half even, 10 places",
        "periods": [_period(period) for period in periods],
        "covenants": [_covenant(result) for result in covenants],
        "uca_cash_flow": _uca(cash_flow) if cash_flow else None,
    }


def spread_json(spread: Spread) -> dict[str, Any]:
    """The value of the key ``spread``."""
    return {
        "columns": [_column(column) for column in spread.columns],
        "rows": [
            {
                "section": row.section,
                "key": row.key,
                "label": row.label,
                "cells": [_cell(cell) for cell in row.cells],
            }
            for row in spread.rows
        ],
        "notes": list(spread.notes),
    }


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """Horizontal analysis of one statement."""
    return {
        "statement": comparison.statement.key,
        "columns": [{"column": now.key, "against": then.key} for now, then in comparison.columns],
        "lines": [
            {
                "key": clean(line.key),
                "changes": [
                    {"amount": _number(change.amount), "percent": _percent(change.percent)}
                    for change in line.changes
                ],
            }
            for line in comparison.lines
            if line.style != "heading"
        ],
    }


def common_size_json(analysis: CommonSize) -> dict[str, Any]:
    """Vertical analysis of one statement."""
    return {
        "statement": analysis.statement.key,
        "columns": [column.key for column in analysis.statement.columns],
        "lines": [
            {
                "key": clean(line.key),
                "base": line.base,
                "percent": [_percent(share) for share in line.shares],
            }
            for line in analysis.lines
            if line.style != "heading"
        ],
    }


def _period(result: PeriodRatios) -> dict[str, Any]:
    flows = result.period.flows
    return {
        "caption": result.period.caption,
        "from": flows.start.isoformat(),
        "to": flows.end.isoformat(),
        "days": flows.days,
        "twelve_months": flows.is_twelve_months,
        "metrics": [_metric(metric) for metric in result.metrics],
        "definitions": [clean(text) for text in result.definitions],
        "cautions": list(result.cautions),
    }


def _metric(metric: Metric) -> dict[str, Any]:
    return {
        "key": metric.key,
        "name": metric.name,
        "group": metric.group,
        "unit": metric.unit,
        "formula": clean(metric.formula),
        "status": metric.status,
        "value": _number(metric.value),
        "display": metric.display,
        "numerator": _figure(metric.numerator),
        "denominator": _figure(metric.denominator) if metric.denominator else None,
        "annualized_from_days": metric.annualized_from or None,
        "reason": clean(metric.reason),
        "needs": [clean(name) for name in metric.missing],
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "label": clean(figure.label),
        "amount": _number(figure.amount),
        "formula": clean(figure.formula),
    }


def _covenant(result: CovenantResult) -> dict[str, Any]:
    covenant = result.covenant
    return {
        "name": clean(covenant.name),
        "metric": covenant.metric,
        "limit": covenant.limit,
        "threshold": plain(covenant.threshold),
        "outcome": result.outcome,
        "value": _number(result.metric.value),
        "headroom": _number(result.headroom),
        "formula": clean(result.metric.formula),
        "definitions": [clean(text) for text in result.metric.definitions],
        "sentence": clean(result.sentence),
    }


def _uca(cash_flow: UcaCashFlow) -> dict[str, Any]:
    return {
        "rows": [{"key": row.key, "total": row.is_total, **_figure(row.figure)} for row in cash_flow.rows],
        "difference": _number(cash_flow.difference),
    }


def _column(column: SpreadColumn) -> dict[str, Any]:
    return {
        "kind": column.kind,
        "from": column.start.isoformat(),
        "statement_date": column.statement_date.isoformat(),
        "months": _number(column.months),
        "source": column.source,
        "basis": column.basis,
        "currency": column.currency,
        "unit": column.unit,
    }


def _cell(cell: SpreadCell) -> dict[str, Any]:
    percent = _percent(cell.percent) if cell.percent else None
    return {"amount": _number(cell.amount), "percent": percent, "needs": list(cell.missing)}


def _percent(percent: Percent) -> str | None:
    return _number(percent.value)


def _number(value: Decimal | None) -> str | None:
    """The number as text, rounded to ten places; ``plain`` takes away the zeros at the end."""
    if value is None:
        return None
    return plain(value.quantize(JSON_PLACES, ROUND_HALF_EVEN, ARITHMETIC))
