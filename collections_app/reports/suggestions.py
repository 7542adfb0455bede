"""Which category an account without one might have: ranked suggestions, each with a reason and a confidence.

Nothing is assigned here; a person decides. Only categories of the account's own statement are suggested,
because its type decides the statement (the vendor's rule). The grades:

- high: the ledger's own mark (closed to, control account), an earlier answer for this very account under the
  same title, a strong title rule whose usual side is the account's, or two different reasons of medium grade;
  in each case clearly ahead of the next category.
- medium: borrower and lender chose differently for this account; an ordinary title rule whose usual side is
  the account's; an account with the same title that has the category; at least three neighbors, all of one
  category; or a high reason with a close rival.
- low: everything else, down to the catch-all categories of the account's side.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from collections_app.reports.categories import Category
from collections_app.reports.chart_evidence import Chart
from collections_app.reports.figures import Account
from collections_app.reports.sentences import Sentence
from collections_app.reports.suggestion_evidence import (
    Confidence,
    EarlierAnswer,
    Evidence,
    Person,
    from_answers,
    from_marks,
    from_title,
    from_type,
)

__all__ = ["Chart", "Confidence", "EarlierAnswer", "Person", "Suggestion", "suggest", "suggest_all"]

MOST = 5
CLEAR_LEAD = 15


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One category for one account; ``reason`` is a sentence that a person can check.

    ``points`` put the suggestions for one account in order and mean nothing else.
    """

    category: Category
    confidence: Confidence
    reason: Sentence
    points: int


def suggest(
    account: Account,
    chart: Chart | Iterable[Account],
    earlier_answers: Iterable[EarlierAnswer] = (),
    *,
    reader: Person = "borrower",
) -> tuple[Suggestion, ...]:
    """The likeliest categories of the account, best first, at least one and at most five.

    ``chart`` is the company's accounts with the categories they have, with or without this one.
    ``earlier_answers`` are what borrower and lender chose before, the oldest first; ``reader`` is who is
    addressed as "you".
    """
    accounts = chart if isinstance(chart, Chart) else Chart(chart)
    evidence = [
        *from_marks(account, accounts.closed_to),
        *from_answers(account, earlier_answers, reader),
        *from_title(account),
        *accounts.from_neighbors(account),
        *accounts.from_similar_titles(account),
    ]
    # The catch-all categories fill up; that a category is one adds nothing to better reasons for it.
    named = {each.category.name for each in evidence}
    evidence += [each for each in from_type(account) if each.category.name not in named]
    return _ranked(evidence)


def suggest_all(
    accounts: Iterable[Account],
    chart: Iterable[Account],
    earlier_answers: Iterable[EarlierAnswer] = (),
    *,
    reader: Person = "borrower",
) -> Mapping[str, tuple[Suggestion, ...]]:
    """The suggestions for many accounts of one chart, by account number, in the order given."""
    read, answers = Chart(chart), tuple(earlier_answers)
    return {account.number: suggest(account, read, answers, reader=reader) for account in accounts}


def _ranked(evidence: Iterable[Evidence]) -> tuple[Suggestion, ...]:
    by_category: dict[str, list[Evidence]] = {}
    for each in evidence:
        by_category.setdefault(each.category.name, []).append(each)
    suggestions = [_joined(reasons) for reasons in by_category.values()]
    ranked = sorted(suggestions, key=lambda each: (-each.points, each.category.name))[:MOST]
    return _with_rivals_considered(ranked)


def _joined(reasons: Sequence[Evidence]) -> Suggestion:
    strongest = max(reasons, key=lambda each: each.points)
    confidence = max(each.confidence for each in reasons)
    if sum(each.confidence is Confidence.MEDIUM for each in reasons) > 1:
        confidence = Confidence.HIGH
    points = sum(each.points for each in reasons)
    return Suggestion(strongest.category, confidence, strongest.reason, points)


def _with_rivals_considered(ranked: Sequence[Suggestion]) -> tuple[Suggestion, ...]:
    """A close rival makes the best one less sure; what is not the best one is never highly sure."""
    considered = []
    for position, each in enumerate(ranked):
        rival = ranked[1].points if len(ranked) > 1 else 0
        is_clear = position == 0 and each.points - rival >= CLEAR_LEAD
        confidence = each.confidence if is_clear else min(each.confidence, Confidence.MEDIUM)
        considered.append(Suggestion(each.category, confidence, each.reason, each.points))
    return tuple(considered)
