"""The charts as drawings, each with its figures as a table for those who cannot see it."""

from decimal import Decimal
from typing import Any

from collections_app.reports.build import Reports
from collections_app.reports.charts.chart import Chart
from collections_app.reports.charts.drawing import draw
from collections_app.reports.charts.report_charts import report_charts
from collections_app.reports.desk.tables import NIL, figure
from collections_app.reports.markup import markup


def charts_part(reports: Reports) -> list[dict[str, Any]]:
    return [_chart(chart) for chart in report_charts(reports)]


def _chart(chart: Chart) -> dict[str, Any]:
    return {
        "key": chart.key,
        "title": chart.title,
        "summary": chart.summary,
        "drawing": markup(draw(chart)),
        "names": [series.name for series in chart.series],
        "rows": [
            [category, [_cell(chart, series.values[place]) for series in chart.series]]
            for place, category in enumerate(chart.categories)
        ],
    }


def _cell(chart: Chart, value: Decimal | None) -> str:
    if value is None:
        return "None"
    return f"{value:.1f}%" if chart.unit == "percent" else figure(value) if value else NIL
