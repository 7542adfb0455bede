"""Which statement line an account feeds.

The account's own type decides the statement, its category only the line inside it (the vendor's rule). The
account that others close to is retained earnings whatever its category says, because that is where the ledger
puts earlier years' income. An account without a usable category goes to the visible unassigned line of its
own statement, never to a default class, so that totals always hold.
"""

from dataclasses import dataclass
from enum import Enum

from collections_app.reports.categories import find
from collections_app.reports.figures import Account


class Reason(Enum):
    """Why an account stands where it stands; the value is a sentence for people."""

    CATEGORY = "Placed by its category."
    CLOSED_TO = "Retained earnings, because other accounts close to it."
    NO_CATEGORY = "It has no category."
    UNKNOWN_CATEGORY = "Its category is not on the standard list."
    OTHER_STATEMENT = "Its category belongs to the other statement than its account type."
    NOT_IN_CHART = "It is in the trial balance but not in the chart of accounts."


UNASSIGNED_REASONS = frozenset(
    {Reason.NO_CATEGORY, Reason.UNKNOWN_CATEGORY, Reason.OTHER_STATEMENT, Reason.NOT_IN_CHART}
)
NOT_IN_CHART_TITLE = "Not in the chart of accounts"


@dataclass(frozen=True, slots=True)
class Placement:
    """An account, the key of the statement line that it feeds, and why."""

    account: Account
    line: str
    reason: Reason

    @property
    def is_unassigned(self) -> bool:
        """Whether the account stands on an unassigned line, waiting for a category."""
        return self.reason in UNASSIGNED_REASONS


def account_outside_chart(number: str) -> Account:
    """The stand-in for an account that has figures but no chart entry.

    Nothing is known of it, so it is shown on the balance sheet, where its closing balance keeps the sheet in
    balance.
    """
    return Account(number, NOT_IN_CHART_TITLE, account_type="balancesheet", normal_balance="debit")


def place(account: Account, *, closed_to: bool, in_chart: bool = True) -> Placement:
    """The line that ``account`` feeds; ``closed_to`` says whether other accounts close to it."""
    if closed_to:
        return Placement(account, "retained_earnings", Reason.CLOSED_TO)
    category = find(account.category)
    if category and category.statement == account.account_type:
        return Placement(account, category.line, Reason.CATEGORY)
    if not in_chart:
        reason = Reason.NOT_IN_CHART
    elif category:
        reason = Reason.OTHER_STATEMENT
    else:
        reason = Reason.UNKNOWN_CATEGORY if account.category.strip() else Reason.NO_CATEGORY
    return Placement(account, _unassigned_line(account), reason)


def _unassigned_line(account: Account) -> str:
    if account.account_type == "incomestatement":
        return "unassigned_income_statement"
    return "unassigned_assets" if account.normal_balance == "debit" else "unassigned_liabilities"
