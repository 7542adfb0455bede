"""What the reports are made from: the collected figures, with no trace of how they were collected.

Amounts are ``Decimal`` in the collection's currency. In everything that comes from the ledger a debit is
positive and a credit is negative; only finished statements print signs the way a reader expects them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from collections_app.reports.sentences import gettext_noop

AccountType = Literal["balancesheet", "incomestatement"]
NormalBalance = Literal["debit", "credit"]
CategorySource = Literal["intacct", "borrower", "none"]
ScopeKind = Literal["company", "entity", "book"]
ControlKind = Literal["", "receivables", "payables"]

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Account:
    """One account of the chart.

    ``closing_type`` is the gateway's wording ("non-closing account", "closing account", "closed to account");
    ``closes_to`` is the number of the account that takes this one's balance at the end of the fiscal year.
    ``category`` is a QuickStart category name or empty, ``category_source`` says who gave it. ``control``
    says of which subledger the gateway calls this the control account.
    """

    number: str
    title: str
    account_type: AccountType
    normal_balance: NormalBalance
    closing_type: str = ""
    closes_to: str = ""
    category: str = ""
    category_source: CategorySource = "none"
    control: ControlKind = ""
    active: bool = True

    @property
    def is_closed_to(self) -> bool:
        """Whether the gateway says that other accounts close to this one."""
        return self.closing_type.strip().casefold().startswith("closed to")


@dataclass(frozen=True, slots=True)
class TrialBalanceRow:
    """One account in one window of the trial balance; opening and closing are debit positive.

    Debits and credits are unsigned columns: ``closing = opening + flow`` and
    ``flow = debits - credits + adjusting debits - adjusting credits`` (the gateway's reference).
    """

    account: str
    opening: Decimal = ZERO
    debits: Decimal = ZERO
    credits: Decimal = ZERO
    adjusting_debits: Decimal = ZERO
    adjusting_credits: Decimal = ZERO
    closing: Decimal = ZERO

    @property
    def flow(self) -> Decimal:
        """The movement inside the window, debit positive; never the difference of two calls' balances."""
        return self.debits - self.credits + self.adjusting_debits - self.adjusting_credits

    @property
    def amounts(self) -> tuple[Decimal, ...]:
        """The six amounts in the order of the columns."""
        return (
            self.opening,
            self.debits,
            self.credits,
            self.adjusting_debits,
            self.adjusting_credits,
            self.closing,
        )

    @property
    def is_zero(self) -> bool:
        """Whether the account has neither a balance nor activity in the window."""
        return not any(self.amounts)


AMOUNT_COLUMNS = tuple(field.name for field in fields(TrialBalanceRow))[1:]


def total_row(rows: Iterable[TrialBalanceRow]) -> TrialBalanceRow:
    """The sum of the rows, column by column, as a row without an account number."""
    columns = zip(*(row.amounts for row in rows), strict=True)
    return TrialBalanceRow("", *(sum(column, ZERO) for column in columns))


@dataclass(frozen=True, slots=True)
class MonthlyTrialBalance:
    """The trial balance of one collected window: a calendar month, or the part of one that was asked for."""

    start: date
    end: date
    rows: tuple[TrialBalanceRow, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose books these are: the whole company, one entity, or one consolidation book."""

    kind: ScopeKind
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Heading:
    """What every report states about itself.

    ``basis`` is "accrual" or "cash"; ``first_fiscal_month`` is 1 to 12; ``collected_at`` is aware, and its
    zone is the one people see; ``source`` says where the figures came from ("Sage Intacct, api.intacct.com").
    """

    reference: str
    lender: str
    borrower: str
    company_id: str
    company_name: str
    scope: Scope
    basis: str
    currency: str
    date_from: date
    date_to: date
    first_fiscal_month: int
    collected_at: datetime
    source: str


REPORT_TITLES = {
    "balance_sheet": gettext_noop("Balance sheet"),
    "income_statement": gettext_noop("Income statement"),
    "cash_flow": gettext_noop("Cash flow statement"),
    "changes_in_equity": gettext_noop("Changes in equity"),
    "trial_balance": gettext_noop("Trial balance"),
    "general_ledger": gettext_noop("General ledger"),
    "ar_aging": gettext_noop("Receivables aging"),
    "ap_aging": gettext_noop("Payables aging"),
}
