"""The small cast of the report tests: one heading, and a company of a few accounts."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from collections_app.reports.books import Books
from collections_app.reports.figures import (
    Account,
    Heading,
    MonthlyTrialBalance,
    Scope,
    TrialBalanceRow,
)

HEADING = Heading(
    reference="C-2026-0042",
    lender="Harbour Bank",
    borrower="Juniper Works",
    company_id="JUNIPER",
    company_name="Juniper Works Inc.",
    scope=Scope("company", "", "Juniper Works Inc."),
    basis="accrual",
    currency="USD",
    date_from=date(2024, 1, 1),
    date_to=date(2024, 1, 31),
    first_fiscal_month=1,
    collected_at=datetime(2026, 3, 2, 9, 15, tzinfo=UTC),
    source="Sage Intacct, api.intacct.com",
)
CASH = Account(
    number="1000",
    title="Cash",
    account_type="balancesheet",
    normal_balance="debit",
    closing_type="non-closing account",
    category="Cash and Cash Equivalents",
    category_source="intacct",
)
EARNINGS = replace(
    CASH,
    number="3000",
    title="Retained Earnings",
    normal_balance="credit",
    closing_type="closed to account",
    category="Retained Earnings",
)
SALES = Account(
    number="4000",
    title="Sales",
    account_type="incomestatement",
    normal_balance="credit",
    closing_type="closing account",
    closes_to="3000",
    category="Revenue - Sales",
    category_source="intacct",
)
RENT = replace(SALES, number="6000", title="Rent", normal_balance="debit", category="Rent Expense")
CHART = (CASH, EARNINGS, SALES, RENT)


def row(account: str, opening: str = "0", debits: str = "0", credits: str = "0") -> TrialBalanceRow:
    """A row whose closing balance follows from the rest."""
    start, more, less = Decimal(opening), Decimal(debits), Decimal(credits)
    return TrialBalanceRow(account, start, more, less, closing=start + more - less)


JANUARY = MonthlyTrialBalance(
    date(2024, 1, 1),
    date(2024, 1, 31),
    (
        row("1000", "500", "100", "40"),
        row("3000", "-500"),
        row("4000", "0", "0", "100"),
        row("6000", "0", "40"),
    ),
)


def small_books(*, accounts: tuple[Account, ...] = CHART, **changes: Any) -> Books:
    """One month of a small company; ``changes`` go to the heading."""
    return Books(replace(HEADING, **changes), accounts, (JANUARY,))
