"""The collected trial balances on one footing, whatever rule the gateway used to reset income accounts.

The close is virtual: no closing journal exists, and it depends on the window of the call whether an income
account opens at zero, at its fiscal year to date or at everything since the start. Flows do not depend on it.
So every income-statement account is made to open at its fiscal year to date, summed from the flows, and the
difference moves to the account that it closes to; the total of each month stays what the ledger gave.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from collections_app.reports.figures import (
    ZERO,
    Account,
    Books,
    Heading,
    MonthlyTrialBalance,
    TrialBalanceRow,
)
from collections_app.reports.periods import Window, fiscal_year_start
from collections_app.reports.placement import Placement, account_outside_chart, place


@dataclass(frozen=True, slots=True)
class LedgerMonth:
    """One window with a row for every account; income accounts open at their fiscal year to date."""

    window: Window
    fiscal_year: date
    rows: Mapping[str, TrialBalanceRow]


@dataclass(frozen=True, slots=True)
class FiscalLedger:
    """The books as the statements need them.

    ``placements`` are in order of account number, one for each account of the chart and each account that
    only a trial balance knows. ``months`` begin with the fiscal year; ``shown`` are those asked for.
    """

    heading: Heading
    placements: tuple[Placement, ...]
    months: tuple[LedgerMonth, ...]

    @property
    def shown(self) -> tuple[LedgerMonth, ...]:
        """The months from the first day of the request on."""
        return tuple(month for month in self.months if month.window.start >= self.heading.date_from)

    def across(self, read: Callable[[LedgerMonth], Decimal]) -> tuple[Decimal, ...]:
        """One amount for each month shown, in order; a zero whose sign was turned is plain zero again."""
        return tuple(read(month) + ZERO for month in self.shown)

    def year_to_date(self, numbers: Iterable[str], month: LedgerMonth) -> Decimal:
        """The accounts' flows from the start of the fiscal year to the end of ``month``, debit positive."""
        return sum(
            (
                earlier.rows[number].flow
                for number in numbers
                for earlier in self.months
                if earlier.fiscal_year == month.fiscal_year and earlier.window <= month.window
            ),
            ZERO,
        )

    def numbers(self, account_type: str) -> tuple[str, ...]:
        """The numbers of the accounts of one type, in order."""
        accounts = (placement.account for placement in self.placements)
        return tuple(account.number for account in accounts if account.account_type == account_type)


def fiscal_ledger(books: Books) -> FiscalLedger:
    """The books with every account placed and every month on the fiscal-year footing."""
    accounts = _all_accounts(books)
    closes = _closing_targets(accounts)
    closed_to = _closed_to_numbers(accounts)
    in_chart = {account.number for account in books.accounts}
    placements = tuple(
        place(account, closed_to=number in closed_to, in_chart=number in in_chart)
        for number, account in accounts.items()
    )
    return FiscalLedger(books.heading, placements, _on_fiscal_footing(books, accounts, closes))


def _all_accounts(books: Books) -> dict[str, Account]:
    accounts = {account.number: account for account in books.accounts}
    for month in books.months:
        for row in month.rows:
            if row.account not in accounts:
                accounts[row.account] = account_outside_chart(row.account)
    return dict(sorted(accounts.items()))


def _closed_to_numbers(accounts: Mapping[str, Account]) -> set[str]:
    """Accounts that the gateway marks as closed to, or that an income account names; balance sheet only."""
    named = {account.closes_to for account in accounts.values() if account.account_type == "incomestatement"}
    return {
        number
        for number, account in accounts.items()
        if account.account_type == "balancesheet" and (account.is_closed_to or number in named)
    }


def _closing_targets(accounts: Mapping[str, Account]) -> dict[str, str]:
    """For each income account the account that takes its balance.

    An income account that names none, or none that exists, closes where most of the others do. A company
    without any closed-to account has no such place, and its income accounts stay as the ledger gave them.
    """
    closed_to = _closed_to_numbers(accounts)
    income = [account for account in accounts.values() if account.account_type == "incomestatement"]
    votes = Counter({number: 0 for number in sorted(closed_to)})
    votes.update(account.closes_to for account in income if account.closes_to in closed_to)
    if not votes:
        return {}
    usual = votes.most_common(1)[0][0]
    return {
        account.number: account.closes_to if account.closes_to in closed_to else usual for account in income
    }


def _on_fiscal_footing(
    books: Books, accounts: Mapping[str, Account], closes: Mapping[str, str]
) -> tuple[LedgerMonth, ...]:
    months = []
    year_to_date: dict[str, Decimal] = {}
    fiscal_year = date.min
    for month in books.months:
        if fiscal_year_start(month.start, books.heading.first_fiscal_month) != fiscal_year:
            fiscal_year = fiscal_year_start(month.start, books.heading.first_fiscal_month)
            year_to_date = dict.fromkeys(closes, ZERO)
        rows = _normalised_rows(month, accounts, closes, year_to_date)
        months.append(LedgerMonth(Window(month.start, month.end), fiscal_year, rows))
        for number in closes:
            year_to_date[number] += rows[number].flow
    return tuple(months)


def _normalised_rows(
    month: MonthlyTrialBalance,
    accounts: Mapping[str, Account],
    closes: Mapping[str, str],
    year_to_date: Mapping[str, Decimal],
) -> dict[str, TrialBalanceRow]:
    given = {row.account: row for row in month.rows}
    rows = {number: given.get(number) or TrialBalanceRow(number) for number in accounts}
    for number, target in closes.items():
        moved = rows[number].opening - year_to_date[number]
        rows[number] = _shifted(rows[number], -moved)
        rows[target] = _shifted(rows[target], moved)
    return rows


def _shifted(row: TrialBalanceRow, amount: Decimal) -> TrialBalanceRow:
    """The row with both balances moved; an arithmetic fault of the source row stays visible."""
    return replace(row, opening=row.opening + amount, closing=row.closing + amount)
