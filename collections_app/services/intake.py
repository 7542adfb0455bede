"""The borrower's answers, one service per answer; the sign-in is `connecting`'s.

Pages and the `collect` command go through these same doors.
"""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from collections_app import events, links, readiness, remembering, states, systems, tasks
from collections_app.events import Who
from collections_app.models import Account, Collection, Link, Run, ScopeOption
from collections_app.services import choosing, notifying, planning, refreshing

CONSENT_VERSION = "2026-11-26"


class NotReady(Exception):
    """The collection cannot be submitted yet; `reasons` says why, one sentence each."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@transaction.atomic
def link_open(*, link: Link, by: Who) -> None:
    """Counts an opening of the link; the first one starts the collection. The caller checked its state."""
    states.lock(link.collection)
    events.record(link.collection, "link.opened", by=by, number=links.count_opening(link))
    if link.collection.status == Collection.Status.INVITED:
        states.move_collection(link.collection, Collection.Status.STARTED, by=by)
        refreshing.answers_take_over(collection=link.collection, by=by)
        notifying.opening_tell(collection=link.collection)


@transaction.atomic
def system_choose(*, collection: Collection, key: str, by: Who) -> None:
    """Raises ValidationError for a system that is not offered."""
    if key not in {system.key for system in systems.AVAILABLE}:
        raise ValidationError(gettext("Choose one of the systems on this page."))
    _answer(collection, by, "system.chosen", accounting_system=key, unlisted_system="")


@transaction.atomic
def unlisted_system_report(*, collection: Collection, name: str, by: Who) -> None:
    """Tells the lender that the borrower uses another system, so that nobody waits in vain.

    The same name once more changes nothing: a double click is one mail.
    """
    states.require_open(collection)
    if collection.unlisted_system == name.strip():
        return
    _answer(collection, by, "system.unlisted", unlisted_system=name.strip())
    notifying.unlisted_system_tell(collection=collection)


@transaction.atomic
def review_confirm(
    *,
    collection: Collection,
    by: Who,
    name: str = "",
    title: str = "",
    own_basis: str = "",
    kept_days: int | None = None,
) -> None:
    """Records the consent: which text, to how many days of keeping, when, who gave it, and who recorded it.

    `own_basis` is the book that the borrower's own statements use, `kept_days` the days that were read.
    Raises ValidationError for another book, and where the days are others by now.
    """
    if kept_days is not None and kept_days != collection.kept_days:
        raise ValidationError(
            gettext(
                "How long the reports are kept has changed since you opened this page. Read it, then agree."
            )
        )
    if own_basis and own_basis not in Collection.OwnBasis.values:
        raise ValidationError("Choose accrual, cash, or that you do not know.")
    given_by = "" if by.kind == Who.borrower().kind else by.name
    _answer(
        collection,
        by,
        "consent.given",
        told={"retention_days": collection.kept_days},
        retention_days=collection.kept_days,
        reviewed_at=timezone.now(),
        consent_version=CONSENT_VERSION,
        consent_given_by=given_by,
        consent_name=" ".join((name or given_by).split()),
        consent_title=" ".join(title.split()),
        own_basis=own_basis,
    )


@transaction.atomic
def connect_confirm(*, collection: Collection, by: Who) -> None:
    _answer(collection, by, "connection.confirmed", connect_confirmed_at=timezone.now())


@transaction.atomic
def permission_type_choose(*, collection: Collection, permission_type: str, by: Who) -> None:
    """Raises ValidationError for anything but role-based and user-based."""
    if permission_type not in Collection.PermissionType.values:
        raise ValidationError(gettext("Choose role-based or user-based permissions."))
    _answer(collection, by, "permission_type.chosen", permission_type=permission_type)


@transaction.atomic
def scope_choose(*, collection: Collection, kind: str, identifier: str, by: Who) -> Run:
    """Chooses what the reports are about, and has a worker read its chart. Raises ValidationError.

    The same choice once more changes nothing: what was read of it, or is being read, stays.
    """
    states.require_open(collection)
    examine = readiness.run_of(collection, Run.Kind.EXAMINE)
    chosen = (collection.scope_kind, collection.scope_id)
    if examine and chosen == (kind, identifier) and examine.status in (*Run.LIVE, Run.Status.DONE):
        return examine
    option = ScopeOption.objects.named(collection, kind, identifier)
    if option is None:
        raise ValidationError(gettext("Choose an entity or book from the list."))
    choosing.scope_set(collection=collection, option=option, by=by)
    return start_and_ring(collection, Run.Kind.EXAMINE, by)


@transaction.atomic
def categories_assign(*, collection: Collection, answers: Mapping[str, str], by: Who) -> int:
    """Keeps the borrower's categories by account number; an empty name takes an answer back. Returns how many
    changed.

    Nothing is written to Sage Intacct. Raises ValidationError, changing nothing, for an account that needs no
    answer and for a name that is not offered.
    """
    states.require_open(collection)
    offered = readiness.offered_categories(collection)
    accounts = {account.number: account for account in readiness.accounts_to_assign(collection)}
    remembered = remembering.categories_of_last_time(collection, accounts.values())
    problems = []
    changed: dict[Account, str] = {}
    for number, name in answers.items():
        account = accounts.get(number)
        category = offered.get(name.strip().casefold()) if name.strip() else ""
        if account is None:
            not_asked = gettext("Account %(number)s is not among the accounts that need a category.")
            problems.append(not_asked % {"number": number})
        elif category is None:
            unknown = gettext(
                "“%(name)s” is not a QuickStart category. Account %(number)s was left as it is."
            )
            problems.append(unknown % {"name": name, "number": number})
        elif account.assigned_category != category:
            changed[account] = category
    if problems:
        raise ValidationError(problems)
    for account, category in changed.items():
        account.assigned_category = category
        account.save(update_fields=["sealed"])
    if changed:
        given = [account.number for account in changed]
        as_before = [each.number for each in changed if each.assigned_category == remembered.get(each.number)]
        events.record(
            collection, "categories.assigned", by=by, accounts=given, as_last_time=as_before or None
        )
    return len(changed)


@transaction.atomic
def collection_submit(*, collection: Collection, by: Who) -> Run:
    """Starts the collection. Safe to call twice: the second call returns the run of the first.

    Raises NotReady, and AnswersClosed when it was withdrawn.
    """
    states.lock(collection)
    earlier = readiness.run_of(collection, Run.Kind.COLLECT)
    if earlier:
        return earlier
    states.require_open(collection)
    reasons = readiness.missing(collection)
    if reasons:
        raise NotReady(reasons)
    states.move_collection(collection, Collection.Status.COLLECTING, by=by, submitted_at=timezone.now())
    return start_and_ring(collection, Run.Kind.COLLECT, by)


def start_and_ring(collection: Collection, kind: str, by: Who) -> Run:
    """Plans a run and has a worker told as soon as it is committed."""
    run = planning.run_start(collection=collection, kind=kind, by=by)
    tasks.ring()
    return run


def _answer(
    collection: Collection,
    by: Who,
    action: str,
    *,
    told: Mapping[str, object] | None = None,
    **fields: object,
) -> None:
    """Stores an answer of a collection that still takes answers; `told` is what its event tells of it."""
    open_rows = Collection.objects.filter(pk=collection.pk, status=Collection.Status.STARTED)
    if not open_rows.update(**fields):
        raise states.AnswersClosed("This collection no longer takes answers.")
    collection.refresh_from_db()
    events.record(collection, action, by=by, **(told or {}))
