"""The statuses, the allowed moves, and the one way to make them.

Collection   invited -> started -> collecting -> submitted        invited, started, collecting -> withdrawn
Run          queued -> running -> done
             running <-> waiting            waiting for the gateway, with the time of the next try
             running -> needs_borrower      the borrower must do something first
             running -> needs_operator      we must do something first
             needs_borrower, needs_operator -> queued
             any but done -> cancelled
"""

from typing import Any

from django.db import transaction
from django.utils import timezone

from collections_app import events
from collections_app.events import Who
from collections_app.models import Collection, Run

C = Collection.Status
R = Run.Status

COLLECTION_MOVES: dict[str, frozenset[str]] = {
    C.STARTED: frozenset({C.INVITED}),
    C.COLLECTING: frozenset({C.STARTED}),
    C.SUBMITTED: frozenset({C.COLLECTING}),
    C.WITHDRAWN: frozenset({C.INVITED, C.STARTED, C.COLLECTING}),
}
RUN_MOVES: dict[str, frozenset[str]] = {
    R.QUEUED: frozenset({R.NEEDS_BORROWER, R.NEEDS_OPERATOR}),
    R.RUNNING: frozenset({R.QUEUED, R.WAITING, R.RUNNING}),
    R.WAITING: frozenset({R.RUNNING}),
    R.NEEDS_BORROWER: frozenset({R.RUNNING}),
    R.NEEDS_OPERATOR: frozenset({R.RUNNING}),
    R.DONE: frozenset({R.RUNNING}),
    R.CANCELLED: frozenset({R.QUEUED, R.RUNNING, R.WAITING, R.NEEDS_BORROWER, R.NEEDS_OPERATOR}),
}
FINISHED = frozenset({R.DONE, R.CANCELLED})


class MoveRefused(Exception):
    """The row was not in a status from which this move is allowed: somebody else was first."""


def move_collection(collection: Collection, to: str, *, by: Who, **fields: Any) -> None:
    """Moves the collection by one guarded update and records the event. Raises MoveRefused."""
    with transaction.atomic():
        changed = Collection.objects.filter(pk=collection.pk, status__in=COLLECTION_MOVES[to])
        if not changed.update(status=to, **fields):
            raise MoveRefused(f"Collection {collection.reference} cannot become {to} from where it stands.")
        events.record(collection, f"collection.{to}", by=by)
    collection.refresh_from_db()


def move_run(run: Run, to: str, *, by: Who, fence: int | None = None, **fields: Any) -> None:
    """Moves the run by one guarded update and records the event; with `fence`, only for the holder of that
    claim.

    Raises MoveRefused when the status, or the fence, is not what the caller believed.
    """
    with transaction.atomic():
        rows = Run.objects.filter(pk=run.pk, status__in=RUN_MOVES[to])
        if fence is not None:
            rows = rows.filter(fence=fence)
        if to in FINISHED:
            fields.setdefault("finished_at", timezone.now())
        if not rows.update(status=to, **fields):
            raise MoveRefused(f"Run {run.pk} cannot become {to} from where it stands.")
        events.record(run.collection, f"run.{to}", by=by, run=run.kind, problem=fields.get("problem", ""))
    run.refresh_from_db()
