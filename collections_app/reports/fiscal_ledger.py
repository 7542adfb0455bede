"""The collected trial balances on one footing, whatever rule the gateway used to reset income accounts.

The close is virtual: no closing journal exists, and it depends on the window of the call whether an income
account opens at zero, at its fiscal year to date or at everything since the start. Flows do not depend on it.
So every income-statement account is made to open at its fiscal year to date, summed from the flows, and the
difference moves to the account that it closes to; the total of each month stays what the ledger gave.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import NamedTuple

from collections_app.reports.books import Books
from collections_app.reports.figures import (
    ZERO,
    Account,
    Heading,
    MonthlyTrialBalance,
    TrialBalanceRow,
)
from collections_app.reports.period_sets import Calendar
from collections_app.reports.periods import Window, fiscal_year_start
from collections_app.reports.placement import Placement, account_outside_chart, place
from collections_app.reports.statement import Column
from collections_app.reports.terms import Measure, Term

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LedgerMonth:
    """One window with a row for every account; income accounts open at their fiscal year to date."""

    window: Window
    fiscal_year: date
    rows: Mapping[str, TrialBalanceRow]


class Span(NamedTuple):
    """The collected windows of a column by place: the first, the last, and the first of the fiscal year.

    The day before the first window has none: its ``last`` is -1, its flows are zero and its balances are
    those that the first window opens with.
    """

    first: int
    last: int
    year_first: int


class PeriodNotCovered(ValueError):
    """The collected windows do not begin and end where a period does."""


@dataclass(frozen=True, slots=True)
class FiscalLedger:
    """The books as the statements need them.

    ``placements`` are in order of account number, one for each account of the chart and each account that
    only a trial balance knows. ``months`` begin with the fiscal year; ``shown`` are those asked for.
    ``flow_sums`` holds for each account the sum of its flows before each month, and after the last.
    """

    heading: Heading
    placements: tuple[Placement, ...]
    months: tuple[LedgerMonth, ...]
    flow_sums: Mapping[str, tuple[Decimal, ...]] = field(compare=False, repr=False)

    @property
    def shown(self) -> tuple[LedgerMonth, ...]:
        """The months from the first day of the request on."""
        return tuple(month for month in self.months if month.window.start >= self.heading.date_from)

    @property
    def opening_day(self) -> date:
        """The day before the first collected window, the last day of an earlier fiscal year."""
        return self.months[0].window.start - ONE_DAY

    @property
    def calendar(self) -> Calendar:
        """What the periods of the statements are cut from."""
        heading = self.heading
        windows = tuple(month.window for month in self.months)
        return Calendar(windows, heading.date_from, heading.date_to, heading.first_fiscal_month)

    def spans(self, columns: Iterable[Column]) -> tuple[Span, ...]:
        """The windows of each column. Raises PeriodNotCovered when a column is not made of whole windows."""
        starts = {month.window.start: place for place, month in enumerate(self.months)}
        ends = {month.window.end: place for place, month in enumerate(self.months)}
        return tuple(self._span(column, starts, ends) for column in columns)

    def _span(self, column: Column, starts: Mapping[date, int], ends: Mapping[date, int]) -> Span:
        if column.start is None and column.end == self.opening_day:
            return Span(0, -1, 0)
        last = ends.get(column.end)
        first = last if column.start is None else starts.get(column.start)
        if first is None or last is None:
            raise PeriodNotCovered(
                f"The trial balances do not cover {column.caption}; choose a period that begins and ends "
                "with collected months."
            )
        year = self.months[last].fiscal_year
        return Span(first, last, next(p for p, month in enumerate(self.months) if month.fiscal_year == year))

    def amount(self, term: Term, span: Span) -> Decimal:
        """What one account adds to a figure, with the term's sign; a zero is plain zero."""
        number = term.account
        if term.measure is Measure.FLOW:
            amount = self.flow_sums[number][span.last + 1] - self.flow_sums[number][span.first]
        elif term.measure is Measure.YEAR_TO_DATE:
            amount = self.flow_sums[number][span.last + 1] - self.flow_sums[number][span.year_first]
        elif term.measure is Measure.OPENING or span.last < span.first:
            amount = self.months[span.first].rows[number].opening
        else:
            amount = self.months[span.last].rows[number].closing
        return term.sign * amount + ZERO

    def values(self, terms: Iterable[Term], spans: Iterable[Span]) -> tuple[Decimal, ...]:
        """The sum of the terms for each span."""
        terms = tuple(terms)
        return tuple(sum((self.amount(term, span) for term in terms), ZERO) for span in spans)

    def numbers(self, account_type: str) -> tuple[str, ...]:
        """The numbers of the accounts of one type, in order."""
        accounts = (placement.account for placement in self.placements)
        return tuple(account.number for account in accounts if account.account_type == account_type)


def fiscal_ledger(books: Books) -> FiscalLedger:
    """The books with every account placed and every month on the fiscal-year footing."""
    accounts = all_accounts(books)
    closes = closing_targets(accounts)
    closed_to = closed_to_numbers(accounts)
    in_chart = {account.number for account in books.accounts}
    placements = tuple(
        place(account, closed_to=number in closed_to, in_chart=number in in_chart)
        for number, account in accounts.items()
    )
    months = _on_fiscal_footing(books, accounts, closes)
    return FiscalLedger(books.heading, placements, months, _flow_sums(accounts, months))


def _flow_sums(accounts: Iterable[str], months: tuple[LedgerMonth, ...]) -> dict[str, tuple[Decimal, ...]]:
    return {
        number: tuple(accumulate((month.rows[number].flow for month in months), initial=ZERO))
        for number in accounts
    }


def all_accounts(books: Books) -> dict[str, Account]:
    """The accounts of the chart and those that only a trial balance knows, by number and in its order."""
    accounts = {account.number: account for account in books.accounts}
    for month in books.months:
        for row in month.rows:
            if row.account not in accounts:
                accounts[row.account] = account_outside_chart(row.account)
    return dict(sorted(accounts.items()))


def closed_to_numbers(accounts: Mapping[str, Account]) -> set[str]:
    """Accounts that the gateway marks as closed to, or that an income account names; balance sheet only."""
    named = {account.closes_to for account in accounts.values() if account.account_type == "incomestatement"}
    return {
        number
        for number, account in accounts.items()
        if account.account_type == "balancesheet" and (account.is_closed_to or number in named)
    }


def closing_targets(accounts: Mapping[str, Account]) -> dict[str, str]:
    """For each income account the account that takes its balance.

    An income account that names none, or none that exists, closes where most of the others do. A company
    without any closed-to account has no such place, and its income accounts stay as the ledger gave them.
    """
    closed_to = closed_to_numbers(accounts)
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
