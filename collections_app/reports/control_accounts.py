"""Which accounts of the general ledger a subledger should explain.

Those that the gateway calls control accounts, and those that the lender or borrower names; never simply all
of a category, which may hold retainage and other claims that no invoice is behind (practice).
"""

from collections.abc import Iterable
from decimal import Decimal

from collections_app.reports.figures import ZERO, Account, ControlKind, MonthlyTrialBalance
from collections_app.reports.subledger import Side

_KINDS: dict[Side, ControlKind] = {"receivable": "receivables", "payable": "payables"}
# What is owed to the company is a debit, what the company owes a credit.
OWED_SIGN: dict[Side, int] = {"receivable": 1, "payable": -1}


class ControlAccountUnknown(ValueError):
    """A named control account is not in the chart of accounts."""


def control_accounts(accounts: Iterable[Account], side: Side, named: Iterable[str] = ()) -> frozenset[str]:
    """The numbers of the control accounts of one side: the flagged ones and the named ones.

    Raises ControlAccountUnknown for a named account that is not in the chart.
    """
    chart = {account.number: account for account in accounts}
    for number in named:
        if number not in chart:
            raise ControlAccountUnknown(
                f"Account {number} is named as a control account but is not in the chart; correct its number."
            )
    flagged = {number for number, account in chart.items() if account.control == _KINDS[side]}
    return frozenset(flagged | set(named))


def owed_balance(month: MonthlyTrialBalance, accounts: frozenset[str], side: Side) -> Decimal:
    """The closing balance of the accounts, positive where it is owed."""
    rows = (row.closing for row in month.rows if row.account in accounts)
    return OWED_SIGN[side] * sum(rows, ZERO)


def owed_opening(month: MonthlyTrialBalance, accounts: frozenset[str], side: Side) -> Decimal:
    """The opening balance of the accounts, positive where it is owed."""
    rows = (row.opening for row in month.rows if row.account in accounts)
    return OWED_SIGN[side] * sum(rows, ZERO)
