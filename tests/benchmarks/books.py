"""Making the reports of a small company's year, against the bare arithmetic and the bare writers."""

import io
import json
import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import xlsxwriter

from collections_app.reports.books import Books
from collections_app.reports.build import Reports, build
from collections_app.reports.categories import STANDARD, Category
from collections_app.reports.export import statements_json
from collections_app.reports.figures import Account
from collections_app.reports.statement import Line
from collections_app.reports.workbook import write_workbook
from tests.benchmarks.measure import Benchmark
from tests.collections_app.reports.cast import EARNINGS, HEADING
from tests.collections_app.reports.integer_ledger import IntegerLedger, months_between

JOURNALS = 1700
FIRST_DAY, LAST_DAY = date(2023, 4, 1), date(2024, 12, 31)


def small_company() -> Books:
    """An account of each standard category and 1,700 journals in 21 months; asked for is the last year."""
    accounts = (*(account_of(*numbered) for numbered in enumerate(STANDARD, start=4001)), EARNINGS)
    ledger = ledger_of(accounts)
    heading = replace(HEADING, date_from=date(2024, 1, 1), date_to=LAST_DAY, first_fiscal_month=4)
    windows = months_between(FIRST_DAY, LAST_DAY)
    return Books(heading, accounts, tuple(ledger.trial_balance(*window, "fiscal year") for window in windows))


def account_of(number: int, category: Category) -> Account:
    closes = category.statement == "incomestatement"
    return Account(
        number=str(number),
        title=category.name,
        account_type=category.statement,
        normal_balance=category.normal_balance,
        closing_type="closing account" if closes else "non-closing account",
        closes_to=EARNINGS.number if closes else "",
        category=category.name,
        category_source="intacct",
    )


def ledger_of(accounts: tuple[Account, ...]) -> IntegerLedger:
    """Random journals of two lines, the same at every call."""
    chance = random.Random(20240101)
    ledger = IntegerLedger(first_month=4)
    ledger.add_accounts(
        (account.number, account.account_type == "incomestatement", account.closes_to) for account in accounts
    )
    days = (LAST_DAY - FIRST_DAY).days
    for _ in range(JOURNALS):
        day = FIRST_DAY + timedelta(days=chance.randint(0, days))
        debit, credit = chance.sample(accounts, 2)
        cents = chance.randint(100, 900_000)
        ledger.add_lines([(day, debit.number, cents), (day, credit.number, -cents)])
    return ledger


def sum_every_column(books: Books) -> list[Decimal]:
    columns = [Decimal(0)] * 6
    for month in books.months:
        for row in month.rows:
            columns = [total + amount for total, amount in zip(columns, row.amounts, strict=True)]
    return columns


def write_bare_workbook(rows: list[tuple[float, ...]]) -> None:
    with xlsxwriter.Workbook(io.BytesIO(), {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        for position, row in enumerate(rows):
            for column, amount in enumerate(row):
                sheet.write_number(position, column, amount)


def benchmarks() -> list[Benchmark]:
    books = small_company()
    reports = build(books)
    document = json.loads(statements_json(reports))
    numbers = [tuple(map(float, row.amounts)) for month in reports.trial_balance for row in month.rows]
    numbers += [tuple(map(float, line.values)) for line in statement_lines(reports)]
    return [
        Benchmark(
            "build the reports of a year of a small company",
            lambda: build(books),
            lambda: sum_every_column(books),
            "every amount of the trial balances is added up once",
        ),
        Benchmark(
            "write statements.json",
            lambda: statements_json(reports),
            lambda: json.dumps(document, ensure_ascii=False, indent=1),
            "json writes the finished document",
        ),
        Benchmark(
            "write report.xlsx",
            lambda: write_workbook(reports, io.BytesIO()),
            lambda: write_bare_workbook(numbers),
            "XlsxWriter writes the same amounts on one bare sheet",
        ),
    ]


def statement_lines(reports: Reports) -> list[Line]:
    return [*reports.balance_sheet.lines, *reports.income_statement.lines]
