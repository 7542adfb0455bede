"""The trial balance of all months on one sheet, each month with its total."""

from collections_app.reports.figures import TrialBalanceRow
from collections_app.reports.periods import Window
from collections_app.reports.trial_balance import TrialBalanceMonth
from collections_app.reports.workbook.sheet import Sheet, amount_width

COLUMNS = (
    "From",
    "To",
    "Account",
    "Title",
    "Opening",
    "Debits",
    "Credits",
    "Adjusting debits",
    "Adjusting credits",
    "Closing",
)
FIRST_AMOUNT = 4


def write_trial_balance(sheet: Sheet) -> None:
    """Write every month, debit positive; accounts that are zero in all months are left out."""
    months = sheet.reports.trial_balance
    active = {row.account for month in months for row in month.rows if not row.is_zero}
    totals = [amount for month in months for amount in month.total.amounts]
    width = amount_width(totals)
    sheet.widths([12, 12, 12, 40] + [width] * (len(COLUMNS) - FIRST_AMOUNT))
    header_row = sheet.title_block()
    for column, name in enumerate(COLUMNS):
        align = "right" if column >= FIRST_AMOUNT else "left"
        sheet.text(header_row, column, name, sheet.styles.column_header(align=align))
    row = header_row + 1
    for month in months:
        row = _write_month(sheet, row, month, active)
    sheet.page.freeze_panes(header_row + 1, FIRST_AMOUNT)
    sheet.print_setup(header_row, len(COLUMNS))


def _write_month(sheet: Sheet, row: int, month: TrialBalanceMonth, active: set[str]) -> int:
    titles = {placement.account.number: placement.account.title for placement in sheet.reports.placements}
    for line in month.rows:
        if line.account in active:
            sheet.page.set_row(row, None, None, {"level": 1})
            _write_row(sheet, row, month.window, line, titles[line.account], "line")
            row += 1
    _write_row(sheet, row, month.window, month.total, f"Total {month.window.caption}", "total")
    return row + 1


def _write_row(sheet: Sheet, row: int, window: Window, line: TrialBalanceRow, title: str, style: str) -> None:
    day, text = sheet.styles.day(style), sheet.styles.label(style, 1)
    sheet.day(row, 0, window.start, day)
    sheet.day(row, 1, window.end, day)
    sheet.text(row, 2, line.account, text)
    sheet.text(row, 3, title, text)
    for column, amount in enumerate(line.amounts, start=FIRST_AMOUNT):
        sheet.amount(row, column, amount, sheet.styles.amount(style))
