"""What is known about the accounts that need a category: suggestions, and how much money hangs on each.

Nothing here assigns anything. Earlier answers are those of the same company to the same lender; what was
answered to another lender is never looked at.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from collections_app import readiness, remembering
from collections_app.books import account_figure
from collections_app.data_keys import KeyUnavailable
from collections_app.models import Account, Collection
from collections_app.reports import assignment_queue, suggestions
from collections_app.reports.assignment_queue import Decision, Stake
from collections_app.reports.categories import find
from collections_app.reports.figures import MonthlyTrialBalance, TrialBalanceRow
from collections_app.reports.suggestions import EarlierAnswer, Suggestion

# Each collection looked at means a whole chart to decrypt; what was answered before these is worth little.
EARLIER_COLLECTIONS = 3


@dataclass(frozen=True)
class Queue:
    """The accounts that are in use and wait for a category, and what may be said about each.

    `decisions` are those accounts in as few groups as answers are needed. `suggestions` and `stakes` are by
    account number; accounts that are not in use have suggestions too. `remembered` are the categories of last
    time, where the request refreshes an earlier one: those accounts are in no decision.
    """

    decisions: tuple[Decision, ...]
    suggestions: Mapping[str, Sequence[Suggestion]]
    stakes: Mapping[str, Stake]
    remembered: Mapping[str, str] = field(default_factory=dict)


def queue_of(collection: Collection) -> Queue:
    """The accounts of the collection that wait for a category, as they stand now."""
    stored = readiness.chart_of(collection)
    chart = [account_figure(account) for account in stored]
    waiting = [account_figure(account) for account in stored if readiness.needs_category(account)]
    in_use = {account.number for account in stored if account.in_use}
    found = suggestions.suggest_all(waiting, chart, earlier_answers(collection))
    stakes = assignment_queue.stakes(chart, [_whole_period(collection, stored)])
    remembered = remembering.categories_of_last_time(collection, stored)
    asked = [each for each in waiting if each.number in in_use and each.number not in remembered]
    return Queue(assignment_queue.decisions(asked, found, stakes), found, stakes, remembered)


def _whole_period(collection: Collection, accounts: Iterable[Account]) -> MonthlyTrialBalance:
    """The one trial balance that is there before the collection: of the whole period, without months."""
    rows = tuple(
        TrialBalanceRow(
            account.number, account.opening, account.debits, account.credits, closing=account.closing
        )
        for account in accounts
    )
    return MonthlyTrialBalance(start=collection.date_from, end=collection.date_to, rows=rows)


def earlier_answers(collection: Collection) -> tuple[EarlierAnswer, ...]:
    """What this company answered to this lender before, the oldest first, and what the lender's own template
    said about single accounts of it then.

    Only a company whose sign-in was accepted is known to be the same one.
    """
    connection = readiness.connection_of(collection)
    if connection is None or not connection.company_key or not connection.verified_at:
        return ()
    earlier = (
        Collection.objects.filter(
            lender=collection.lender_id,
            connection__company_key=connection.company_key,
            connection__verified_at__isnull=False,
            submitted_at__isnull=False,
        )
        .exclude(pk=collection.pk)
        .exclude(status=Collection.Status.WITHDRAWN)
        .select_related("mapping")
        .order_by("-submitted_at")[:EARLIER_COLLECTIONS]
    )
    return tuple(answer for each in reversed(earlier) for answer in _answers_in(each))


def _answers_in(collection: Collection) -> list[EarlierAnswer]:
    """The answers of one collection; none when it was erased."""
    try:
        accounts = list(collection.accounts.all())
        given = [
            EarlierAnswer(account.number, account.title, account.assigned_category, "borrower")
            for account in accounts
            if account.assigned_category
        ]
    except KeyUnavailable:
        return []
    return [*given, *_said_by_template(collection, accounts)]


def _said_by_template(collection: Collection, accounts: Iterable[Account]) -> Iterator[EarlierAnswer]:
    """A template puts an account on a line; that says a category only where the line has just one."""
    if collection.mapping is None:
        return
    lines: dict[str, str] = {}
    names: dict[str, list[str]] = {}
    for mapping in collection.mapping.layout.mappings:
        lines |= dict.fromkeys(mapping.accounts, mapping.line)
        names.setdefault(mapping.line, []).extend(mapping.categories)
    for account in accounts:
        on_line = names.get(lines.get(account.number, ""), [])
        if len(on_line) == 1 and find(on_line[0]):
            yield EarlierAnswer(account.number, account.title, on_line[0], "lender")
