"""The notes: how to read the figures, what is not printed, and the accounts without a place of their own."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from collections_app.reports.build import Reports
from collections_app.reports.statement_pack.section import Section, View, bullets, paragraph, subheading
from collections_app.reports.statement_pack.tables import column_header, row, row_header, table, text_cell

MOST_UNASSIGNED = 40
SIGNS = (
    "An amount in brackets is negative. A dash is zero. Amounts are exact, to the cent; nothing is rounded.",
    "On the balance sheet assets, liabilities and equity are positive in the usual case. Accumulated "
    "depreciation and drawings are negative because they reduce what they stand under.",
    "On the income statement revenue, costs and expenses are all positive in the usual case; costs are "
    "subtracted. A cost in brackets is a credit.",
    "On the cash flow statement cash that came in is positive and cash that went out is in brackets. An "
    "increase in receivables is therefore in brackets, an increase in payables is not.",
    "On the agings what is owed is positive; credits and unapplied receipts are in brackets.",
)
METHOD = (
    "The figures come from the system of record as it stood when it was read. They are unaudited and were "
    "not adjusted.",
    "Lines that are zero in every column are left out. Accounts are printed under the lines of the fiscal "
    "years, not again under quarters and months.",
    "Retained earnings are all that was earned before the current fiscal year, net of what was posted "
    "directly. The net income of the current fiscal year stands on a line of its own.",
    "The cash flow statement is worked out by the indirect method from the balance sheets of the same "
    "ledger: every account but cash is on one of its lines, so that it ends at the cash of the balance "
    "sheet.",
    "A period that does not hold all the days that its name promises names its days and says of what it is "
    "a part.",
    "“Year to date” runs from the first day of the fiscal year to the end of the period.",
)
ELSEWHERE = (
    "report.xlsx has every month and every account, with live subtotals; the CSV files have the trial "
    "balance, the general ledger and the chart of accounts, as far as they were asked for; statements.json "
    "has the same for programs. This document is bounded in length and has statements and summaries."
)


def notes_section(reports: Reports) -> Section:
    """The notes."""
    contents = [
        subheading("How to read the signs"),
        bullets(SIGNS),
        subheading("How the figures were made"),
        bullets(METHOD),
        subheading("What is not in this document"),
        paragraph(ELSEWHERE),
    ]
    if reports.unassigned:
        contents += _unassigned(reports)
    return Section("notes", "Notes", (View(tuple(contents)),))


def _unassigned(reports: Reports) -> Iterator[Element]:
    labels = reports.line_labels
    chosen = reports.unassigned[:MOST_UNASSIGNED]
    yield subheading("Accounts without a category of their own")
    header = [column_header(name) for name in ("Account", "Shown on", "Why")]
    yield table(
        header,
        (
            row(
                row_header(f"{placement.account.number} {placement.account.title}"),
                text_cell(labels[placement.line]),
                text_cell(placement.reason.value),
                class_="line",
            )
            for placement in chosen
        ),
        class_="unassigned",
    )
    left = len(reports.unassigned) - len(chosen)
    if left:
        yield paragraph(f"{left:,} more are in report.xlsx and in the CSV files.", "note")
