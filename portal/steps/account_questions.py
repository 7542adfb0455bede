"""The accounts of the categories step in the order in which they are asked about.

First what is remembered from last time, then what one answer settles for several accounts, then single
accounts, each with the most money first; what is answered and what may stay open comes last.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.forms import BoundField

from collections_app.assignment import Queue
from collections_app.models import Account
from collections_app.reports.assignment_queue import Decision, by_money
from collections_app.reports.suggestions import Confidence, Suggestion

MOST_SUGGESTIONS, MOST_GUESSES = 3, 2
BETWEEN = "\t"
BETWEEN_ANSWERS = "\t\t"


@dataclass(frozen=True)
class Row:
    """An account, its drop-down list, and what it might be."""

    account: Account
    field: BoundField
    suggestions: tuple[Suggestion, ...] = ()


@dataclass(frozen=True)
class Group:
    """Accounts that one answer may do for. `answer` is what the button sends: exactly what is shown."""

    category: str
    is_guess: bool
    amount: Decimal
    rows: tuple[Row, ...]

    @property
    def answer(self) -> str:
        return answer_of(self.category, *(row.account.number for row in self.rows))

    @property
    def is_wrong(self) -> bool:
        """Whether a list inside has an error, so that it must not be folded away."""
        return any(row.field.errors for row in self.rows)


@dataclass(frozen=True)
class Questions:
    """All accounts that came without a category: each is in one of the five.

    What is `remembered` is filled in and counts when the borrower sends it.
    """

    groups: tuple[Group, ...]
    singles: tuple[Row, ...]
    chosen: tuple[Row, ...]
    optional: tuple[Row, ...]
    remembered: tuple[Row, ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        """All accounts, in the order in which they are asked about."""
        together = (row for group in self.groups for row in group.rows)
        return (*self.remembered, *together, *self.singles, *self.chosen, *self.optional)

    @property
    def likely(self) -> dict[str, list[str]]:
        """The account numbers that all likely suggestions are for, by category: what one click may accept."""
        found = {group.category: [row.account.number for row in group.rows] for group in self.founded_groups}
        for row in self.singles:
            if row.suggestions and row.suggestions[0].confidence > Confidence.LOW:
                found.setdefault(row.suggestions[0].category.name, []).append(row.account.number)
        return found

    @property
    def founded_groups(self) -> tuple[Group, ...]:
        return tuple(group for group in self.groups if not group.is_guess)

    @property
    def likely_count(self) -> int:
        return sum(len(numbers) for numbers in self.likely.values())

    @property
    def likely_answer(self) -> str:
        """What the button sends that accepts all likely suggestions: exactly those that are shown."""
        return BETWEEN_ANSWERS.join(answer_of(name, *numbers) for name, numbers in self.likely.items())

    @property
    def missing(self) -> int:
        """How many accounts the statements still need a category for."""
        remembered = sum(row.account.in_use for row in self.remembered)
        return remembered + len(self.singles) + sum(len(group.rows) for group in self.groups)


def answer_of(category: str, *numbers: str) -> str:
    """An answer in one text, for a button: neither a category nor an account number has a tab in it."""
    return BETWEEN.join([category, *numbers])


def answer_in(text: str) -> tuple[str, list[str]]:
    """The category and the account numbers of a button's text."""
    category, *numbers = text.split(BETWEEN)
    return category, numbers


def answers_in(text: str) -> dict[str, str]:
    """The category of each account number in a button's text that has several answers."""
    answers = [answer_in(part) for part in text.split(BETWEEN_ANSWERS) if part]
    return {number: category for category, numbers in answers for number in numbers}


def worth_showing(suggestions: Sequence[Suggestion]) -> tuple[Suggestion, ...]:
    """The best ones that are more than guesses; where there is nothing but guesses, the first of them."""
    founded = tuple(each for each in suggestions if each.confidence > Confidence.LOW)
    return founded[:MOST_SUGGESTIONS] or tuple(suggestions[:MOST_GUESSES])


def questions_of(fields: Sequence[tuple[Account, BoundField]], queue: Queue) -> Questions:
    """The accounts with their fields, in the order of the queue."""
    by_number = {account.number: (account, field) for account, field in fields}

    def row(number: str) -> Row:
        account, field = by_number[number]
        suggested = queue.suggestions.get(number)
        return Row(account, field, worth_showing(suggested) if suggested else ())

    together = [each for each in queue.decisions if len(each.accounts) > 1]
    alone = by_money((each.accounts[0] for each in queue.decisions if len(each.accounts) == 1), queue.stakes)
    return Questions(
        groups=tuple(
            _group(each, tuple(row(account.number) for account in each.accounts)) for each in together
        ),
        singles=tuple(row(account.number) for account in alone),
        chosen=tuple(row(account.number) for account, _ in fields if account.assigned_category),
        optional=tuple(
            row(account.number)
            for account, _ in fields
            if not account.assigned_category and not account.in_use and account.number not in queue.remembered
        ),
        remembered=tuple(
            Row(account, field) for account, field in fields if account.number in queue.remembered
        ),
    )


def _group(decision: Decision, rows: tuple[Row, ...]) -> Group:
    return Group(decision.category.name, decision.confidence is Confidence.LOW, decision.amount, rows)
