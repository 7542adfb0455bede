"""The chart of accounts: each account's category, who gave it, and the statement line that it feeds."""

from collections_app.reports.placement import Placement, Reason
from collections_app.reports.workbook.sheet import Sheet
from collections_app.reports.workbook.styles import BAND

COLUMNS = (
    ("Account", 12),
    ("Title", 40),
    ("Statement", 17),
    ("Normal balance", 10),
    ("Closing type", 20),
    ("Closes to", 10),
    ("Category", 30),
    ("Category from", 14),
    ("Statement line", 32),
    ("Remark", 46),
)
STATEMENT_NAMES = {"balancesheet": "Balance sheet", "incomestatement": "Income statement"}
SOURCE_NAMES = {"intacct": "Sage Intacct", "borrower": "Borrower", "none": ""}


def write_accounts(sheet: Sheet) -> None:
    """Write every account of the chart, in order of number; unassigned ones stand out."""
    reports = sheet.reports
    labels = reports.line_labels
    sheet.widths([width for _, width in COLUMNS])
    header_row = sheet.title_block()
    for column, (name, _) in enumerate(COLUMNS):
        sheet.text(header_row, column, name, sheet.styles.column_header())
    last_row = header_row
    for last_row, placement in enumerate(reports.placements, start=header_row + 1):
        _write_account(sheet, last_row, placement, labels[placement.line])
    sheet.page.autofilter(header_row, 0, last_row, len(COLUMNS) - 1)
    sheet.page.freeze_panes(header_row + 1, 2)
    sheet.print_setup(header_row, len(COLUMNS))


def _write_account(sheet: Sheet, row: int, placement: Placement, line_label: str) -> None:
    account = placement.account
    properties = {"bg_color": BAND} if placement.is_unassigned else {}
    cells = (
        account.number,
        account.title,
        STATEMENT_NAMES[account.account_type],
        account.normal_balance.capitalize(),
        account.closing_type,
        account.closes_to,
        account.category,
        SOURCE_NAMES[account.category_source],
        line_label,
        "" if placement.reason is Reason.CATEGORY else placement.reason.value,
    )
    for column, text in enumerate(cells):
        sheet.text(row, column, text, sheet.styles.get(text_wrap=column == len(cells) - 1, **properties))
