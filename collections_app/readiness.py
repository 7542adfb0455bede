"""What is still missing before a collection may be submitted.

The pages show it; the service that submits asks again.
"""

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext, ngettext

from collections_app.models import Account, Collection, Connection, Run
from collections_app.problems import PROBLEMS, Problem
from collections_app.reports import categories

NAMED = 5


def run_of(collection: Collection, kind: str) -> Run | None:
    """The newest run of that kind that was not cancelled, since the lender last asked for a correction."""
    runs = collection.runs.filter(kind=kind).exclude(status=Run.Status.CANCELLED)
    if collection.returned_at:
        runs = runs.filter(created_at__gt=collection.returned_at)
    return runs.order_by("-pk").first()


def connection_of(collection: Collection) -> Connection | None:
    return Connection.objects.filter(collection=collection).first()


def borrowers_problem(collection: Collection) -> Problem | None:
    """What the borrower must mend before the newest run can go on."""
    paused = paused_run(collection)
    return PROBLEMS[paused.problem] if paused else None


def paused_run(collection: Collection) -> Run | None:
    """The newest run, when it waits for the borrower."""
    newest = collection.runs.exclude(status=Run.Status.CANCELLED).order_by("-pk").first()
    return newest if newest and newest.status == Run.Status.NEEDS_BORROWER else None


def can_try_again(collection: Collection) -> bool:
    """Whether the run waits for something that is mended in Sage Intacct, with its password still kept."""
    problem, connection = borrowers_problem(collection), connection_of(collection)
    return bool(problem and not problem.needs_sign_in and connection and connection.secret is not None)


def sign_in_works(collection: Collection) -> bool:
    """Whether the sign-in was accepted, is still held, and has not failed since."""
    connection = connection_of(collection)
    return bool(
        connection
        and connection.verified_at
        and connection.secret is not None
        and borrowers_problem(collection) is None
    )


def documents_only(collection: Collection) -> bool:
    """Whether the books are in a system that cannot be connected: documents take the reports' place."""
    return bool(collection.unlisted_system and not collection.accounting_system)


def waits_to_be_shared(collection: Collection) -> bool:
    """Whether everything is collected, and the borrower looks at it before the lender does."""
    if collection.status != Collection.Status.COLLECTING:
        return False
    collect = run_of(collection, Run.Kind.COLLECT)
    return collect is not None and collect.status == Run.Status.DONE


def connect_pressed(collection: Collection) -> bool:
    """Whether Connect was pressed, and nobody has opened the answers again since.

    `submitted_at` does not tell it: of what the lender gave back it says when it was pressed before.
    """
    return collection.status not in (Collection.Status.INVITED, Collection.Status.STARTED)


def is_being_rebuilt(collection: Collection) -> bool:
    """Whether a rebuild of the reports is not at its end: one new file after the other takes its place."""
    rebuilds = collection.runs.filter(kind=Run.Kind.REBUILD)
    return rebuilds.exclude(status__in=(Run.Status.DONE, Run.Status.CANCELLED)).exists()


def scope_chosen(collection: Collection) -> bool:
    return bool(collection.scope_kind)


def chart_read(collection: Collection) -> bool:
    """Whether the chart and the balances of the chosen scope are here."""
    examine = run_of(collection, Run.Kind.EXAMINE)
    return examine is not None and examine.status == Run.Status.DONE


def waiting_for_operator(collection: Collection) -> Problem | None:
    """The problem of the newest run, when it is ours to mend."""
    newest = collection.runs.exclude(status=Run.Status.CANCELLED).order_by("-pk").first()
    if newest is None or newest.status != Run.Status.NEEDS_OPERATOR:
        return None
    return PROBLEMS[newest.problem]


def chart_of(collection: Collection) -> list[Account]:
    """The accounts by number, read and decrypted once for as long as a page holds the collection.

    `states.lock` and every other refresh of the collection make the next call read them anew.
    """
    prefetch_related_objects([collection], "accounts")
    return sorted(collection.accounts.all(), key=lambda account: account.number)


def categories_in_use(collection: Collection) -> list[str]:
    """The names that this company's accounts have already, in alphabetical order."""
    used = {account.category for account in chart_of(collection) if account.category}
    return sorted(used, key=str.casefold)


def offered_categories(collection: Collection) -> dict[str, str]:
    """The names on offer, by their folded spelling: the standard list and those in use here."""
    offered = {name.casefold(): name for name in categories_in_use(collection)}
    return offered | {category.name.casefold(): category.name for category in categories.STANDARD}


def needs_category(account: Account) -> bool:
    """Whether nobody has given this account a category that we know; a name unknown to us counts as none."""
    return not account.assigned_category and categories.find(account.category) is None


def accounts_to_assign(collection: Collection) -> list[Account]:
    """Accounts that came without a known category, those in use first, with the borrower's answers."""
    lacking = [account for account in chart_of(collection) if categories.find(account.category) is None]
    return sorted(lacking, key=lambda account: (not account.in_use, -abs(account.closing), account.number))


def accounts_blocking(collection: Collection) -> list[Account]:
    """Accounts with a balance or activity in the period that still lack a known category."""
    return [account for account in chart_of(collection) if account.in_use and needs_category(account)]


def missing(collection: Collection) -> list[str]:
    """Why the collection cannot be submitted yet, one sentence each; empty when it can."""
    reasons = []
    if not collection.reviewed_at:
        reasons.append(gettext("What will be shared has not been agreed to."))
    if not sign_in_works(collection):
        reasons.append(gettext("The sign-in to Sage Intacct has not been confirmed."))
    if not scope_chosen(collection):
        reasons.append(gettext("No entity or consolidation book has been chosen."))
    return reasons + categories_missing(collection)


def categories_missing(collection: Collection) -> list[str]:
    """Why the accounts are not ready: not read yet, or some need a category; empty when they are."""
    if not chart_read(collection):
        return [gettext("The chart of accounts has not been read yet.")]
    blocking = accounts_blocking(collection)
    if not blocking:
        return []
    named = ", ".join(f"{account.number} {account.title}" for account in blocking[:NAMED])
    left = len(blocking) - NAMED
    if left > 0:
        more = ngettext("%(names)s and %(count)d more", "%(names)s and %(count)d more", left)
        named = more % {"names": named, "count": left}
    words = gettext("These accounts have a balance or activity and need a category: %(names)s.")
    return [words % {"names": named}]
