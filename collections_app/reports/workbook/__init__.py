"""``report.xlsx``: the reports as a workbook that a bank can file.

Real numbers and real dates, text that can never become a formula, print set-up on every sheet. Every sheet
is written once from top to bottom. Memory is bounded by what the statements show (accounts times months), not
by the ledger's lines, so the writer's ordinary mode is used, and the file is assembled in memory.
"""

from collections.abc import Callable
from datetime import UTC
from functools import partial
from typing import BinaryIO

import xlsxwriter

from collections_app.reports.build import Reports
from collections_app.reports.figures import REPORT_TITLES
from collections_app.reports.workbook.accounts_sheet import write_accounts
from collections_app.reports.workbook.cover import write_cover
from collections_app.reports.workbook.sheet import Sheet, fit
from collections_app.reports.workbook.statement_sheet import write_statement
from collections_app.reports.workbook.styles import Styles
from collections_app.reports.workbook.trial_balance_sheet import write_trial_balance


def write_workbook(reports: Reports, file: BinaryIO) -> None:
    """Write ``report.xlsx`` to a file open for binary writing; the same reports give the same bytes.

    On an exception nothing is written.
    """
    workbook = xlsxwriter.Workbook(file, {"in_memory": True})
    _describe(workbook, reports)
    styles = Styles(workbook)
    writers = _writers(reports)
    write_cover(Sheet(workbook, "Cover", styles, reports), tuple(writers))
    for name, write in writers.items():
        write(Sheet(workbook, name, styles, reports))
    workbook.close()


def _writers(reports: Reports) -> dict[str, Callable[[Sheet], None]]:
    """The sheets after the cover: the reports that were asked for, then the chart that they rest on."""
    writers: dict[str, Callable[[Sheet], None]] = {
        REPORT_TITLES[statement.key]: partial(write_statement, statement=statement)
        for statement in reports.statements
    }
    if "trial_balance" in reports.wanted:
        writers[REPORT_TITLES["trial_balance"]] = write_trial_balance
    return writers | {"Chart of accounts": write_accounts}


def _describe(workbook: xlsxwriter.Workbook, reports: Reports) -> None:
    heading = reports.heading
    workbook.set_properties(
        {
            "title": fit(f"Financial reports of {heading.borrower}"),
            "subject": fit(f"Reference {heading.reference}"),
            "company": fit(heading.lender),
            "created": heading.collected_at.astimezone(UTC),
        }
    )
