"""The sign-in to Sage Intacct: kept, tried, and tried again once something was mended there."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext

from collections_app import events, readiness, sign_in_tries, states
from collections_app.events import Who
from collections_app.models import Collection, Connection, Run
from collections_app.services import choosing, credentials, intake, resuming


class SignInPaused(ValidationError):
    """This user was refused twice and may not be tried before `until`."""

    def __init__(self, until: datetime, time_zone: str) -> None:
        at = formats.date_format(until.astimezone(ZoneInfo(time_zone)), "g:i A T")
        super().__init__(
            gettext(
                "Sage Intacct refused this user twice, so we do not try it again before %(time)s. Nothing "
                "was sent: Sage Intacct locks a user out after several wrong passwords."
            )
            % {"time": at}
        )
        self.until = until


@transaction.atomic
def connection_save(*, collection: Collection, company_id: str, user_id: str, password: str, by: Who) -> Run:
    """Seals the sign-in and has a worker try it; a collection that paused for it goes on where it stood.

    The same sign-in once more, while it is being tried, changes nothing: a double click is one try. One that
    waits is tried now. Raises SignInPaused for a user who was refused twice, ValidationError when a paused
    collection is signed in to another company, AnswersClosed when it is not waiting for a sign-in.
    """
    states.lock(collection)
    existing = readiness.connection_of(collection)
    paused = readiness.run_of(collection, Run.Kind.COLLECT)
    sign_in: dict[str, Any] = {"company_id": company_id, "user_id": user_id}
    verify = readiness.run_of(collection, Run.Kind.VERIFY)
    if (
        existing
        and not paused
        and verify
        and verify.status in (Run.Status.QUEUED, Run.Status.RUNNING)
        and credentials.credentials_match(connection=existing, password=password, **sign_in)
    ):
        return verify
    until = sign_in_tries.paused_until(company_id, user_id)
    if until:
        raise SignInPaused(until, collection.lender.time_zone)
    if paused and existing and existing.company_id != company_id:
        begun = gettext(
            "This collection has begun with the company %(company)s. Sign in to the same company."
        )
        raise ValidationError(begun % {"company": existing.company_id})
    if not paused:
        states.require_open(collection)
    if existing and existing.company_id != company_id:
        _forget_company(collection)
    connection, _ = Connection.objects.update_or_create(
        collection=collection,
        defaults={"saved_at": timezone.now(), **sign_in},
    )
    credentials.credentials_seal(connection=connection, password=password)
    events.record(collection, "credentials.saved", by=by, company=company_id, user=user_id)
    if not paused:
        return intake.start_and_ring(collection, Run.Kind.VERIFY, by)
    if paused.status != Run.Status.NEEDS_BORROWER:
        raise states.AnswersClosed("This collection is not waiting for a sign-in.")
    Connection.objects.filter(pk=connection.pk).update(verified_at=timezone.now())
    resuming.run_requeue(run=paused, by=by)
    return paused


@transaction.atomic
def mended_confirm(*, collection: Collection, by: Who) -> Run:
    """The borrower has done in Sage Intacct what was missing: the same sign-in is tried again, and work
    goes on.

    Raises AnswersClosed when nothing waits for the borrower, ValidationError when the password is needed
    again.
    """
    states.lock(collection)
    run = readiness.paused_run(collection)
    if run is None:
        raise states.AnswersClosed("This collection is not waiting for you.")
    connection = readiness.connection_of(collection)
    if connection is None or connection.secret is None:
        raise ValidationError(gettext("The password is not kept any more. Type it once again."))
    events.record(collection, "permissions.mended", by=by)
    resuming.run_requeue(run=run, by=by)
    return run


def _forget_company(collection: Collection) -> None:
    """Another company was named: what was chosen and read for the first one means nothing now."""
    collection.scope_options.all().delete()
    collection.accounts.all().delete()
    choosing.scope_forget(collection=collection)
    collection.refresh_from_db()
