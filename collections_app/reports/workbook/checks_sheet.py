"""The checks with their evidence: failures first, then what could not be decided, then what holds."""

from collections.abc import Iterable

from collections_app.reports.checks.check import Check, Evidence
from collections_app.reports.workbook.cells import Cell
from collections_app.reports.workbook.places import FIRST_ROW, HEADER_ROW
from collections_app.reports.workbook.sheet import Sheet
from collections_app.reports.workbook.table import Field, write_header, write_row

FIELDS = (
    Field("Check", 9),
    Field("What it proves", 34, "wrapped"),
    Field("Outcome", 13),
    Field("From", 12, "day"),
    Field("To", 12, "day"),
    Field("In words", 52, "wrapped"),
    Field("Expected", 18, "amount"),
    Field("Actual", 18, "amount"),
    Field("Difference", 18, "amount"),
    Field("Tolerance", 15, "amount"),
)
OUTCOMES = ("Fail", "Warning", "Inconclusive", "Pass")
NO_CHECKS = "No check was made."


def outcome(check: Check) -> str:
    """The outcome in a word; a failure of low severity is a warning."""
    if check.outcome == "fail" and check.is_warning:
        return "Warning"
    return check.outcome.capitalize()


def failures_first(checks: Iterable[Check]) -> list[Check]:
    """The checks with those on top that a reader must know."""
    return sorted(checks, key=lambda check: OUTCOMES.index(outcome(check)))


def write_checks(sheet: Sheet) -> None:
    """Write each check in a row of its own with its evidence, an outline group, below."""
    sheet.widths([each.width for each in FIELDS])
    sheet.page.outline_settings(True, False, True, False)
    sheet.title_block()
    row = write_header(sheet, HEADER_ROW, FIELDS)
    for check in failures_first(sheet.reports.checks):
        row = _write_check(sheet, row, check)
    if row == FIRST_ROW:
        sheet.text(row, 0, NO_CHECKS, sheet.styles.get())
    sheet.page.freeze_panes(FIRST_ROW, 2)
    sheet.print_setup(HEADER_ROW, len(FIELDS))


def _write_check(sheet: Sheet, row: int, check: Check) -> int:
    values = (
        check.id,
        check.title,
        outcome(check),
        check.start,
        check.end,
        check.sentence,
        check.expected,
        check.actual,
        check.difference,
        check.tolerance,
    )
    row = write_row(sheet, row, FIELDS, values)
    if check.explanation:
        said = f"The borrower explains: {check.explanation}"
        row = write_row(sheet, row, FIELDS, (*(None,) * 5, said, *(None,) * 4))
    for evidence in check.evidence:
        sheet.indent(row)
        row = write_row(sheet, row, FIELDS, _evidence(evidence), "account")
    hidden = check.evidence_count - len(check.evidence)
    if hidden > 0:
        sheet.indent(row)
        note = f"{hidden} more with smaller differences."
        row = write_row(sheet, row, FIELDS, (None, note, *(None,) * 8), "account")
    return row


def _evidence(evidence: Evidence) -> tuple[Cell, ...]:
    amounts = (evidence.expected, evidence.actual, evidence.difference)
    return (None, evidence.place, None, None, None, evidence.note, *amounts, None)
