"""The trial balance of all months on one sheet, each month with its total, each row a link to its lines."""

from xlsxwriter.utility import xl_range_abs

from collections_app.reports.figures import TrialBalanceRow
from collections_app.reports.periods import Window
from collections_app.reports.trial_balance import TrialBalanceMonth
from collections_app.reports.workbook.cells import Cell, Link
from collections_app.reports.workbook.places import FIRST_ROW, HEADER_ROW, Places, active_accounts
from collections_app.reports.workbook.sheet import Sheet, amount_width
from collections_app.reports.workbook.table import Field, write_header, write_row, write_total

_NAMES = ("Opening", "Debits", "Credits", "Adjusting debits", "Adjusting credits", "Closing")


def write_trial_balance(sheet: Sheet, places: Places) -> None:
    """Write every month, debit positive; accounts that are zero in all months are left out."""
    months, active = sheet.reports.trial_balance, active_accounts(sheet.reports)
    width = amount_width([amount for month in months for row in month.rows for amount in row.amounts])
    fields = (
        Field("From", 12, "day"),
        Field("To", 12, "day"),
        Field("Account", 12),
        Field("Title", 40),
        *(Field(name, width, "amount") for name in _NAMES),
    )
    sheet.widths([each.width for each in fields])
    sheet.page.outline_settings(True, True, True, False)
    sheet.title_block()
    row = write_header(sheet, HEADER_ROW, fields)
    writer = _Months(sheet, fields, active, places)
    for month in months:
        row = writer.write(row, month)
    sheet.define("trial_balance", xl_range_abs(HEADER_ROW, 0, row - 1, len(fields) - 1))
    sheet.page.freeze_panes(FIRST_ROW, 4)
    sheet.print_setup(HEADER_ROW, len(fields))


class _Months:
    def __init__(
        self, sheet: Sheet, fields: tuple[Field, ...], active: frozenset[str], places: Places
    ) -> None:
        self.sheet, self.fields, self.active, self.places = sheet, fields, active, places
        self.titles = {each.account.number: each.account.title for each in sheet.reports.placements}

    def write(self, row: int, month: TrialBalanceMonth) -> int:
        """Write one month as an outline group with its total below; the row after it."""
        rows = [self._cells(month.window, line) for line in month.rows if line.account in self.active]
        for cells in rows:
            self.sheet.indent(row)
            row = write_row(self.sheet, row, self.fields, cells)
        title = f"Total {month.window.caption}"
        total = (month.window.start, month.window.end, None, title, *month.total.amounts)
        return write_total(self.sheet, row, self.fields, rows, total)

    def _cells(self, window: Window, line: TrialBalanceRow) -> tuple[Cell, ...]:
        target = self.places.ledger.get((window.start, line.account), "")
        number = Link(line.account, target) if target else line.account
        return (window.start, window.end, number, self.titles[line.account], *line.amounts)
