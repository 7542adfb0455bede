"""``report.xlsx``: the reports as a workbook that a bank can file.

Real numbers and real dates, text that can never become a formula, print set-up on every sheet. Every sheet
is written once from top to bottom. Memory is bounded by what the statements show (accounts times months), not
by the ledger's lines, so the writer's ordinary mode is used, and the file is assembled in memory.
"""

from datetime import UTC
from typing import BinaryIO

import xlsxwriter

from collections_app.reports.build import Reports
from collections_app.reports.workbook.accounts_sheet import write_accounts
from collections_app.reports.workbook.cover import write_cover
from collections_app.reports.workbook.sheet import Sheet, fit
from collections_app.reports.workbook.statement_sheet import write_statement
from collections_app.reports.workbook.styles import Styles
from collections_app.reports.workbook.trial_balance_sheet import write_trial_balance

SHEETS = ("Balance sheet", "Income statement", "Trial balance", "Chart of accounts")


def write_workbook(reports: Reports, file: BinaryIO) -> None:
    """Write ``report.xlsx`` to a file open for binary writing; the same reports give the same bytes.

    On an exception nothing is written.
    """
    workbook = xlsxwriter.Workbook(file, {"in_memory": True})
    _describe(workbook, reports)
    styles = Styles(workbook)
    sheets = [Sheet(workbook, name, styles, reports) for name in ("Cover", *SHEETS)]
    cover, balance_sheet, income_statement, trial_balance, accounts = sheets
    write_cover(cover, SHEETS)
    write_statement(balance_sheet, reports.balance_sheet)
    write_statement(income_statement, reports.income_statement)
    write_trial_balance(trial_balance)
    write_accounts(accounts)
    workbook.close()


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
