"""Balances that the gateway computes: the trial balance, chosen accounts, receivables by age."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from intacct.functions import (
    AccountChoice,
    GetAccountBalances,
    GetAccountBalancesByDimension,
    GetReceivablesAging,
    GetTrialBalance,
    Period,
)
from intacct.functions.balances import ALL_ACCOUNTS
from intacct.records import AccountBalance, AgedReceivables, DimensionBalance, TrialBalanceRow
from intacct.setup_reading import SetUpReading


class StatementReading(SetUpReading):
    """The calls that answer with balances. Debits are positive everywhere."""

    def trial_balance(
        self,
        start: date,
        end: date,
        *,
        book: str = "",
        adjustment_books: Sequence[str] = (),
        location: str = "",
        show_zero_balances: bool = True,
    ) -> Iterator[TrialBalanceRow]:
        """One row per account from ``start`` to ``end``, both included; debit positive; statistics left out.

        book: "ACCRUAL", "CASH" or a consolidation book's id; the company's default book if empty.
        adjustment_books: ids added to the main book.
        location: an entity or location with all below it; needed in a company with several base currencies.
        show_zero_balances: without it, accounts whose closing balance is zero are missing.
        """
        function = GetTrialBalance(
            start, end, book, tuple(adjustment_books), location, show_zero_balances=show_zero_balances
        )
        return iter(self._line.call(function))

    def account_balances(
        self,
        start: date,
        end: date,
        *,
        accounts: AccountChoice = ALL_ACCOUNTS,
        book: str = "",
        location: str = "",
        show_zero_balances: bool = True,
    ) -> tuple[AccountBalance, ...]:
        """The trial balance of chosen accounts: one, a group's, or a range. Arguments as there."""
        return self._line.call(
            GetAccountBalances(
                Period(start, end), accounts, book, location, show_zero_balances=show_zero_balances
            )
        )

    def account_balances_by_dimension(
        self,
        start: date,
        end: date,
        group_by: Sequence[str],
        *,
        accounts: AccountChoice = ALL_ACCOUNTS,
        book: str = "",
        location: str = "",
    ) -> tuple[DimensionBalance, ...]:
        """Balances split by dimensions, such as ``["location"]``. Other arguments as in ``trial_balance``."""
        return self._line.call(
            GetAccountBalancesByDimension(Period(start, end), tuple(group_by), accounts, book, location)
        )

    def receivables_aging(
        self,
        as_of: date,
        *,
        periods: Sequence[str] = (),
        location: str = "",
        by_due_date: bool = False,
        details: bool = False,
        by_posting_date: bool = False,
    ) -> tuple[AgedReceivables, ...]:
        """What customers owed at the end of a day, by age.

        periods: such as ("-0", "1-30", "31-"), "-0" being not yet due; Intacct's usual ones if empty.
        location: an entity; the gateway wants one in a company with several.
        by_due_date: ages from the due date, otherwise from the invoice date.  details: each document too.
        by_posting_date: counts, and without by_due_date ages, by the day of posting, as control accounts do.
        """
        return self._line.call(
            GetReceivablesAging(
                as_of,
                tuple(periods),
                location,
                by_due_date=by_due_date,
                details=details,
                by_posting_date=by_posting_date,
            )
        )
