"""What the reports refuse: books from which no honest statement can be made.

A figure that merely does not tie is never refused; it is reported. Refused is what would make a statement
silently incomplete: a month that is missing, an account or a row that is there twice, an amount that is not a
number.
"""

from collections import Counter
from collections.abc import Iterable

from collections_app.reports.figures import Books, Heading, MonthlyTrialBalance
from collections_app.reports.periods import Window, collection_windows


class BooksRefused(ValueError):
    """The books cannot be reported; the message says what is wrong and what to do."""


class MonthMissing(BooksRefused):
    """The trial balances are not exactly the windows that the request needs."""


class AccountRepeated(BooksRefused):
    """An account number is in the chart twice, or in one month's trial balance twice."""


class AccountUnclear(BooksRefused):
    """An account's type or normal balance is not one that a statement knows."""


class AmountUnreadable(BooksRefused):
    """An amount is not a finite number."""


class TimeWithoutZone(BooksRefused):
    """The time of the collection does not name its zone."""


def refuse_inconsistent(books: Books) -> None:
    """Raise the fitting BooksRefused when the books are inconsistent; return when they can be reported."""
    _refuse_time_without_zone(books.heading)
    _refuse_wrong_windows(books)
    _refuse_unclear_accounts(books)
    _refuse_repeated((account.number for account in books.accounts), "the chart of accounts")
    for month in books.months:
        place = f"the trial balance for {Window(month.start, month.end).label}"
        _refuse_repeated((row.account for row in month.rows), place)
        _refuse_unreadable(month, place)


def _refuse_time_without_zone(heading: Heading) -> None:
    if heading.collected_at.utcoffset() is None:
        raise TimeWithoutZone("The time of collection names no zone; give one, such as UTC.")


def _refuse_wrong_windows(books: Books) -> None:
    heading = books.heading
    expected = collection_windows(heading.date_from, heading.date_to, heading.first_fiscal_month)
    given = [Window(month.start, month.end) for month in books.months]
    for window in expected:
        if window not in given:
            raise MonthMissing(f"The trial balance for {window.label} is missing; collect it again.")
    if list(expected) != given:
        raise MonthMissing(
            f"The trial balances are not the {len(expected)} windows from {expected[0].label} to "
            f"{expected[-1].label}, each once and in order; collect exactly these and build again."
        )


def _refuse_unclear_accounts(books: Books) -> None:
    for account in books.accounts:
        if account.account_type not in ("balancesheet", "incomestatement"):
            raise AccountUnclear(
                f"Account {account.number} has the type {account.account_type!r}; "
                "it must be balancesheet or incomestatement."
            )
        if account.normal_balance not in ("debit", "credit"):
            raise AccountUnclear(
                f"Account {account.number} has the normal balance {account.normal_balance!r}; "
                "it must be debit or credit."
            )


def _refuse_repeated(numbers: Iterable[str], place: str) -> None:
    for number, times in Counter(numbers).items():
        if times > 1:
            raise AccountRepeated(f"Account {number} is {times} times in {place}; it belongs there once.")


def _refuse_unreadable(month: MonthlyTrialBalance, place: str) -> None:
    for row in month.rows:
        if not all(amount.is_finite() for amount in row.amounts):
            raise AmountUnreadable(
                f"An amount of account {row.account} in {place} is not a number; collect it again."
            )
