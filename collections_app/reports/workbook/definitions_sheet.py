"""Every definition that differs from lender to lender, with the formula that was applied."""

from collections.abc import Iterator

from collections_app.reports.build import Reports
from collections_app.reports.collection_quality import DILUTION, EFFECTIVENESS, RECEIVABLES_TURN
from collections_app.reports.lender_settings import base_settings, definition_settings
from collections_app.reports.workbook.cells import Cell
from collections_app.reports.workbook.places import FIRST_ROW, HEADER_ROW
from collections_app.reports.workbook.sheet import Sheet
from collections_app.reports.workbook.table import Field, write_table

FIELDS = (Field("Term", 44, "wrapped"), Field("Definition", 90, "wrapped"), Field("Of", 24))
_TERMS = (
    ("Opening, closing balance", "debit positive in trial balance and general ledger", "Trial balance"),
    (
        "Income accounts",
        "open each month at their fiscal year to date, whatever the ledger's own reset rule",
        "Trial balance",
    ),
    (
        "Retained earnings",
        "all that was earned before the current fiscal year, net of what was posted directly",
        "Balance sheet",
    ),
)
_AGING_TERMS = (
    ("Open amount", "the document less all that was applied to it up to the day", "Aging"),
    (
        "Age",
        "days from the due date, or from the document's date where that is said or no other known",
        "Aging",
    ),
    (
        "Tie-out",
        "aging less control accounts; passes within 1.00 or 0.01 % of the control balance, whichever is "
        "more, a warning up to 1 %",
        "Tie-out",
    ),
    ("Dilution", DILUTION, "Concentration"),
    ("Receivables turn", RECEIVABLES_TURN, "Concentration"),
    ("Collection effectiveness", EFFECTIVENESS, "Concentration"),
)


def write_definitions(sheet: Sheet) -> None:
    """Write the definitions in the order of the sheets that use them."""
    sheet.widths([each.width for each in FIELDS])
    sheet.title_block()
    write_table(sheet, HEADER_ROW, FIELDS, _rows(sheet.reports))
    sheet.page.freeze_panes(FIRST_ROW, 1)
    sheet.print_setup(HEADER_ROW, len(FIELDS))


def _rows(reports: Reports) -> Iterator[tuple[Cell, ...]]:
    yield from _TERMS
    if reports.analysis and reports.has_analysis:
        for metric in reports.analysis.latest.metrics:
            yield metric.name, metric.formula, metric.group
        for text in reports.analysis.latest.definitions:
            term, _, formula = text.partition(" = ")
            yield term, formula, "Part of a ratio"
        for each in definition_settings(reports.terms):
            yield each.label, each.value, f"Terms: {each.source}"
    if reports.asked_borrowing_base:
        for each in base_settings(reports.terms):
            yield each.label, each.value, f"Terms: {each.source}"
    if reports.receivables or reports.payables:
        yield from _AGING_TERMS
