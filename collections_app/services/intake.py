"""The borrower's answers, one service per answer.

Pages and the `collect` command go through these same doors.
"""

from collections.abc import Mapping
from functools import partial
from smtplib import SMTPException

from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone

from collections_app import events, links, readiness, states, systems, tasks
from collections_app.events import Who
from collections_app.models import Collection, Connection, Link, Run
from collections_app.services import choosing, credentials, planning

CONSENT_VERSION = "2026-11"


class NotReady(Exception):
    """The collection cannot be submitted yet; `reasons` says why, one sentence each."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class AnswersClosed(Exception):
    """The collection is past the point where this answer can change."""


@transaction.atomic
def link_open(*, link: Link, by: Who) -> None:
    """Counts an opening of the link; the first one starts the collection. The caller checked its state."""
    _lock(link.collection)
    links.count_opening(link)
    events.record(link.collection, "link.opened", by=by)
    if link.collection.status == Collection.Status.INVITED:
        states.move_collection(link.collection, Collection.Status.STARTED, by=by)


@transaction.atomic
def system_choose(*, collection: Collection, key: str, by: Who) -> None:
    """Raises ValidationError for a system that is not offered."""
    if key not in {system.key for system in systems.AVAILABLE}:
        raise ValidationError("Choose one of the systems on this page.")
    _answer(collection, by, "system.chosen", accounting_system=key, unlisted_system="")


@transaction.atomic
def unlisted_system_report(*, collection: Collection, name: str, by: Who) -> None:
    """Tells the lender that the borrower uses another system, so that nobody waits in vain."""
    _answer(collection, by, "system.unlisted", unlisted_system=name.strip())
    transaction.on_commit(partial(_tell_lender_of_unlisted_system, collection))


@transaction.atomic
def review_confirm(*, collection: Collection, by: Who) -> None:
    """Records the consent: which text, when, and by whom if it was not the borrower on the page."""
    given_by = "" if by.kind == Who.borrower().kind else by.name
    _answer(
        collection,
        by,
        "consent.given",
        reviewed_at=timezone.now(),
        consent_version=CONSENT_VERSION,
        consent_given_by=given_by,
    )


@transaction.atomic
def connect_confirm(*, collection: Collection, by: Who) -> None:
    _answer(collection, by, "connection.confirmed", connect_confirmed_at=timezone.now())


@transaction.atomic
def permission_type_choose(*, collection: Collection, permission_type: str, by: Who) -> None:
    """Raises ValidationError for anything but role-based and user-based."""
    if permission_type not in Collection.PermissionType.values:
        raise ValidationError("Choose role-based or user-based permissions.")
    _answer(collection, by, "permission_type.chosen", permission_type=permission_type)


@transaction.atomic
def connection_save(*, collection: Collection, company_id: str, user_id: str, password: str, by: Who) -> Run:
    """Seals the sign-in and has a worker try it; a collection that paused for it goes on where it stood.

    Raises ValidationError when a paused collection is signed in to another company, AnswersClosed when it is
    not waiting for a sign-in.
    """
    _lock(collection)
    existing = readiness.connection_of(collection)
    paused = readiness.run_of(collection, Run.Kind.COLLECT)
    if paused and existing and existing.company_id != company_id:
        raise ValidationError(
            f"This collection has begun with the company {existing.company_id}. Sign in to the same company."
        )
    if not paused:
        _require_open(collection)
    if existing and existing.company_id != company_id:
        _forget_company(collection)
    connection, _ = Connection.objects.update_or_create(
        collection=collection,
        defaults={"company_id": company_id, "user_id": user_id, "saved_at": timezone.now()},
    )
    credentials.credentials_seal(connection=connection, password=password)
    events.record(collection, "credentials.saved", by=by, company=company_id, user=user_id)
    if not paused:
        return _start_and_ring(collection, Run.Kind.VERIFY, by)
    if paused.status != Run.Status.NEEDS_BORROWER:
        raise AnswersClosed("This collection is under way and needs no sign-in now.")
    Connection.objects.filter(pk=connection.pk).update(verified_at=timezone.now())
    states.move_run(paused, Run.Status.QUEUED, by=by, problem="", problem_detail="", waits=0, crashes=0)
    tasks.ring(paused.pk)
    return paused


@transaction.atomic
def scope_choose(*, collection: Collection, kind: str, identifier: str, by: Who) -> Run:
    """Chooses what the reports are about, and has a worker read its chart. Raises ValidationError."""
    _require_open(collection)
    option = collection.scope_options.filter(kind=kind, identifier=identifier).first()
    if option is None:
        raise ValidationError("Choose an entity or book from the list.")
    choosing.scope_set(collection=collection, option=option, by=by)
    return _start_and_ring(collection, Run.Kind.EXAMINE, by)


@transaction.atomic
def categories_assign(*, collection: Collection, answers: Mapping[str, str], by: Who) -> int:
    """Keeps the borrower's categories by account number; an empty name takes an answer back. Returns how many
    changed.

    Nothing is written to Sage Intacct. Raises ValidationError, changing nothing, for an account that needs no
    answer and for a name that is not offered.
    """
    _require_open(collection)
    offered = readiness.offered_categories(collection)
    accounts = {account.number: account for account in readiness.accounts_to_assign(collection)}
    problems = []
    changed = []
    for number, name in answers.items():
        account = accounts.get(number)
        category = offered.get(name.strip().casefold()) if name.strip() else ""
        if account is None:
            problems.append(f"Account {number} is not among the accounts that need a category.")
        elif category is None:
            problems.append(f"“{name}” is not a QuickStart category. Account {number} was left as it is.")
        elif account.assigned_category != category:
            account.assigned_category = category
            changed.append(account)
    if problems:
        raise ValidationError(problems)
    for account in changed:
        account.save(update_fields=["assigned_category"])
    if changed:
        events.record(
            collection, "categories.assigned", by=by, accounts=[account.number for account in changed]
        )
    return len(changed)


@transaction.atomic
def collection_submit(*, collection: Collection, by: Who) -> Run:
    """Starts the collection. Safe to call twice: the second call returns the run of the first.

    Raises NotReady, and AnswersClosed when it was withdrawn.
    """
    _lock(collection)
    earlier = readiness.run_of(collection, Run.Kind.COLLECT)
    if earlier:
        return earlier
    _require_open(collection)
    reasons = readiness.missing(collection)
    if reasons:
        raise NotReady(reasons)
    states.move_collection(collection, Collection.Status.COLLECTING, by=by, submitted_at=timezone.now())
    return _start_and_ring(collection, Run.Kind.COLLECT, by)


def _start_and_ring(collection: Collection, kind: str, by: Who) -> Run:
    run = planning.run_start(collection=collection, kind=kind, by=by)
    tasks.ring(run.pk)
    return run


def _answer(collection: Collection, by: Who, action: str, **fields: object) -> None:
    """Stores an answer of a collection that still takes answers."""
    open_rows = Collection.objects.filter(pk=collection.pk, status=Collection.Status.STARTED)
    if not open_rows.update(**fields):
        raise AnswersClosed("This collection no longer takes answers.")
    collection.refresh_from_db()
    events.record(collection, action, by=by)


def _lock(collection: Collection) -> None:
    """Takes over what is stored now, and holds it until the commit.

    The page was loaded a while ago, and another answer may be on its way.
    """
    collection.refresh_from_db(from_queryset=Collection.objects.select_for_update())


def _require_open(collection: Collection) -> None:
    _lock(collection)
    if collection.status != Collection.Status.STARTED:
        raise AnswersClosed("This collection no longer takes answers.")


def _forget_company(collection: Collection) -> None:
    """Another company was named: what was chosen and read for the first one means nothing now."""
    collection.scope_options.all().delete()
    collection.accounts.all().delete()
    Collection.objects.filter(pk=collection.pk).update(scope_kind="", scope_id="", scope_name="")
    collection.refresh_from_db()


def _tell_lender_of_unlisted_system(collection: Collection) -> None:
    if not collection.lender.contact_email:
        return
    try:
        send_mail(
            f"{collection.borrower_name} does not use a listed accounting system",
            f"{collection.borrower_name} (request {collection.reference}) reports this accounting system:\n\n"
            f"    {collection.unlisted_system}\n\nPlease agree with them how they send their reports.\n",
            None,
            [collection.lender.contact_email],
        )
    except (SMTPException, OSError) as error:
        events.record(collection, "lender.mail_failed", by=Who.worker(), why=type(error).__name__)
