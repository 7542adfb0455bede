"""The chart of accounts: each account's category, who gave it, and the statement line that it feeds."""

from xlsxwriter.utility import xl_range_abs

from collections_app.reports.placement import Placement, Reason
from collections_app.reports.workbook.cells import Link
from collections_app.reports.workbook.places import FIRST_ROW, HEADER_ROW, Places
from collections_app.reports.workbook.sheet import Sheet
from collections_app.reports.workbook.styles import BAND, LINK
from collections_app.reports.workbook.table import Field, write_header

FIELDS = (
    Field("Account", 12),
    Field("Title", 40),
    Field("Statement", 17),
    Field("Normal balance", 10),
    Field("Closing type", 20),
    Field("Closes to", 10),
    Field("Category", 30),
    Field("Category from", 14),
    Field("Statement line", 32),
    Field("Remark", 46, "wrapped"),
    Field("First month with figures", 18),
)
STATEMENT_NAMES = {"balancesheet": "Balance sheet", "incomestatement": "Income statement"}
SOURCE_NAMES = {"intacct": "Sage Intacct", "borrower": "Borrower", "none": ""}


def write_accounts(sheet: Sheet, places: Places) -> None:
    """Write every account of the chart, in order of number; unassigned ones stand out."""
    reports = sheet.reports
    labels, first = reports.line_labels, _first_places(places)
    sheet.widths([each.width for each in FIELDS])
    sheet.title_block()
    row = write_header(sheet, HEADER_ROW, FIELDS)
    for placement in reports.placements:
        _write_account(sheet, row, placement, labels[placement.line])
        target = first.get(placement.account.number)
        if target:
            sheet.link(row, len(FIELDS) - 1, Link("Show its figures", target), sheet.styles.get(**LINK))
        row += 1
    sheet.page.autofilter(HEADER_ROW, 0, max(row - 1, HEADER_ROW), len(FIELDS) - 1)
    sheet.define("chart_of_accounts", xl_range_abs(HEADER_ROW, 0, row - 1, len(FIELDS) - 1))
    sheet.page.freeze_panes(FIRST_ROW, 2)
    sheet.print_setup(HEADER_ROW, len(FIELDS))


def _first_places(places: Places) -> dict[str, str]:
    """For each account the first place where its figures stand: its lines, else its balances."""
    first: dict[str, str] = {}
    for found in (places.ledger, places.trial_balance):
        for (_, number), target in found.items():
            first.setdefault(number, target)
    return first


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
        wrap = {"text_wrap": True} if column == len(cells) - 1 else {}
        sheet.text(row, column, text, sheet.styles.get(**wrap, **properties))
