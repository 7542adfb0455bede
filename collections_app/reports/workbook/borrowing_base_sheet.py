"""The borrowing-base schedule, and the terms it was made by; what only people know "needs input"."""

from collections_app.reports.borrowing_base import BorrowingBase
from collections_app.reports.lender_settings import base_settings
from collections_app.reports.workbook.cells import Cell
from collections_app.reports.workbook.places import FIRST_ROW, HEADER_ROW
from collections_app.reports.workbook.sheet import Sheet
from collections_app.reports.workbook.table import Field, write_row, write_table, write_title

FIELDS = (
    Field("Line", 38),
    Field("Definition", 84, "wrapped"),
    Field("Amount", 18, "amount"),
    Field("Left", 18, "amount"),
)
TERMS_TITLE = "Terms applied"
TERMS_NOTE = "What the lender did not set is as usual in asset-based lending; every agreement has its own."
NOTE = "A line that needs input is left out of the amounts until it is given; availability is then unknown."


def write_borrowing_base(sheet: Sheet) -> None:
    """Write the schedule step by step, each with its definition, then the terms."""
    schedule = sheet.reports.borrowing_base
    if schedule is None:
        return
    sheet.widths([each.width for each in FIELDS])
    sheet.title_block()
    row = write_table(sheet, HEADER_ROW, FIELDS, _rows(schedule)) + 1
    sheet.text(row, 0, NOTE, sheet.styles.get())
    row = write_title(sheet, row + 2, TERMS_TITLE, TERMS_NOTE)
    for each in base_settings(sheet.reports.terms):
        row = write_row(sheet, row, FIELDS, (each.value, each.label, each.source, None))
    sheet.page.freeze_panes(FIRST_ROW, 1)
    sheet.print_setup(HEADER_ROW, len(FIELDS))


def _rows(schedule: BorrowingBase) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = [
        (each.label, each.definition, "needs input" if each.amount is None else each.amount, each.left)
        for each in schedule.lines
    ]
    availability = "needs input" if schedule.availability is None else schedule.availability
    return [*rows, ("Availability", "borrowing base less loan balance", availability, None)]
