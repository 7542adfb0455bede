"""The cash flow in the form of Uniform Credit Analysis: did sales become cash, and what for."""

from decimal import Decimal

from collections_app.reports.analysis.figure import Figure
from collections_app.reports.analysis.uca import CashRow
from collections_app.reports.workbook.cells import Cell, exact_sum, exactly, place
from collections_app.reports.workbook.places import FIRST_ROW, HEADER_ROW
from collections_app.reports.workbook.ratios_sheet import shown
from collections_app.reports.workbook.sheet import Sheet
from collections_app.reports.workbook.table import Field, write_header, write_row

FIELDS = (
    Field("Line", 52),
    Field("Amount", 20, "amount"),
    Field("Made of", 70, "wrapped"),
    Field("Needs", 36, "wrapped"),
)
_AMOUNT = 1


def write_uca(sheet: Sheet) -> None:
    """Write the rows; a total is live where the rows that it adds are shown above it."""
    analysis = sheet.reports.analysis
    if analysis is None:
        return
    sheet.widths([each.width for each in FIELDS])
    sheet.title_block()
    row = write_header(sheet, HEADER_ROW, FIELDS)
    above: list[tuple[int, Figure]] = []
    for each in analysis.cash_flow.rows:
        write_row(sheet, row, FIELDS, _values(each, above), "subtotal" if each.is_total else "line")
        above.append((row, each.figure))
        row += 1
    difference = analysis.cash_flow.difference
    text = "against the change of the cash line of the balance sheets"
    values = ("Unexplained difference", shown(difference), text, None)
    row = write_row(sheet, row, FIELDS, values, "grand_total")
    period = f"Amounts of {analysis.latest.period.caption}, never brought to a year."
    sheet.text(row + 1, 0, period, sheet.styles.get())
    sheet.page.freeze_panes(FIRST_ROW, 1)
    sheet.print_setup(HEADER_ROW, len(FIELDS))


def _values(row: CashRow, above: list[tuple[int, Figure]]) -> tuple[Cell, ...]:
    figure = row.figure
    return (figure.label, _amount(figure, above), figure.formula, ", ".join(figure.missing))


def _amount(figure: Figure, above: list[tuple[int, Figure]]) -> Cell:
    if figure.amount is None:
        return "needs input"
    text, gives = "", Decimal(0)
    for part in figure.parts:
        at = next((at for at, other in above if other == part.figure), None)
        if at is None or part.figure.amount is None or abs(part.factor) != 1:
            return shown(figure.amount)
        text += f"{'+' if part.factor > 0 else '-'}{place(at, _AMOUNT)}"
        gives = exact_sum((gives, part.factor * part.figure.amount))
    return exactly(text.removeprefix("+"), gives, figure.amount) if text else shown(figure.amount)
