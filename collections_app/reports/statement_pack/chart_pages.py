"""The charts, each with the table of the same figures beside it."""

from collections.abc import Iterator
from decimal import Decimal
from xml.etree.ElementTree import Element

from collections_app.reports.build import Reports
from collections_app.reports.charts.chart import Chart
from collections_app.reports.charts.drawing import draw
from collections_app.reports.charts.report_charts import report_charts
from collections_app.reports.markup import element
from collections_app.reports.statement_pack.fitting import PORTRAIT, amount_width
from collections_app.reports.statement_pack.section import Section, View, subheading
from collections_app.reports.statement_pack.tables import (
    amount_cell,
    column_header,
    number_header,
    percent_cell,
    row,
    row_header,
    table,
)

_LABEL_WIDTH, _SMALLEST_COLUMN, _GAP, _WIDEST = 48, 70, 8, 264


def chart_sections(reports: Reports) -> Iterator[Section]:
    """The section of the charts; none where nothing that can be drawn was asked for."""
    charts = report_charts(reports)
    if charts:
        currency = reports.heading.currency
        yield Section("charts", "Charts", (View(tuple(_figure(chart, currency) for chart in charts)),))


def _figure(chart: Chart, currency: str) -> Element:
    unit = "percent" if chart.unit == "percent" else currency
    header = [column_header(f"In {unit}"), *(number_header(series.name) for series in chart.series)]
    width = _column_width(chart)
    columns = [element("col"), *(element("col", style=f"width:{width}pt") for _ in chart.series)]
    figures = table(header, _rows(chart), columns=columns)
    figures_width = _LABEL_WIDTH + width * len(chart.series)
    return element(
        "div",
        subheading(chart.title),
        element("p", chart.summary, limit=1_000),
        element(
            "div",
            element(
                "div", draw(chart), style=f"width:{min(_WIDEST, PORTRAIT.width - _GAP - figures_width)}pt"
            ),
            element("div", figures, style=f"width:{figures_width}pt"),
            class_="side-by-side",
        ),
        class_="chart",
    )


def _column_width(chart: Chart) -> int:
    if chart.unit == "percent":
        return _SMALLEST_COLUMN
    values = (value for series in chart.series for value in series.values if value is not None)
    return amount_width(values, _SMALLEST_COLUMN)


def _rows(chart: Chart) -> Iterator[Element]:
    for place, name in enumerate(chart.categories):
        cells = (_cell(chart, series.values[place]) for series in chart.series)
        yield row(row_header(name), *cells, class_="line")


def _cell(chart: Chart, value: Decimal | None) -> Element:
    return percent_cell(value, "none") if chart.unit == "percent" else amount_cell(value)
