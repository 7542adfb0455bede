"""Horizontal and vertical analysis as tables and for ``statements.json``."""

from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from collections_app.reports.analysis.comparison import Percent
from collections_app.reports.analysis.figure import ARITHMETIC
from collections_app.reports.analysis.json_form import JSON_PLACES, common_size_json, comparison_json
from collections_app.reports.build import Reports
from collections_app.reports.csv_tables import Rows, Table
from collections_app.reports.statement_comparisons import Horizontal, Vertical, horizontals, verticals

_LINE = ("periods", "statement", "key", "label", "level", "column")
_HORIZONTAL_HEADER = (*_LINE, "against", "amount", "base_amount", "change", "change_percent")
_VERTICAL_HEADER = (*_LINE, "base", "amount", "base_amount", "percent")


def comparisons_json(reports: Reports) -> dict[str, Any]:
    """The keys ``horizontal_analysis`` and ``vertical_analysis``: a list of statements each."""
    return {
        "horizontal_analysis": [
            {"periods": each.periods.key, **comparison_json(each.comparison)} for each in horizontals(reports)
        ],
        "vertical_analysis": [
            {"periods": each.periods.key, **common_size_json(each.common_size)} for each in verticals(reports)
        ],
    }


def comparison_tables(reports: Reports) -> Iterator[Table]:
    """One row for each line and column; percent is empty where the base is zero or negative."""
    across, down = tuple(horizontals(reports)), tuple(verticals(reports))
    if across:
        rows = (row for each in across for row in _horizontal_rows(each))
        yield Table("horizontal_analysis", _HORIZONTAL_HEADER, rows)
    if down:
        rows = (row for each in down for row in _vertical_rows(each))
        yield Table("vertical_analysis", _VERTICAL_HEADER, rows)


def _horizontal_rows(made: Horizontal) -> Rows:
    statement = made.comparison.statement
    places = {column: place for place, column in enumerate(statement.columns)}
    for line, compared in zip(statement.lines, made.comparison.lines, strict=True):
        pairs = zip(made.comparison.columns, compared.changes, strict=True) if compared.changes else ()
        for (now, then), change in pairs:
            yield (
                made.periods.key,
                statement.key,
                line.key,
                line.label,
                line.level,
                now.key,
                then.key,
                line.values[places[now]],
                line.values[places[then]],
                change.amount,
                _rounded(change.percent),
            )


def _vertical_rows(made: Vertical) -> Rows:
    statement = made.common_size.statement
    bases = statement.values(made.base)
    for line, shared in zip(statement.lines, made.common_size.lines, strict=True):
        if not shared.shares:
            continue
        for column, amount, base, share in zip(
            statement.columns, line.values, bases, shared.shares, strict=True
        ):
            yield (
                made.periods.key,
                statement.key,
                line.key,
                line.label,
                line.level,
                column.key,
                made.base,
                amount,
                base,
                _rounded(share),
            )


def _rounded(percent: Percent) -> Decimal | None:
    if percent.value is None:
        return None
    return percent.value.quantize(JSON_PLACES, ROUND_HALF_EVEN, ARITHMETIC)
