"""The checks for ``statements.json``: amounts as decimal strings, counts as whole numbers in text."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from collections_app.reports.checks.check import Check, Evidence, Unit
from collections_app.reports.wording import clean, plain


def checks_json(checks: Iterable[Check]) -> list[dict[str, Any]]:
    """The value of the key ``checks``; a figure is null where there is none."""
    return [_check(check) for check in checks]


def _check(check: Check) -> dict[str, Any]:
    return {
        "id": check.id,
        "title": check.title,
        "family": check.family,
        "outcome": check.outcome,
        "warning": check.is_warning,
        "from": check.start.isoformat(),
        "to": check.end.isoformat(),
        "unit": check.unit,
        "expected": _figure(check.expected, check.unit),
        "actual": _figure(check.actual, check.unit),
        "difference": _figure(check.difference, check.unit),
        "tolerance": _figure(check.tolerance, check.unit),
        "sentence": clean(check.sentence),
        "evidence": [_evidence(row) for row in check.evidence],
        "evidence_count": check.evidence_count,
    }


def _evidence(row: Evidence) -> dict[str, Any]:
    return {
        "place": clean(row.place),
        "expected": _figure(row.expected, "amount"),
        "actual": _figure(row.actual, "amount"),
        "difference": _figure(row.difference, "amount"),
        "note": clean(row.note),
    }


def _figure(figure: Decimal | None, unit: Unit) -> str | None:
    if figure is None:
        return None
    return f"{figure:f}" if unit == "count" else plain(figure)
