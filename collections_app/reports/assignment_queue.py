"""The order in which accounts without a category are asked about, and which can be answered together.

Accounts come in the order of the money that hangs on them, and those that share the same best suggestion are
one decision, so that hundreds of accounts stay bearable.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from collections_app.reports.categories import Category
from collections_app.reports.figures import ZERO, Account, MonthlyTrialBalance
from collections_app.reports.suggestions import Confidence, Suggestion
from collections_app.reports.title_words import words_of


@dataclass(frozen=True, slots=True)
class Stake:
    """How much money hangs on an account; both amounts are unsigned, in the currency of the trial balance.

    ``amount`` is the largest figure that a statement could show wrongly: for a balance sheet account its
    largest opening or closing balance, for an income statement account the sum of its months' movements, each
    without its sign, because its balance depends on when the gateway resets it. ``turnover`` is all debits
    and credits.
    """

    amount: Decimal = ZERO
    turnover: Decimal = ZERO

    @property
    def is_in_use(self) -> bool:
        """Whether the account has a balance or activity in the months looked at."""
        return bool(self.amount or self.turnover)


@dataclass(frozen=True, slots=True)
class Decision:
    """Accounts that one answer may do for, those with the most money first.

    They share their best suggestion, of high or medium grade; or nothing but a guess, and a title that
    differs in numbers alone ("Project 14", "Project 15"). ``confidence`` is the lowest of theirs, ``amount``
    the sum of their stakes.
    """

    category: Category
    confidence: Confidence
    accounts: tuple[Account, ...]
    amount: Decimal


def stakes(accounts: Iterable[Account], months: Iterable[MonthlyTrialBalance]) -> dict[str, Stake]:
    """The stake of each account, by its number; an account without a row has nothing at stake."""
    rows = defaultdict(list)
    for month in months:
        for row in month.rows:
            rows[row.account].append(row)
    found = {}
    for account in accounts:
        own = rows[account.number]
        turnover = sum((sum(map(abs, row.amounts[1:-1]), ZERO) for row in own), ZERO)
        if account.account_type == "incomestatement":
            amount = sum((abs(row.flow) for row in own), ZERO)
        else:
            amount = max((max(abs(row.opening), abs(row.closing)) for row in own), default=ZERO)
        found[account.number] = Stake(amount, turnover)
    return found


def by_money(accounts: Iterable[Account], at_stake: Mapping[str, Stake]) -> tuple[Account, ...]:
    """The accounts with the most money first; where it is the same, in order of turnover, then of number."""

    def order(account: Account) -> tuple[Decimal, Decimal, str]:
        stake = at_stake.get(account.number, Stake())
        return -stake.amount, -stake.turnover, account.number

    return tuple(sorted(accounts, key=order))


def decisions(
    accounts: Iterable[Account],
    suggestions: Mapping[str, Sequence[Suggestion]],
    at_stake: Mapping[str, Stake],
) -> tuple[Decision, ...]:
    """The accounts in as many groups as answers are needed: well-founded before guesses, each by its money.

    ``suggestions`` are those of ``suggest_all`` for these accounts.
    """
    groups = defaultdict(list)
    for account in by_money(accounts, at_stake):
        best = suggestions[account.number][0]
        groups[_answered_alike(account, best)].append((account, best))
    found = [_decision(members, at_stake) for members in groups.values()]
    return tuple(
        sorted(found, key=lambda each: (each.confidence is Confidence.LOW, -each.amount, each.category.name))
    )


def _answered_alike(account: Account, best: Suggestion) -> tuple[str, ...]:
    if best.confidence > Confidence.LOW:
        return (best.category.name,)
    series = [word for word in words_of(account.title) if not any(map(str.isdigit, word))]
    return ("guess", best.category.name, *(series or [account.number]))


def _decision(members: Sequence[tuple[Account, Suggestion]], at_stake: Mapping[str, Stake]) -> Decision:
    return Decision(
        category=members[0][1].category,
        confidence=min(best.confidence for _, best in members),
        accounts=tuple(account for account, _ in members),
        amount=sum((at_stake.get(account.number, Stake()).amount for account, _ in members), ZERO),
    )
