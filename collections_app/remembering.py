"""What a request that refreshes an earlier one remembers of it.

Only of the same lender, and of what is still kept: nothing of a request that was withdrawn or erased. What
the company itself told, and what was answered about it, is remembered once the sign-in was accepted by the
same company. Nothing is stored here: the borrower sees it filled in, and it counts once it is sent.
"""

from collections.abc import Iterable, Mapping
from enum import Enum

from collections_app import data_keys, readiness
from collections_app.data_keys import KeyUnavailable
from collections_app.models import Account, Collection, ScopeOption
from collections_app.reports.title_words import words_of
from collections_app.vault import VaultError


class Memory(Enum):
    """What there is to remember."""

    NOTHING = "nothing"
    NOT_YET = "not yet"
    SAME_COMPANY = "same company"
    OTHER_COMPANY = "other company"


def earlier_of(collection: Collection) -> Collection | None:
    """The request that this one refreshes, as long as anything of it may be remembered."""
    earlier = collection.refreshes
    if earlier is None or earlier.lender_id != collection.lender_id:
        return None
    kept = earlier.status == Collection.Status.SUBMITTED and not data_keys.destroyed(earlier.pk)
    return earlier if kept else None


def memory_of(collection: Collection) -> Memory:
    """Whether the company is known by its sign-in, and is the one of last time."""
    earlier = earlier_of(collection)
    if earlier is None:
        return Memory.NOTHING
    before, now = readiness.connection_of(earlier), readiness.connection_of(collection)
    if before is None:
        return Memory.NOTHING
    if now is None or not now.verified_at:
        return Memory.NOT_YET
    try:
        return Memory.SAME_COMPANY if now.is_of_company_of(before) else Memory.OTHER_COMPANY
    except (KeyUnavailable, VaultError):
        return Memory.NOTHING


def scope_of_last_time(collection: Collection, options: Iterable[ScopeOption]) -> ScopeOption | None:
    """What the earlier reports were about, if it is among what is on offer now."""
    if memory_of(collection) is not Memory.SAME_COMPANY or collection.refreshes is None:
        return None
    try:
        chosen = (collection.refreshes.scope_kind, collection.refreshes.scope_id)
    except (KeyUnavailable, VaultError):
        return None
    return next((each for each in options if (each.kind, each.identifier) == chosen), None)


def categories_of_last_time(collection: Collection, accounts: Iterable[Account]) -> Mapping[str, str]:
    """By number, what the borrower chose last time for those of the accounts that still wait for a category.

    An account that has another title now may be another account: it is asked about as usual, and so is one
    whose category is not on offer any more.
    """
    if memory_of(collection) is not Memory.SAME_COMPANY or collection.refreshes is None:
        return {}
    waiting = [account for account in accounts if readiness.needs_category(account)]
    try:
        before = {account.number: account for account in collection.refreshes.accounts.all()}
        found = {
            account.number: before[account.number].assigned_category
            for account in waiting
            if account.number in before and _is_the_same(before[account.number], account)
        }
    except (KeyUnavailable, VaultError):
        return {}
    offered = readiness.offered_categories(collection) if any(found.values()) else {}
    names = {number: offered.get(name.casefold(), "") for number, name in found.items()}
    return {number: name for number, name in names.items() if name}


def _is_the_same(before: Account, now: Account) -> bool:
    same_title = words_of(before.title) == words_of(now.title)
    return same_title and before.account_type == now.account_type
