"""A statement in the lender's layout: its totals are live, and what the layout has no line for is named."""

from dataclasses import replace

from collections_app.reports.mapped_statements import MappedStatements
from collections_app.reports.statement import Statement
from collections_app.reports.workbook.cells import Link
from collections_app.reports.workbook.places import Places
from collections_app.reports.workbook.sheet import Sheet
from collections_app.reports.workbook.statement_sheet import write_statement
from collections_app.reports.workbook.styles import LINK
from collections_app.reports.workbook.table import write_title

SHEET_NAMES = {"balance_sheet": "Lender balance sheet", "income_statement": "Lender income statement"}
ALL_MAPPED = "Every account with a figure has a line in this layout."


def write_mapped(sheet: Sheet, statement: Statement, places: Places) -> None:
    """Write the statement, then which layout it is in and the accounts on its unmapped lines."""
    mapped = sheet.reports.mapped
    if mapped is None:
        return
    # A lender's keys may be as long as they like, a name of the workbook may not.
    row = write_statement(sheet, replace(statement, key=f"lender_{statement.key}"), places, named=False)
    sheet.text(row + 1, 0, mapped.caption, sheet.styles.get())
    _write_unmapped(sheet, row + 3, mapped, statement, places)


def _write_unmapped(
    sheet: Sheet, row: int, mapped: MappedStatements, statement: Statement, places: Places
) -> None:
    row = write_title(sheet, row, "Accounts without a line in the layout")
    unmapped = mapped.unmapped_in([statement])
    for each in unmapped:
        account = each.account
        link = Link(f"{account.number} {account.title}".strip(), places.chart[account.number])
        sheet.link(row, 0, link, sheet.styles.get(**LINK))
        sheet.text(row, 1, each.reason, sheet.styles.get())
        row += 1
    if not unmapped:
        sheet.text(row, 0, ALL_MAPPED, sheet.styles.get())
