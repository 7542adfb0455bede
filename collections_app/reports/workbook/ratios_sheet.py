"""The ratios and metrics, each with numerator, denominator and formula, and the same at each month end."""

from decimal import Decimal

from collections_app.reports.analysis.analysis import Analysis
from collections_app.reports.analysis.covenants import CovenantResult
from collections_app.reports.analysis.metric import Metric, Unit
from collections_app.reports.analysis.ratios import PeriodRatios, trend
from collections_app.reports.workbook.cells import Cell, Formula, place
from collections_app.reports.workbook.places import FIRST_ROW, HEADER_ROW
from collections_app.reports.workbook.sheet import Sheet
from collections_app.reports.workbook.styles import DAY
from collections_app.reports.workbook.table import Field, cell_format, write_header, write_row, write_title

FIELDS = (
    Field("Ratio", 34, "wrapped"),
    Field("Value", 12, "number"),
    Field("Unit", 8),
    Field("Numerator", 28, "wrapped"),
    Field("Amount", 17, "amount"),
    Field("Denominator", 28, "wrapped"),
    Field("Amount", 17, "amount"),
    Field("Formula", 42, "wrapped"),
    Field("Why there is no number", 32, "wrapped"),
)
COVENANT_FIELDS = (
    Field("Covenant", 34, "wrapped"),
    Field("Value", 12, "number"),
    Field("Unit", 8),
    Field("Ratio", 28, "wrapped"),
    Field("Threshold", 17, "number"),
    Field("Must be", 28, "wrapped"),
    Field("Headroom", 17, "number"),
    Field("Formula", 42, "wrapped"),
    Field("Outcome", 32, "wrapped"),
)
_ABOVE, _BELOW = 4, 6
UNIT_NAMES: dict[Unit, str] = {
    "times": "times",
    "percent": "%",
    "days": "days",
    "months": "months",
    "amount": "amount",
    "score": "score",
}
# More digits than a cell keeps, few enough that no program stumbles over them.
_DIGITS = 17


def write_ratios(sheet: Sheet) -> None:
    """Write the metrics of the latest period by group, then cautions and covenants."""
    analysis = sheet.reports.analysis
    if analysis is None:
        return
    sheet.widths([each.width for each in FIELDS])
    sheet.title_block()
    row = write_header(sheet, HEADER_ROW, FIELDS)
    for name, metrics in analysis.latest.groups:
        row = write_row(sheet, row, FIELDS, (name, *(None,) * 8), "heading")
        for metric in metrics:
            row = _write_metric(sheet, row, metric)
    row += 1
    for text in (f"Period: {analysis.latest.period.caption}.", *analysis.latest.cautions):
        sheet.text(row, 0, text, sheet.styles.get())
        row += 1
    _write_covenants(sheet, row + 1, analysis)
    sheet.page.freeze_panes(FIRST_ROW, 1)
    sheet.print_setup(HEADER_ROW, len(FIELDS), repeat_first_column=True)


def _write_metric(sheet: Sheet, row: int, metric: Metric) -> int:
    below = metric.denominator
    values = (
        metric.name,
        _live(row, metric),
        UNIT_NAMES[metric.unit],
        metric.numerator.label,
        shown(metric.numerator.amount),
        below.label if below else None,
        shown(below.amount) if below else None,
        metric.formula,
        metric.reason,
    )
    return write_row(sheet, row, FIELDS, values)


def shown(amount: Decimal | None) -> Cell:
    """The amount with as many digits as a cell keeps; "needs input" where it is not known."""
    return "needs input" if amount is None else kept(amount)


def kept(value: Decimal) -> Decimal:
    """The value with a few more digits than a cell keeps."""
    return Decimal(f"{value:.{_DIGITS}g}") if len(value.as_tuple().digits) > _DIGITS else value


def _live(row: int, metric: Metric) -> Cell:
    """The value worked out in the sheet from the numerator and denominator beside it."""
    if metric.value is None:
        return metric.status
    above, below = place(row, _ABOVE), place(row, _BELOW)
    if metric.denominator is None:
        text = above
    elif metric.years:
        text = f"(({above}/{below})^(1/{metric.years})-1)*100"
    else:
        text = f"{above}/{below}" if metric.scale == 1 else f"{metric.scale:f}*{above}/{below}"
    return Formula(text, kept(metric.value))


def _write_covenants(sheet: Sheet, row: int, analysis: Analysis) -> None:
    if not analysis.covenants:
        return
    row = write_header(sheet, write_title(sheet, row, "Covenants"), COVENANT_FIELDS)
    for result in analysis.covenants:
        row = write_row(sheet, row, COVENANT_FIELDS, _covenant(result))


def _covenant(result: CovenantResult) -> tuple[Cell, ...]:
    covenant, metric = result.covenant, result.metric
    return (
        covenant.name,
        _value(metric),
        UNIT_NAMES[metric.unit],
        metric.name,
        covenant.threshold,
        covenant.limit,
        metric.status if result.headroom is None else kept(result.headroom),
        metric.formula,
        result.outcome if metric.value is not None else f"{result.outcome}: {result.sentence}",
    )


def write_monthly_ratios(sheet: Sheet) -> None:
    """Write each metric in a row with one value for each month end."""
    analysis = sheet.reports.analysis
    if analysis is None:
        return
    results = analysis.monthly
    fields = (Field("Ratio", 44), Field("Unit", 9), *(Field("", 14, "number") for _ in results))
    sheet.widths([each.width for each in fields])
    sheet.title_block()
    _write_month_heads(sheet, results)
    row = FIRST_ROW
    for series in trend(results):
        values = [_value(metric) for metric in series.metrics]
        for column, value in enumerate((series.name, UNIT_NAMES[series.unit], *values)):
            sheet.write(row, column, value, cell_format(sheet, fields[column], value))
        row += 1
    sheet.page.freeze_panes(FIRST_ROW, 2)
    sheet.print_setup(HEADER_ROW, len(fields), repeat_first_column=True)


def _write_month_heads(sheet: Sheet, results: tuple[PeriodRatios, ...]) -> None:
    sheet.text(HEADER_ROW, 0, "Ratio", sheet.styles.column_header())
    sheet.text(HEADER_ROW, 1, "Unit", sheet.styles.column_header())
    head = sheet.styles.column_header(num_format=DAY, align="right")
    for column, result in enumerate(results, start=2):
        sheet.day(HEADER_ROW, column, result.period.closing.as_of, head)


def _value(metric: Metric) -> Cell:
    return metric.status if metric.value is None else kept(metric.value)
