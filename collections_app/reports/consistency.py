"""What the reports refuse: books from which no honest statement can be made.

A figure that merely does not tie is never refused; it is reported. Refused is what would make a statement
silently incomplete: a month that is missing, an account or a row that is there twice, an amount that is not a
number.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from collections_app.reports.books import Books
from collections_app.reports.cash_flow_classes import fits
from collections_app.reports.categories import find
from collections_app.reports.figures import Heading, MonthlyTrialBalance
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


class OverrideUnclear(BooksRefused):
    """A cash-flow override has no reason, names nothing, or names a class that does not fit the account."""


def refuse_inconsistent(books: Books) -> None:
    """Raise the fitting BooksRefused when the books are inconsistent; return when they can be reported."""
    _refuse_time_without_zone(books.heading)
    _refuse_wrong_windows(books.heading, books.months, "The trial balance")
    for entity in books.entities:
        name = f"The trial balance of entity {entity.scope.id}"
        _refuse_wrong_windows(books.heading, entity.months, name)
        if entity.translated:
            _refuse_wrong_windows(books.heading, entity.translated, f"{name} in the book's currency")
    _refuse_unclear_accounts(books)
    _refuse_unclear_overrides(books)
    _refuse_repeated((account.number for account in books.accounts), "the chart of accounts")
    for month in books.months:
        place = f"the trial balance for {Window(month.start, month.end).label}"
        _refuse_repeated((row.account for row in month.rows), place)
        _refuse_unreadable(month, place)


def _refuse_time_without_zone(heading: Heading) -> None:
    if heading.collected_at.utcoffset() is None:
        raise TimeWithoutZone("The time of collection names no zone; give one, such as UTC.")


def _refuse_wrong_windows(heading: Heading, months: Sequence[MonthlyTrialBalance], name: str) -> None:
    expected = collection_windows(heading.date_from, heading.date_to, heading.first_fiscal_month)
    given = [Window(month.start, month.end) for month in months]
    for window in expected:
        if window not in given:
            raise MonthMissing(f"{name} for {window.label} is missing; collect it again.")
    if list(expected) != given:
        raise MonthMissing(
            f"{name} is not there for the {len(expected)} windows from {expected[0].label} to "
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


def _refuse_unclear_overrides(books: Books) -> None:
    accounts = {account.number: account for account in books.accounts}
    seen = set()
    for override in books.cash_flow_overrides:
        name = f"The cash-flow class of {override.kind} {override.name}"
        if not override.reason.strip():
            raise OverrideUnclear(f"{name} is changed without a reason; say why.")
        if override.kind == "category" and find(override.name) is None:
            raise OverrideUnclear(f"{name} is changed, but there is no such category; correct its name.")
        if override.kind == "account" and override.name not in accounts:
            raise OverrideUnclear(
                f"{name} is changed, but the chart has no such account; correct its number."
            )
        if override.kind == "account" and not fits(override.cash_flow_class, accounts[override.name]):
            wanted = override.cash_flow_class.value
            raise OverrideUnclear(f"{name} cannot be {wanted!r}; choose a class of its own statement.")
        if (override.kind, override.name) in seen:
            raise OverrideUnclear(f"{name} is changed twice; keep one of the two.")
        seen.add((override.kind, override.name))


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
