"""The sheet of one statement: lines down, periods across, account detail in an outline level."""

from collections_app.reports.periods import Window
from collections_app.reports.statement import Column, Line, Statement
from collections_app.reports.workbook.sheet import Sheet, amount_width
from collections_app.reports.workbook.styles import DAY, MONTH

LABEL_WIDTH = 46


def write_statement(sheet: Sheet, statement: Statement) -> None:
    """Write the statement's lines for people: account detail that is zero throughout is left out."""
    lines = statement.shown_lines
    width = amount_width([value for line in lines for value in line.values])
    sheet.widths([LABEL_WIDTH] + [width] * len(statement.columns))
    sheet.page.outline_settings(True, False, True, False)
    header_row = sheet.title_block()
    _write_header(sheet, header_row, statement.columns)
    row = header_row + 1
    for line in lines:
        _write_line(sheet, row, line)
        row += 2 if line.style in ("total", "grand_total") else 1
    sheet.page.freeze_panes(header_row + 1, 1)
    sheet.print_setup(header_row, len(statement.columns) + 1, repeat_first_column=True)


def _write_header(sheet: Sheet, row: int, columns: tuple[Column, ...]) -> None:
    right = {"align": "right"}
    sheet.text(row, 0, f"Amounts in {sheet.reports.heading.currency}", sheet.styles.column_header())
    for position, column in enumerate(columns, start=1):
        if column.start is None:
            sheet.day(row, position, column.end, sheet.styles.column_header(num_format=DAY, **right))
        elif Window(column.start, column.end).is_full_month and column.key != "total":
            sheet.day(row, position, column.start, sheet.styles.column_header(num_format=MONTH, **right))
        else:
            sheet.text(row, position, column.caption, sheet.styles.column_header(**right))


def _write_line(sheet: Sheet, row: int, line: Line) -> None:
    if line.style in ("account", "memo"):
        sheet.page.set_row(row, None, None, {"level": 1})
    sheet.text(row, 0, line.label, sheet.styles.label(line.style, line.level))
    cell_format = sheet.styles.amount(line.style)
    for position, value in enumerate(line.values, start=1):
        sheet.amount(row, position, value, cell_format)
