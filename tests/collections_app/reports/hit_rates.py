"""How often the right category is the first suggestion, or among the first three."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from collections_app.reports.assignment_queue import Decision, decisions
from collections_app.reports.categories import find
from collections_app.reports.figures import Account
from collections_app.reports.suggestions import Chart, Suggestion, suggest, suggest_all


@dataclass(frozen=True)
class HitRate:
    """Hits among ``asked`` accounts; ``graded`` is (asked, right) for the best suggestion of each grade."""

    asked: int
    first: int
    first_three: int
    graded: dict[str, tuple[int, int]]

    def __str__(self) -> str:
        grades = ", ".join(f"{grade} {right}/{asked}" for grade, (asked, right) in self.graded.items())
        return (
            f"top 1 {self.first}/{self.asked} = {self.first / self.asked:.0%}, "
            f"top 3 {self.first_three}/{self.asked} = {self.first_three / self.asked:.0%}; "
            f"first suggestions right by grade: {grades}"
        )


def bare(account: Account) -> Account:
    """The account with nothing but number, title, type and normal balance."""
    return Account(account.number, account.title, account.account_type, account.normal_balance)


def categorized(accounts: Iterable[Account]) -> list[Account]:
    return [account for account in accounts if find(account.category)]


def from_nothing(accounts: Sequence[Account]) -> HitRate:
    """Every category of the chart is hidden: title, number and type are all there is."""
    hidden = [bare(account) for account in accounts]
    chart = Chart(hidden)
    return _rate(accounts, [suggest(account, chart) for account in hidden])


def leaving_one_out(accounts: Sequence[Account]) -> HitRate:
    """Only the asked account's category is hidden; its neighbors' are known."""
    found = []
    for account in accounts:
        others = [replace(bare(each), category=each.category) for each in accounts if each is not account]
        found.append(suggest(bare(account), others))
    return _rate(accounts, found)


def _rate(accounts: Sequence[Account], found: Sequence[tuple[Suggestion, ...]]) -> HitRate:
    asked, right, first_three = Counter[str](), Counter[str](), 0
    for account, suggestions in zip(accounts, found, strict=True):
        answer = find(account.category)
        grade = suggestions[0].confidence.name.lower()
        asked[grade] += 1
        right[grade] += suggestions[0].category == answer
        first_three += answer in [each.category for each in suggestions[:3]]
    graded = {grade: (asked[grade], right[grade]) for grade in ("high", "medium", "low")}
    return HitRate(asked.total(), right.total(), first_three, graded)


def decisions_for(accounts: Sequence[Account]) -> tuple[Decision, ...]:
    """The answers that a company needs whose chart has no category at all."""
    hidden = [bare(account) for account in accounts]
    return decisions(hidden, suggest_all(hidden, hidden), {})


def wrong_in(found: Iterable[Decision], accounts: Iterable[Account]) -> int:
    """How many accounts must be taken out of their group, because the group's answer is not theirs."""
    answers = {account.number: find(account.category) for account in accounts}
    return sum(answers[account.number] != each.category for each in found for account in each.accounts)


def in_three_branches(accounts: list[Account]) -> list[Account]:
    """The chart with each account once for each of three branches, as companies without locations do."""
    branches = (("-10", "West"), ("-20", "Central"), ("-30", "East"))
    return [
        replace(account, number=account.number + ending, title=f"{account.title} - {branch}")
        for account in accounts
        for ending, branch in branches
    ]
