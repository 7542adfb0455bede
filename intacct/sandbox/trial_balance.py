"""The arithmetic of a trial balance, as the gateway documents it.

Amounts are debit positive. Opening balance plus debits less credits, ordinary and adjusting, is the closing
balance on every row, and each column of balances sums to zero. An income-statement account opens at its
fiscal year to date; what it earned in earlier years sits in the account it closes to, although no closing
entry was ever posted. A window that runs across the start of a fiscal year closes nothing on the way, so
that the identity holds there too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from intacct.sandbox.company import Company
from intacct.sandbox.ledger import NOTHING, ZERO, Ledger, Turnover


@dataclass(frozen=True)
class AccountRule:
    """How an account behaves at the end of a fiscal year. `closes_to` is empty for an account that carries
    forward.
    """

    number: str
    closes_to: str
    statistical: bool
    for_period: bool


@dataclass(frozen=True)
class Window:
    """What is asked for. `books` are the GLDETAIL book ids to add up; `locations` and `departments` None mean
    everything.
    """

    start: date
    end: date
    books: tuple[str, ...]
    locations: frozenset[str] | None
    first_fiscal_month: int
    departments: frozenset[str] | None = None


@dataclass(frozen=True)
class BalanceRow:
    """One account. The opening gross columns are turnover since the beginning, or since the year's start if
    it closes.
    """

    account_number: str
    opening: Decimal
    opening_debits: Decimal
    opening_credits: Decimal
    turnover: Turnover

    @property
    def closing(self) -> Decimal:
        """Debit positive."""
        return self.opening + self.turnover.net


def fiscal_year_start(day: date, first_month: int) -> date:
    """The first day of the fiscal year that holds a day."""
    return date(day.year if day.month >= first_month else day.year - 1, first_month, 1)


def account_rules(company: Company) -> Mapping[str, AccountRule]:
    """The rule of every account of the chart, and of every statistical account, by number."""
    accounts = list(company.table("GLACCOUNT").records())
    closed_to = next(
        (row["ACCOUNTNO"] for row in accounts if row.get("CLOSINGTYPE") == "closed to account"), ""
    )
    rules = {}
    for row in accounts:
        closes = row.get("CLOSINGTYPE") == "closing account"
        target = (row.get("CLOSINGACCOUNTNO") or closed_to) if closes else ""
        rules[row["ACCOUNTNO"]] = AccountRule(row["ACCOUNTNO"], target, False, False)
    for row in company.table("STATACCOUNT").records():
        rules[row["ACCOUNTNO"]] = AccountRule(
            row["ACCOUNTNO"], "", True, row.get("ACCOUNTTYPE") == "forperiod"
        )
    return rules


def balance_rows(ledger: Ledger, rules: Iterable[AccountRule], window: Window) -> list[BalanceRow]:
    """A row for each account, sorted by account number."""
    after = window.end + timedelta(days=1)
    year = fiscal_year_start(window.start, window.first_fiscal_month)
    openings: dict[str, Turnover] = {}
    closed: dict[str, Turnover] = {}
    turnovers: dict[str, Turnover] = {}
    for rule in rules:
        total, before_year, before = _sums(ledger, rule.number, window, (after, year, window.start))
        turnovers[rule.number] = total - before
        openings[rule.number] = NOTHING if rule.for_period else before
        if rule.closes_to:
            openings[rule.number] = before - before_year
            closed[rule.closes_to] = closed.get(rule.closes_to, NOTHING) + _one_sided(before_year.net)
    numbers = sorted(openings.keys() | closed.keys())
    return [
        _row(
            number,
            openings.get(number, NOTHING) + closed.get(number, NOTHING),
            turnovers.get(number, NOTHING),
        )
        for number in numbers
    ]


def _sums(ledger: Ledger, account: str, window: Window, days: tuple[date, date, date]) -> list[Turnover]:
    sums = [NOTHING, NOTHING, NOTHING]
    for book in window.books:
        for series in ledger.series(book, account, window.locations, window.departments):
            sums = [total + series.before(day) for total, day in zip(sums, days, strict=True)]
    return sums


def _one_sided(net: Decimal) -> Turnover:
    return Turnover(debits=net) if net > 0 else Turnover(credits=-net)


def _row(number: str, opening: Turnover, turnover: Turnover) -> BalanceRow:
    return BalanceRow(number, opening.net, opening.all_debits, opening.all_credits, turnover)


def is_silent(row: BalanceRow) -> bool:
    """Whether the row is left out without `showzerobalances`: a zero closing balance, whatever moved in
    between.
    """
    return row.closing == ZERO
