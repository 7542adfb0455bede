"""The aging against the control accounts at each month end, with the lines that make the difference."""

from collections_app.reports.exactness import EXACT
from collections_app.reports.reconciling_items import Reconciling
from collections_app.reports.tie_out import Explanation, TieOut, TieOutMonth
from collections_app.reports.workbook.cells import Cell, exact_sum, exactly, place
from collections_app.reports.workbook.places import FIRST_ROW, HEADER_ROW
from collections_app.reports.workbook.sheet import Sheet
from collections_app.reports.workbook.table import Field, write_header, write_row

FIELDS = (
    Field("Month end", 13, "day"),
    Field("Outcome", 12),
    Field("Cause and evidence", 56, "wrapped"),
    Field("Lines", 8, "count"),
    Field("Aging", 18, "amount"),
    Field("Control accounts", 18, "amount"),
    Field("Difference", 18, "amount"),
    Field("Explained", 18, "amount"),
    Field("Unexplained", 18, "amount"),
    Field("Tolerance", 15, "amount"),
)
_AGING, _CONTROL, _DIFFERENCE, _EXPLAINED = 4, 5, 6, 7


def write_tie_out(sheet: Sheet, tie_out: TieOut) -> None:
    """Write each month end; causes are its outline group, and their lines a group inside."""
    sheet.widths([each.width for each in FIELDS])
    sheet.page.outline_settings(True, False, True, False)
    sheet.title_block()
    row = write_header(sheet, HEADER_ROW, FIELDS)
    for month in tie_out.months:
        row = _write_month(sheet, row, month)
    notes = [tie_out.reason] if tie_out.reason else []
    if tie_out.accounts:
        notes.append(f"Control accounts: {', '.join(tie_out.accounts)}.")
    for note in notes:
        sheet.text(row + 1, 0, note, sheet.styles.get())
        row += 1
    sheet.page.freeze_panes(FIRST_ROW, 1)
    sheet.print_setup(HEADER_ROW, len(FIELDS))


def _write_month(sheet: Sheet, row: int, month: TieOutMonth) -> int:
    causes = [row + 1]
    for each in month.explanations:
        causes.append(causes[-1] + 1 + len(each.evidence))
    explained = exact_sum(each.amount for each in month.explanations)
    cells = "+".join(place(at, _EXPLAINED) for at in causes[:-1])
    difference = EXACT.subtract(month.aging, month.control)
    values: tuple[Cell, ...] = (
        month.as_of,
        month.outcome.capitalize(),
        None,
        None,
        month.aging,
        month.control,
        exactly(f"{place(row, _AGING)}-{place(row, _CONTROL)}", difference, month.difference),
        exactly(cells, explained, explained) if cells else explained,
        exactly(
            f"{place(row, _DIFFERENCE)}-{place(row, _EXPLAINED)}",
            EXACT.subtract(month.difference, explained),
            month.unexplained,
        ),
        month.tolerance,
    )
    row = write_row(sheet, row, FIELDS, values, "subtotal")
    for each in month.explanations:
        row = _write_explanation(sheet, row, each)
    return row


def _write_explanation(sheet: Sheet, row: int, each: Explanation) -> int:
    sheet.indent(row)
    values: tuple[Cell, ...] = (
        None,
        None,
        each.sentence,
        each.count,
        None,
        None,
        None,
        each.amount,
        None,
        None,
    )
    row = write_row(sheet, row, FIELDS, values)
    for evidence in each.evidence:
        sheet.indent(row, 2)
        values = (evidence.day, None, _evidence(evidence), *(None,) * 3, evidence.amount, *(None,) * 3)
        row = write_row(sheet, row, FIELDS, values, "account")
    return row


def _evidence(evidence: Reconciling) -> str:
    """The line or entry in words, as far as it is known."""
    parts = []
    if evidence.line:
        line = evidence.line
        parts.append(f"account {line.account}, entry {line.batch} line {line.line_number}")
        parts.append(line.description or line.batch_title)
    if evidence.entry:
        entry = evidence.entry
        parts.append(f"{entry.party} {entry.number}, {entry.cause} of {entry.day:%Y-%m-%d}")
    if evidence.until:
        parts.append(f"until {evidence.until:%Y-%m-%d}")
    return "; ".join(part for part in parts if part)
