"""An independent ledger for the tests: whole cents in SQLite, no arithmetic shared with the reports.

It answers trial balances the way a gateway with a virtual year-end close does, under any of the rules that a
gateway might use for the day on which income accounts go back to zero.
"""

import csv
import json
import sqlite3
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from collections_app.reports.figures import Account, MonthlyTrialBalance, TrialBalanceRow

RESET_RULES = ("fiscal year", "window", "never")


def cents(text: str) -> int:
    """Whole cents from the text of an amount, without a float in between."""
    sign = -1 if text.startswith("-") else 1
    whole, _, places = text.lstrip("-").partition(".")
    if len(places) > 2:
        raise ValueError(text)
    return sign * (int(whole or "0") * 100 + int(places.ljust(2, "0")))


def money(amount: int) -> Decimal:
    """Cents as a Decimal with two places."""
    return Decimal(amount).scaleb(-2)


def day_before(day: date) -> date:
    return day - timedelta(days=1)


def year_start(day: date, first_month: int) -> date:
    """The latest first day of ``first_month`` that is not after ``day``, found by walking back."""
    while (day.month, day.day) != (first_month, 1):
        day = day_before(day)
    return day


def months_between(first: date, last: date) -> list[tuple[date, date]]:
    """Whole calendar months, found by walking through the days."""
    months = []
    start = day = first
    while day <= last:
        if (day + timedelta(days=1)).day == 1:
            months.append((start, day))
            start = day + timedelta(days=1)
        day += timedelta(days=1)
    return months


class IntegerLedger:
    """Posted lines and accounts; amounts are cents, debit positive."""

    def __init__(self, first_month: int) -> None:
        self.first_month = first_month
        self.database = sqlite3.connect(":memory:")
        self.database.execute(
            "CREATE TABLE account (number TEXT PRIMARY KEY, income INTEGER, closes_to TEXT)"
        )
        self.database.execute(
            "CREATE TABLE line (day TEXT, account TEXT, debit INTEGER, credit INTEGER, adjusting INTEGER)"
        )

    def close(self) -> None:
        self.database.close()

    def add_accounts(self, accounts: Iterable[tuple[str, bool, str]]) -> None:
        self.database.executemany("INSERT INTO account VALUES (?, ?, ?)", accounts)

    def add_lines(self, lines: Iterable[tuple[date, str, int]], *, adjusting: bool = False) -> None:
        self.database.executemany(
            "INSERT INTO line VALUES (?, ?, ?, ?, ?)",
            [
                (day.isoformat(), account, max(amount, 0), max(-amount, 0), adjusting)
                for day, account, amount in lines
            ],
        )

    def total(self, accounts: Iterable[str], first: date, last: date) -> int:
        """The movement of the accounts over a span of days, in cents, debit positive."""
        query = """
            SELECT COALESCE(SUM(debit - credit), 0) FROM line
            WHERE account IN (SELECT value FROM json_each(?)) AND day BETWEEN ? AND ?
        """
        span = (first.isoformat(), last.isoformat())
        return int(self.database.execute(query, (json.dumps(list(accounts)), *span)).fetchone()[0])

    def income_accounts(self) -> list[str]:
        return [number for (number,) in self.database.execute("SELECT number FROM account WHERE income = 1")]

    def trial_balance(self, start: date, end: date, rule: str) -> MonthlyTrialBalance:
        """The trial balance of one window under one of the RESET_RULES."""
        reset = {"fiscal year": year_start(start, self.first_month), "window": start, "never": date.min}[rule]
        rows = self.database.execute(
            """
            WITH opening AS (
                SELECT line.account AS number, debit - credit AS amount FROM line
                JOIN account ON account.number = line.account
                WHERE day < :start AND (income = 0 OR day >= :reset)
                UNION ALL
                SELECT account.closes_to, debit - credit FROM line
                JOIN account ON account.number = line.account
                WHERE day < :start AND income = 1 AND day < :reset
            ),
            moved AS (
                SELECT account AS number,
                       SUM(debit * (1 - adjusting)) AS debits, SUM(credit * (1 - adjusting)) AS credits,
                       SUM(debit * adjusting) AS adjusting_debits,
                       SUM(credit * adjusting) AS adjusting_credits
                FROM line WHERE day BETWEEN :start AND :end GROUP BY account
            )
            SELECT account.number,
                   COALESCE((SELECT SUM(amount) FROM opening WHERE opening.number = account.number), 0),
                   COALESCE(moved.debits, 0), COALESCE(moved.credits, 0),
                   COALESCE(moved.adjusting_debits, 0), COALESCE(moved.adjusting_credits, 0)
            FROM account LEFT JOIN moved ON moved.number = account.number
            """,
            {"start": start.isoformat(), "end": end.isoformat(), "reset": reset.isoformat()},
        )
        return MonthlyTrialBalance(start, end, tuple(_row(*row) for row in rows))


def _row(number: str, opening: int, *moved: int) -> TrialBalanceRow:
    debits, credits, adjusting_debits, adjusting_credits = moved
    return TrialBalanceRow(
        account=number,
        opening=money(opening),
        debits=money(debits),
        credits=money(credits),
        adjusting_debits=money(adjusting_debits),
        adjusting_credits=money(adjusting_credits),
        closing=money(opening + debits - credits + adjusting_debits - adjusting_credits),
    )


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def gateway_date(text: str) -> date:
    month, day, year = text.split("/")
    return date(int(year), int(month), int(day))


def posted_lines(folder: Path, books: Collection[str] = ("ACCRUAL",)) -> list[dict[str, str]]:
    """The posted amounts of a company folder's books, without statistical quantities."""
    return [
        row
        for row in read_csv(folder / "GLDETAIL.csv")
        if row["STATE"] == "Posted" and row["STATISTICAL"] == "F" and row["BOOKID"] in books
    ]


def is_adjusting(row: dict[str, str]) -> bool:
    """Whether a line counts in the adjusting columns: adjusting journals and books beside the main ones."""
    return row.get("ADJ") == "T" or row["BOOKID"].startswith("GAAP")


def company_ledger(
    folder: Path,
    first_month: int,
    *,
    books: Collection[str] = ("ACCRUAL",),
    locations: Collection[str] | None = None,
) -> IntegerLedger:
    """The posted lines of a company folder, of all locations or of some."""
    ledger = IntegerLedger(first_month)
    ledger.add_accounts(
        (row["ACCOUNTNO"], row["ACCOUNTTYPE"] == "incomestatement", row["CLOSINGACCOUNTNO"])
        for row in read_csv(folder / "GLACCOUNT.csv")
    )
    lines = posted_lines(folder, books)
    for adjusting in (False, True):
        ledger.add_lines(
            [
                (gateway_date(row["ENTRY_DATE"]), row["ACCOUNTNO"], cents(row["AMOUNT"]))
                for row in lines
                if is_adjusting(row) == adjusting and (locations is None or row["LOCATIONID"] in locations)
            ],
            adjusting=adjusting,
        )
    return ledger


def company_accounts(folder: Path, assignments: dict[str, str]) -> tuple[Account, ...]:
    """The chart of a company folder, with the borrower's answers for accounts that have no category."""
    accounts = []
    for row in read_csv(folder / "GLACCOUNT.csv"):
        own, given = row["CATEGORY"], assignments.get(row["ACCOUNTNO"], "")
        accounts.append(
            Account(
                number=row["ACCOUNTNO"],
                title=row["TITLE"],
                account_type="incomestatement" if row["ACCOUNTTYPE"] == "incomestatement" else "balancesheet",
                normal_balance="credit" if row["NORMALBALANCE"] == "credit" else "debit",
                closing_type=row["CLOSINGTYPE"],
                closes_to=row["CLOSINGACCOUNTNO"],
                category=own or given,
                category_source="intacct" if own else "borrower" if given else "none",
            )
        )
    return tuple(accounts)
