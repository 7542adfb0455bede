"""The cover: whose figures these are, for whom, of what period, from where, and what is still unassigned."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Protocol

from collections_app.reports.build import Reports
from collections_app.reports.checks.check import Check
from collections_app.reports.figures import Heading
from collections_app.reports.periods import FULL_MONTH_NAMES
from collections_app.reports.placement import Placement
from collections_app.reports.wording import moment, scope_name
from collections_app.reports.workbook.cells import Link
from collections_app.reports.workbook.checks_sheet import NO_CHECKS, OUTCOMES, failures_first, outcome
from collections_app.reports.workbook.sheet import Sheet, unassigned_sentence
from collections_app.reports.workbook.styles import LINK, MUTED, RULE

WIDTHS = (24, 44, 30, 62)
NOTES = (
    "Amounts in brackets are negative. On the statements, assets, liabilities, equity, revenue and costs are "
    "positive in the usual case; in the trial balance a debit is positive.",
    "Accounts that are zero throughout the period are left out of the statements and the trial balance; the "
    "chart of accounts has all of them.",
    "Income accounts open each month at their fiscal year to date. Retained earnings are all that was earned "
    "before the current fiscal year, net of what was posted directly.",
)


class Entry(Protocol):
    """A sheet that follows: its name, and what it shows in a few words."""

    @property
    def name(self) -> str: ...
    @property
    def about(self) -> str: ...


def write_cover(sheet: Sheet, contents: Sequence[Entry]) -> None:
    """Write the cover; ``contents`` are the sheets that follow."""
    heading = sheet.reports.heading
    sheet.widths(WIDTHS)
    sheet.page.set_row(1, 30)
    sheet.text(0, 0, f"Prepared for {heading.lender}", sheet.styles.get(font_color=MUTED))
    sheet.text(1, 0, heading.borrower, sheet.styles.get(bold=True, font_size=22))
    sheet.text(2, 0, "Financial reports from the general ledger", sheet.styles.get(font_size=12))
    row = _write_facts(sheet, 4, _facts(heading))
    row = _write_checks(sheet, row + 1)
    row = _write_contents(sheet, row + 1, contents)
    row = _write_unassigned(sheet, row + 1, sheet.reports)
    _write_notes(sheet, row + 1)
    sheet.print_setup(0, len(WIDTHS))


def _facts(heading: Heading) -> tuple[tuple[str, str | date], ...]:
    return (
        ("Lender", heading.lender),
        ("Borrower", heading.borrower),
        ("Company", f"{heading.company_name} ({heading.company_id})"),
        ("Scope", scope_name(heading)),
        ("Basis", heading.basis.capitalize()),
        ("Currency", heading.currency),
        ("From", heading.date_from),
        ("To", heading.date_to),
        ("Fiscal year begins in", FULL_MONTH_NAMES[heading.first_fiscal_month - 1]),
        ("Collected at", moment(heading.collected_at)),
        ("Collected from", heading.source),
        ("Reference", heading.reference),
    )


def _write_facts(sheet: Sheet, row: int, facts: tuple[tuple[str, str | date], ...]) -> int:
    rule = {"bottom": 1, "bottom_color": RULE}
    for name, value in facts:
        sheet.text(row, 0, name, sheet.styles.get(font_color=MUTED, **rule))
        if isinstance(value, date):
            sheet.day(row, 1, value, sheet.styles.get(num_format="d mmmm yyyy", align="left", **rule))
        else:
            sheet.text(row, 1, value, sheet.styles.get(text_wrap=True, **rule))
        row += 1
    return row


def _write_section(sheet: Sheet, row: int, title: str) -> int:
    sheet.text(row, 0, title, sheet.styles.get(bold=True, font_size=12))
    return row + 1


def _write_checks(sheet: Sheet, row: int) -> int:
    """How many checks hold, and each that does not, failures first."""
    row = _write_section(sheet, row, "Checks")
    checks = failures_first(sheet.reports.checks)
    sheet.text(row, 0, _checks_sentence(checks), sheet.styles.get())
    row += 1
    for check in checks:
        if check.outcome != "pass":
            properties = {"bold": True} if outcome(check) == "Fail" else {}
            sheet.text(row, 0, outcome(check), sheet.styles.get(**properties))
            sheet.link(row, 1, Link(f"{check.id} {check.title}", "'Checks'!A1"), sheet.styles.get(**LINK))
            sheet.text(row, 2, check.sentence, sheet.styles.get())
            row += 1
    return row


def _checks_sentence(checks: Sequence[Check]) -> str:
    if not checks:
        return NO_CHECKS
    counts = Counter(map(outcome, checks))
    parts = [f"{word.lower()} {counts[word]}" for word in OUTCOMES if counts[word]]
    return f"{len(checks)} checks: {', '.join(parts)}. All are on the sheet Checks with their evidence."


def _write_contents(sheet: Sheet, row: int, contents: Sequence[Entry]) -> int:
    row = _write_section(sheet, row, "Contents")
    for entry in contents:
        sheet.link(row, 0, Link(entry.name, f"'{entry.name}'!A1"), sheet.styles.get(**LINK))
        sheet.text(row, 1, entry.about, sheet.styles.get(font_color=MUTED))
        row += 1
    return row


def _write_unassigned(sheet: Sheet, row: int, reports: Reports) -> int:
    row = _write_section(sheet, row, "Unassigned accounts")
    unassigned = reports.unassigned
    if not unassigned:
        sheet.text(row, 0, unassigned_sentence(reports), sheet.styles.get())
        return row + 1
    for column, name in enumerate(("Account", "Title", "Shown on", "Why")):
        sheet.text(row, column, name, sheet.styles.column_header())
    labels = reports.line_labels
    for row_of_account, placement in enumerate(unassigned, start=row + 1):
        _write_unassigned_account(sheet, row_of_account, placement, labels[placement.line])
    return row + 1 + len(unassigned)


def _write_unassigned_account(sheet: Sheet, row: int, placement: Placement, shown_on: str) -> None:
    account = placement.account
    for column, text in enumerate((account.number, account.title, shown_on, placement.reason.value)):
        sheet.text(row, column, text, sheet.styles.get())


def _write_notes(sheet: Sheet, row: int) -> None:
    row = _write_section(sheet, row, "How to read the figures")
    note = sheet.styles.get(text_wrap=True, valign="top")
    for text in NOTES:
        sheet.page.set_row(row, 28)
        sheet.page.merge_range(row, 0, row, len(WIDTHS) - 1, "", note)
        sheet.text(row, 0, text, note)
        row += 1
