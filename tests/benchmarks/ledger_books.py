"""Books of any size, made in memory and without a gateway: journal lines are made as they are read."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from collections_app.reports.books import Books
from collections_app.reports.categories import STANDARD
from collections_app.reports.figures import Account, MonthlyTrialBalance, TrialBalanceRow
from collections_app.reports.journal import JournalLine
from collections_app.reports.periods import month_windows
from collections_app.reports.subledger import Application, Document, Party, Payment, Subledger
from tests.benchmarks.books import account_of
from tests.collections_app.reports.cast import EARNINGS, HEADING

FIRST_YEAR = 2022
PARTIES = 500
PAID_SHARE = 0.8


class MadeJournal:
    """Entries of two lines, the same at every reading: a debit on one account and a credit on another."""

    def __init__(self, accounts: list[str], months: list[tuple[date, date]], lines: int) -> None:
        self.accounts = accounts
        self.months = months
        self.entries = lines // 2 // len(months)

    def lines(self, start: date, end: date) -> Iterator[JournalLine]:
        """The lines of the months that lie in the span."""
        for number, (first, last) in enumerate(self.months):
            if start <= first and last <= end:
                yield from self._month(number, first, last)

    def _month(self, number: int, first: date, last: date) -> Iterator[JournalLine]:
        chance = random.Random(number)
        days = (last - first).days + 1
        zero = Decimal(0)
        for entry in range(self.entries):
            day = first + timedelta(days=entry * days // self.entries)
            amount = Decimal(chance.randrange(100, 900_000)).scaleb(-2)
            debit, credit = chance.sample(self.accounts, 2)
            batch = str(number * self.entries + entry)
            title = f"Journal {batch}"
            for line, account in enumerate((debit, credit), start=1):
                yield JournalLine(
                    record=f"{batch}{line}",
                    batch=batch,
                    batch_date=day,
                    batch_title=title,
                    journal="GJ",
                    book="ACCRUAL",
                    module="2.GL",
                    line_number=str(line),
                    entry_date=day,
                    account=account,
                    debit=amount if line == 1 else zero,
                    credit=zero if line == 1 else amount,
                    location="100",
                    department="200",
                    document=f"D{batch}",
                    description=f"Services rendered, reference {batch}",
                )


def large_books(lines: int, months: int, accounts: int, documents: int) -> Books:
    """Whole fiscal years from January; half of the documents are invoices, half are bills."""
    until = date(FIRST_YEAR + (months - 1) // 12, (months - 1) % 12 + 1, 28)
    windows = [(window.start, window.end) for window in month_windows(date(FIRST_YEAR, 1, 1), until)]
    last = (until.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    windows[-1] = (windows[-1][0], last)
    chart = [_account(number) for number in range(accounts - 1)] + [EARNINGS]
    journal = MadeJournal([account.number for account in chart[:-1]], windows, lines)
    heading = replace(HEADING, date_from=windows[0][0], date_to=last)
    return Books(
        heading,
        tuple(chart),
        _trial_balances(chart, journal),
        journal=journal,
        receivables=_subledger("receivable", documents // 2, windows),
        payables=_subledger("payable", documents // 2, windows),
    )


def _account(number: int) -> Account:
    return account_of(10_000 + number, STANDARD[number % len(STANDARD)])


def _trial_balances(chart: list[Account], journal: MadeJournal) -> tuple[MonthlyTrialBalance, ...]:
    balances = {account.number: Decimal(0) for account in chart}
    income = {account.number for account in chart if account.account_type == "incomestatement"}
    months = []
    for first, last in journal.months:
        if first.month == 1:
            for number in income:
                balances[EARNINGS.number] += balances[number]
                balances[number] = Decimal(0)
        rows = {number: [opening, Decimal(0), Decimal(0)] for number, opening in balances.items()}
        for line in journal.lines(first, last):
            rows[line.account][1] += line.debit
            rows[line.account][2] += line.credit
        made = []
        for number, (opening, debits, credits) in rows.items():
            balances[number] = opening + debits - credits
            made.append(TrialBalanceRow(number, opening, debits, credits, closing=balances[number]))
        months.append(MonthlyTrialBalance(first, last, tuple(made)))
    return tuple(months)


def _subledger(side: str, documents: int, windows: list[tuple[date, date]]) -> Subledger:
    chance = random.Random(side)
    start, end = windows[0][0], windows[-1][1]
    parties = {f"P{number:04}": Party(f"P{number:04}", f"Party {number:04}") for number in range(PARTIES)}
    made, payments, applications = [], [], []
    for number in range(documents):
        day = start + timedelta(days=number * (end - start).days // documents)
        amount = Decimal(chance.randrange(1_000, 5_000_000)).scaleb(-2)
        party = f"P{chance.randrange(PARTIES):04}"
        key = f"invoice:{number}"
        made.append(
            Document(
                key,
                "invoice",
                party,
                f"INV-{number}",
                day,
                day,
                day + timedelta(days=30),
                amount,
                "USD",
                amount,
            )
        )
        paid_on = day + timedelta(days=chance.randrange(20, 90))
        if chance.random() < PAID_SHARE and paid_on <= end:
            payment = f"payment:{number}"
            payments.append(Payment(payment, "payment", party, f"R-{number}", paid_on, amount, "USD", amount))
            applications.append(
                Application(
                    str(number),
                    key,
                    paid_on,
                    payment=payment,
                    payment_amount=amount,
                    transaction_amount=amount,
                )
            )
    return Subledger(
        side,  # type: ignore[arg-type]
        parties,
        tuple(made),
        tuple(payments),
        tuple(applications),
        "USD",
    )
