"""What is still missing before a collection may be submitted.

The pages show it; the service that submits asks again.
"""

from collections_app.models import Account, Collection, Connection, Run
from collections_app.problems import PROBLEMS, Problem
from collections_app.reports import categories


def run_of(collection: Collection, kind: str) -> Run | None:
    """The newest run of that kind that was not cancelled."""
    return collection.runs.filter(kind=kind).exclude(status=Run.Status.CANCELLED).order_by("-pk").first()


def connection_of(collection: Collection) -> Connection | None:
    return Connection.objects.filter(collection=collection).first()


def borrowers_problem(collection: Collection) -> Problem | None:
    """What the borrower must mend before the newest run can go on."""
    newest = collection.runs.exclude(status=Run.Status.CANCELLED).order_by("-pk").first()
    if newest is None or newest.status != Run.Status.NEEDS_BORROWER:
        return None
    return PROBLEMS[newest.problem]


def sign_in_works(collection: Collection) -> bool:
    """Whether the sign-in was accepted, is still held, and has not failed since."""
    connection = connection_of(collection)
    return bool(
        connection
        and connection.verified_at
        and connection.secret is not None
        and borrowers_problem(collection) is None
    )


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


def offered_categories(collection: Collection) -> dict[str, str]:
    """The names on offer, by their folded spelling: the standard list and those in use here."""
    in_use = collection.accounts.exclude(category="").values_list("category", flat=True).distinct()
    offered = {name.casefold(): name for name in in_use}
    return offered | {category.name.casefold(): category.name for category in categories.STANDARD}


def needs_category(account: Account) -> bool:
    """Whether nobody has given this account a category that we know; a name unknown to us counts as none."""
    return not account.assigned_category and categories.find(account.category) is None


def accounts_to_assign(collection: Collection) -> list[Account]:
    """Accounts that came without a known category, those in use first, with the borrower's answers."""
    lacking = [account for account in collection.accounts.all() if categories.find(account.category) is None]
    return sorted(lacking, key=lambda account: (not account.in_use, -abs(account.closing), account.number))


def accounts_blocking(collection: Collection) -> list[Account]:
    """Accounts with a balance or activity in the period that still lack a known category."""
    return [account for account in collection.accounts.all() if account.in_use and needs_category(account)]


def missing(collection: Collection) -> list[str]:
    """Why the collection cannot be submitted yet, one sentence each; empty when it can."""
    reasons = []
    if not collection.reviewed_at:
        reasons.append("What will be shared has not been agreed to.")
    if not sign_in_works(collection):
        reasons.append("The sign-in to Sage Intacct has not been confirmed.")
    if not scope_chosen(collection):
        reasons.append("No entity or consolidation book has been chosen.")
    if not chart_read(collection):
        reasons.append("The chart of accounts has not been read yet.")
        return reasons
    blocking = accounts_blocking(collection)
    if blocking:
        named = ", ".join(f"{account.number} {account.title}" for account in blocking[:5])
        more = f" and {len(blocking) - 5} more" if len(blocking) > 5 else ""
        reasons.append(f"These accounts have a balance or activity and need a category: {named}{more}.")
    return reasons
