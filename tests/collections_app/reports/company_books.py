"""The books of a company folder, for the reports that need more than a trial balance."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from collections_app.reports.books import Books
from collections_app.reports.figures import Account, ControlKind, MonthlyTrialBalance, Scope
from collections_app.reports.subledger_rows import payables, receivables
from tests.collections_app.reports.cast import HEADING
from tests.collections_app.reports.company_rows import company_tables
from tests.collections_app.reports.folder_journal import FolderJournal
from tests.collections_app.reports.integer_ledger import (
    IntegerLedger,
    company_accounts,
    months_between,
    read_csv,
)

_CONTROLS: dict[str, ControlKind] = {
    "Receivables account": "receivables",
    "Payables account": "payables",
}


def accounts_of(folder: Path) -> tuple[Account, ...]:
    """The chart, with the accounts that the gateway calls control accounts."""
    marks = {row["ACCOUNTNO"]: row["ALTERNATIVEACCOUNT"] for row in read_csv(folder / "GLACCOUNT.csv")}
    return tuple(
        replace(account, control=_CONTROLS.get(marks[account.number], ""))
        for account in company_accounts(folder, {})
    )


def company_books(folder: Path, date_from: date, date_to: date) -> Books:
    """The books of the main book for whole months; the fiscal year begins with the first of them."""
    journal = FolderJournal(folder)
    tables = company_tables(folder)
    heading = replace(
        HEADING,
        date_from=date_from,
        date_to=date_to,
        first_fiscal_month=date_from.month,
        scope=Scope("company", "", folder.name),
    )
    return Books(
        heading,
        accounts_of(folder),
        _months(folder, journal, date_from, date_to),
        journal=journal,
        receivables=receivables(tables),
        payables=payables(tables),
    )


def _months(
    folder: Path, journal: FolderJournal, date_from: date, date_to: date
) -> tuple[MonthlyTrialBalance, ...]:
    ledger = IntegerLedger(date_from.month)
    rows = read_csv(folder / "GLACCOUNT.csv")
    ledger.add_accounts(
        (row["ACCOUNTNO"], row["ACCOUNTTYPE"] == "incomestatement", row["CLOSINGACCOUNTNO"]) for row in rows
    )
    ledger.add_lines((line.entry_date, line.account, int(line.movement * 100)) for line in journal.all)
    months = tuple(
        ledger.trial_balance(start, end, "fiscal year") for start, end in months_between(date_from, date_to)
    )
    ledger.close()
    return months
