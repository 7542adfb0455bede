"""A small company whose books are sound in every respect, and ways to spoil one thing at a time.

Its fiscal year is the calendar year; the books are 2023 and January 2024.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal

from collections_app.reports.books import Books
from collections_app.reports.figures import Account, MonthlyTrialBalance
from collections_app.reports.journal import JournalLine
from collections_app.reports.subledger import Subledger
from collections_app.reports.transfers import Transfer
from tests.collections_app.reports.cast import CASH, EARNINGS, HEADING, RENT, SALES
from tests.collections_app.reports.integer_ledger import IntegerLedger, money, months_between
from tests.collections_app.reports.listed_journal import ListedJournal
from tests.collections_app.reports.subledger_cast import applied, invoice, receipt, subledger

FROM, TO = date(2023, 1, 1), date(2024, 1, 31)
MONTHS = months_between(FROM, TO)


def balance(number: str, title: str, category: str, side: str = "debit", control: str = "") -> Account:
    made = replace(CASH, number=number, title=title, category=category)
    return replace(made, normal_balance=side, control=control)  # type: ignore[arg-type]


CHART = (
    CASH,
    balance("1200", "Receivables", "Accounts Receivable", control="receivables"),
    balance("1500", "Equipment", "Fixed Assets"),
    balance("2000", "Payables", "Accounts Payable", "credit", "payables"),
    balance("2400", "Bank loan", "Note Payable - Long Term", "credit"),
    EARNINGS,
    balance("3100", "Dividends", "Dividend Paid"),
    balance("3200", "Shares", "Common Stock", "credit"),
    SALES,
    RENT,
)


@dataclass(frozen=True)
class Entry:
    """One journal entry: cents by account, debit positive."""

    number: str
    day: date
    cents: dict[str, int]
    module: str = "2.GL"


ENTRIES = (
    Entry("1", date(2023, 1, 3), {"1000": 900_000, "3200": -900_000}),
    Entry("2", date(2023, 1, 20), {"1500": 300_000, "2400": -300_000}),
    Entry("3", date(2023, 2, 10), {"1200": 250_000, "4000": -250_000}, "4.AR"),
    Entry("4", date(2023, 3, 5), {"1000": 200_000, "1200": -200_000}, "4.AR"),
    Entry("5", date(2023, 4, 7), {"6000": 80_000, "2000": -80_000}, "3.AP"),
    Entry("6", date(2023, 5, 9), {"2000": 30_000, "1000": -30_000}, "3.AP"),
    Entry("7", date(2023, 11, 30), {"3100": 10_000, "1000": -10_000}),
    Entry("8", date(2024, 1, 15), {"1200": 40_000, "4000": -40_000}, "4.AR"),
)
RECEIVABLES = subledger(
    invoice(1, "2500.00", date(2023, 2, 10), date(2023, 3, 10)),
    receipt(1, "2000.00", date(2023, 3, 5)),
    applied(1, "invoice:1", date(2023, 3, 5), payment="payment:1", payment_amount="2000.00"),
    invoice(2, "400.00", date(2024, 1, 15), date(2024, 2, 14)),
)
PAYABLES = subledger(
    invoice(1, "800.00", date(2023, 4, 7), date(2023, 5, 7)),
    receipt(1, "300.00", date(2023, 5, 9)),
    applied(1, "invoice:1", date(2023, 5, 9), payment="payment:1", payment_amount="300.00"),
    side="payable",
)
TRANSFERS = (Transfer("Journal lines", 16, 16, FROM), Transfer("Invoices", 2, 2, part=1))


def journal_lines(entries: Iterable[Entry]) -> list[JournalLine]:
    return [
        JournalLine(
            record=f"{entry.number}-{place}",
            batch=entry.number,
            batch_date=entry.day,
            batch_title="",
            journal="GJ",
            book="ACCRUAL",
            module=entry.module,
            line_number=str(place),
            entry_date=entry.day,
            account=account,
            debit=money(max(cents, 0)),
            credit=money(max(-cents, 0)),
        )
        for entry in entries
        for place, (account, cents) in enumerate(entry.cents.items(), start=1)
    ]


def trial_balances(entries: Iterable[Entry], rule: str = "fiscal year") -> tuple[MonthlyTrialBalance, ...]:
    ledger = IntegerLedger(1)
    ledger.add_accounts(
        (account.number, account.account_type == "incomestatement", account.closes_to) for account in CHART
    )
    ledger.add_lines((entry.day, *line) for entry in entries for line in entry.cents.items())
    months = tuple(ledger.trial_balance(start, end, rule) for start, end in MONTHS)
    ledger.close()
    return months


def sound_books(*more: Entry, rule: str = "fiscal year") -> Books:
    """The sound books, with further entries that ledger and journal both have."""
    entries = (*ENTRIES, *more)
    heading = replace(
        HEADING, date_from=FROM, date_to=TO, collected_at=datetime(2024, 2, 20, 8, 0, tzinfo=UTC)
    )
    return Books(
        heading,
        CHART,
        trial_balances(entries, rule),
        journal=ListedJournal(journal_lines(entries)),
        receivables=RECEIVABLES,
        payables=PAYABLES,
        transfers=TRANSFERS,
    )


def with_lines(books: Books, change: Callable[[JournalLine], Iterable[JournalLine]]) -> Books:
    """The books with every journal line replaced by what ``change`` makes of it."""
    assert isinstance(books.journal, ListedJournal)
    lines = [made for line in books.journal.all for made in change(line)]
    return replace(books, journal=ListedJournal(lines))


def shifted(books: Books, account: str, months: Iterable[int], **amounts: str) -> Books:
    """The books with so much added to figures of an account's rows in some months."""
    changed = list(books.months)
    for place in months:
        rows = tuple(
            replace(row, **{name: getattr(row, name) + Decimal(more) for name, more in amounts.items()})
            if row.account == account
            else row
            for row in changed[place].rows
        )
        changed[place] = replace(changed[place], rows=rows)
    return replace(books, months=tuple(changed))


def with_account(books: Books, number: str, **changes: str) -> Books:
    """The books with one account of the chart changed."""
    accounts = tuple(
        replace(account, **changes) if account.number == number else account  # type: ignore[arg-type]
        for account in books.accounts
    )
    return replace(books, accounts=accounts)


def without(known: Subledger, document: str) -> Subledger:
    """A subledger without one document."""
    return replace(known, documents=tuple(each for each in known.documents if each.key != document))
