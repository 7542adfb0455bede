"""What speaks for a category: the ledger's own marks, earlier answers, the title, the type of the account.

Each source gives its evidence with points, which only put suggestions in order, with a confidence, and with
one sentence that a person can check.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

from collections_app.reports.categories import Category, find
from collections_app.reports.figures import Account, AccountType, NormalBalance
from collections_app.reports.sentences import Sentence, gettext_noop
from collections_app.reports.title_rules import TitleMatch, title_matches
from collections_app.reports.title_words import as_spelled, words_of

Person = Literal["borrower", "lender"]


class Confidence(IntEnum):
    """How sure a suggestion is, in the grades that the rules of ``suggestions`` define."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """A category that somebody chose before, for the account of that number and title."""

    number: str
    title: str
    category: str
    given_by: Person


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for one category; ``confidence`` is what it deserves when nothing else speaks."""

    category: Category
    points: int
    confidence: Confidence
    reason: Sentence


# Far above all that titles and neighbors can add up to.
MARKED = 2000
ANSWERED_BY_READER, ANSWERED_BY_OTHER = 1000, 500
SAME_TITLE, RENAMED = 45, 25
WRONG_SIDE = -45
CATCH_ALL = 6
# Where nothing else is known: the sections' catch-all categories, with the likeliest first (practice).
USUAL: dict[tuple[AccountType, NormalBalance], tuple[str, ...]] = {
    ("balancesheet", "debit"): ("Other Current Assets", "Other Assets", "Fixed Assets"),
    ("balancesheet", "credit"): ("Other Current Liabilities", "Accrued Liabilities", "Other Liabilities"),
    ("incomestatement", "debit"): ("Other Operating Expense", "Other Expenses", "Cost of Other Revenue"),
    ("incomestatement", "credit"): ("Other Income", "Revenue - Other", "Revenue - Sales"),
}
COMMON: dict[tuple[AccountType, NormalBalance], str] = {
    ("balancesheet", "debit"): gettext_noop(
        "It is a common category of debit accounts of the balance sheet."
    ),
    ("balancesheet", "credit"): gettext_noop(
        "It is a common category of credit accounts of the balance sheet."
    ),
    ("incomestatement", "debit"): gettext_noop(
        "It is a common category of debit accounts of the income statement."
    ),
    ("incomestatement", "credit"): gettext_noop(
        "It is a common category of credit accounts of the income statement."
    ),
}
CONTROLS = {
    "receivables": ("Accounts Receivable", gettext_noop("It is the control account of the receivables.")),
    "payables": ("Accounts Payable", gettext_noop("It is the control account of the payables.")),
}
READER = "reader"
# Who chose before, by how that account was like this one.
LAST_TIME = {
    READER: gettext_noop("You chose this for %(number)s last time."),
    "borrower": gettext_noop("The borrower chose this for %(number)s last time."),
    "lender": gettext_noop("The lender chose this for %(number)s last time."),
}
RETITLED = {
    READER: gettext_noop("You chose this for %(number)s last time, when its title was “%(title)s”."),
    "borrower": gettext_noop(
        "The borrower chose this for %(number)s last time, when its title was “%(title)s”."
    ),
    "lender": gettext_noop("The lender chose this for %(number)s last time, when its title was “%(title)s”."),
}
SAME_TITLED = {
    READER: gettext_noop("You chose this for %(number)s, which has the same title."),
    "borrower": gettext_noop("The borrower chose this for %(number)s, which has the same title."),
    "lender": gettext_noop("The lender chose this for %(number)s, which has the same title."),
}
ONE_WORD = gettext_noop("Its title has the word %(word)s.")
SEVERAL_WORDS = gettext_noop("Its title has the words %(words)s and %(word)s.")
CLOSED_TO = gettext_noop("Other accounts close to it at the end of the year.")


def usable(name: str, account: Account) -> Category | None:
    """The standard category of that name, when it belongs to the account's own statement."""
    category = find(name)
    return category if category and category.statement == account.account_type else None


def from_marks(account: Account, closed_to: Collection[str]) -> Iterator[Evidence]:
    """What the ledger itself says: the account controls a subledger, or others close to it.

    ``closed_to`` are the numbers that accounts of the chart close to.
    """
    name, reason = "", ""
    if account.is_closed_to or account.number in closed_to:
        name, reason = "Retained Earnings", CLOSED_TO
    elif account.control:
        name, reason = CONTROLS[account.control]
    category = usable(name, account)
    if category:
        yield Evidence(category, MARKED, Confidence.HIGH, Sentence(reason))


def from_answers(account: Account, earlier: Iterable[EarlierAnswer], reader: Person) -> Iterator[Evidence]:
    """What was chosen before, for this account or one with the same title; a person's last word counts."""
    last = {(answer.given_by, answer.number): answer for answer in earlier}
    usables = [(answer, usable(answer.category, account)) for answer in last.values()]
    answers = [(answer, category) for answer, category in usables if category]
    for_this = {category.name for answer, category in answers if answer.number == account.number}
    for answer, category in answers:
        who = READER if answer.given_by == reader else answer.given_by
        yield from _from_answer(account, answer, category, who, is_contested=len(for_this) > 1)


def _from_answer(
    account: Account, answer: EarlierAnswer, category: Category, who: str, *, is_contested: bool
) -> Iterator[Evidence]:
    words = words_of(account.title)
    same_title = set(words_of(answer.title)) == set(words)
    if answer.number == account.number and same_title:
        points = ANSWERED_BY_READER if who == READER else ANSWERED_BY_OTHER
        confidence = Confidence.MEDIUM if is_contested else Confidence.HIGH
        yield Evidence(category, points, confidence, Sentence(LAST_TIME[who], number=answer.number))
    elif answer.number == account.number:
        reason = Sentence(RETITLED[who], number=answer.number, title=answer.title)
        yield Evidence(category, RENAMED, Confidence.LOW, reason)
    elif same_title and words:
        reason = Sentence(SAME_TITLED[who], number=answer.number)
        yield Evidence(category, SAME_TITLE, Confidence.MEDIUM, reason)


def from_title(account: Account) -> list[Evidence]:
    """What the words of the title say, less for a category whose usual side is the other one."""
    matches = title_matches(account.title, account.account_type)
    return [_title_evidence(account, match) for match in matches]


def _title_evidence(account: Account, match: TitleMatch) -> Evidence:
    rule = match.rule
    agrees = rule.category.normal_balance == account.normal_balance
    grades = {"strong": Confidence.HIGH, "ordinary": Confidence.MEDIUM, "weak": Confidence.LOW}
    confidence = grades[rule.strength] if agrees else Confidence.LOW
    quoted = [f"“{word}”" for word in as_spelled(account.title, rule.words)]
    points = match.points if agrees else match.points + WRONG_SIDE
    reason = (
        Sentence(SEVERAL_WORDS, words=", ".join(quoted[:-1]), word=quoted[-1])
        if quoted[1:]
        else Sentence(ONE_WORD, word=quoted[0])
    )
    return Evidence(rule.category, points, confidence, reason)


def from_type(account: Account) -> Iterator[Evidence]:
    """The catch-all categories of the account's statement and side, for want of anything better."""
    reason = Sentence(COMMON[account.account_type, account.normal_balance])
    for rank, name in enumerate(USUAL[account.account_type, account.normal_balance]):
        category = usable(name, account)
        if category:
            yield Evidence(category, CATCH_ALL - rank, Confidence.LOW, reason)
