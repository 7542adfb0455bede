"""R1, R2 and R4: the trial balances as they were collected, before our own footing."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise

from collections_app.reports.checks.check import Check
from collections_app.reports.checks.comparisons import Comparisons
from collections_app.reports.checks.material import Material, rows_tolerance
from collections_app.reports.checks.verdicts import (
    Definition,
    Sentences,
    judged,
    number_of,
)
from collections_app.reports.figures import ZERO, MonthlyTrialBalance, TrialBalanceRow, total_row
from collections_app.reports.fiscal_ledger import all_accounts, closed_to_numbers, closing_targets
from collections_app.reports.periods import Window, fiscal_year_start

R1 = Definition("R1", "Trial balance in balance", "reliability")
R2 = Definition("R2", "Trial balance rows add up", "reliability")
R4 = Definition("R4", "Balances carried forward", "reliability")


def in_balance(material: Material) -> Check:
    """R1: in every month debits = credits and all closing balances add up to zero."""
    compared = Comparisons()
    for window, month in material.months:
        total, tolerance = total_row(month.rows), rows_tolerance(month)
        debits = total.debits + total.adjusting_debits
        credits = total.credits + total.adjusting_credits
        compared.compare(f"{window.caption}, credits less debits", debits, credits, tolerance)
        compared.compare(f"{window.caption}, sum of closing balances", ZERO, total.closing, tolerance)
    return judged(
        R1,
        material.span,
        compared,
        Sentences(
            "In every month debits equal credits and all balances add up to zero.",
            f"The trial balance is out of balance {material.furthest(compared)}: the ledger or its transfer "
            "is broken. Collect again, then ask the borrower.",
        ),
    )


def rows_add_up(material: Material) -> Check:
    """R2: in every row opening balance + debits - credits + adjustments = closing balance, to the cent."""
    compared = Comparisons()
    for window, month in material.months:
        for row in month.rows:
            place = f"{window.caption}, account {material.account(row.account)}"
            compared.compare(place, row.opening + row.flow, row.closing)
    return judged(
        R2,
        material.span,
        compared,
        Sentences(
            "On every account the movements of a month lead from its opening to its closing balance.",
            f"{number_of(compared.failures, 'row does', 'rows do')} not add up, "
            f"{material.furthest(compared)}: a figure was misread or is missing. Collect again.",
        ),
    )


def carried_forward(material: Material) -> Check:
    """R4: every account opens where it closed the month before, with the virtual year-end close allowed for.

    Income accounts may go back to zero instead: all of them together, or at the start of a fiscal year. What
    goes back must be found on the accounts that they close to, to the cent.
    """
    compared, carrying = Comparisons(), _Carrying(material)
    for (_, month), (window, following) in pairwise(material.months):
        for number, (expected, actual) in carrying.between(month, following, window).items():
            place = f"Start of {window.caption}, account {material.account(number)}"
            compared.compare(place, expected, actual)
    return judged(
        R4,
        material.span,
        compared,
        Sentences(
            "Every account opens each month where it closed the month before.",
            f"{number_of(compared.failures, 'balance changed', 'balances changed')} between two months, "
            f"{material.furthest(compared)}: an earlier month was changed. Collect again, then ask why.",
        ),
    )


class _Carrying:
    """What each account should open with, given the month before."""

    def __init__(self, material: Material) -> None:
        accounts = all_accounts(material.books)
        self._first_month = material.books.heading.first_fiscal_month
        self._targets = closing_targets(accounts)
        self._income = {
            number for number, account in accounts.items() if account.account_type == "incomestatement"
        }
        self._closed_to = closed_to_numbers(accounts)

    def between(
        self, month: MonthlyTrialBalance, following: MonthlyTrialBalance, window: Window
    ) -> Mapping[str, tuple[Decimal, Decimal]]:
        """Expected and actual opening balance of every account."""
        closed, opened = _by_account(month), _by_account(following)
        may_reset = self._may_reset(opened, window)
        expected = {number: _closing(closed, number) for number in (*closed, *opened)}
        moved = dict.fromkeys(self._closed_to, ZERO)
        for number in self._income & expected.keys():
            if may_reset and not _opening(opened, number):
                target = self._targets.get(number)
                if target is not None:
                    moved[target] += expected[number]
                expected[number] = ZERO
        for number, amount in moved.items():
            expected[number] = expected.get(number, ZERO) + amount
        return {number: (amount, _opening(opened, number)) for number, amount in expected.items()}

    def _may_reset(self, opened: Mapping[str, TrialBalanceRow], window: Window) -> bool:
        if window.start == fiscal_year_start(window.start, self._first_month):
            return True
        return not any(_opening(opened, number) for number in self._income)


def _by_account(month: MonthlyTrialBalance) -> dict[str, TrialBalanceRow]:
    return {row.account: row for row in month.rows}


def _closing(rows: Mapping[str, TrialBalanceRow], number: str) -> Decimal:
    return rows[number].closing if number in rows else ZERO


def _opening(rows: Mapping[str, TrialBalanceRow], number: str) -> Decimal:
    return rows[number].opening if number in rows else ZERO
