"""Ending a request: by the lender before it is shared (see invitations), by the borrower at any time."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from collections_app import states
from collections_app.events import Who
from collections_app.models import Collection, Run
from collections_app.services import credentials, documents, notifying

LONGEST_REASON = 500


@transaction.atomic
def consent_withdraw(*, collection: Collection, by: Who, reason: str = "") -> None:
    """The borrower's side. After sharing, the lender's access through this portal ends; nothing is erased.

    The lender is told, with the reason if one is given. Raises states.MoveRefused when it was withdrawn
    already.
    """
    request_end(collection=collection, by=by, told={"reason": " ".join(reason.split())[:LONGEST_REASON]})
    notifying.withdrawal_tell(collection=collection)


@transaction.atomic
def request_end(*, collection: Collection, by: Who, **how: Any) -> None:
    """What every withdrawal does: links and run end, the password is destroyed, unshared uploads are deleted.

    `how` goes to states.move_collection, whose MoveRefused it raises.
    """
    now = timezone.now()
    states.move_collection(
        collection, Collection.Status.WITHDRAWN, by=by, withdrawn_at=now, withdrawn_by=by.kind, **how
    )
    collection.links.filter(revoked_at=None).update(revoked_at=now)
    for run in collection.runs.exclude(status__in=states.FINISHED):
        states.move_run(run, Run.Status.CANCELLED, by=by)
    credentials.credentials_destroy(collection=collection, by=by, why="withdrawn")
    if collection.shared_at is None:
        documents.documents_forget(collection=collection)
