"""The statuses, the allowed moves, and the one way to make them.

Collection   invited -> started -> collecting -> submitted        any but withdrawn -> withdrawn
                        started -> submitted                      documents alone, nothing to collect
             submitted -> started                                 the lender wants a correction
                        collecting -> started                     the operator cancelled the run
Run          queued -> running -> done
             running <-> waiting            waiting for the gateway, with the time of the next try
             running, waiting -> needs_borrower   the borrower must do something first
             queued, running, waiting, needs_borrower -> needs_operator   we must do something first
             needs_operator -> done       paused while its last unit was in hand
             needs_borrower, needs_operator -> queued
             any but done -> cancelled
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from collections_app import events
from collections_app.events import Who
from collections_app.models import Collection, Run
from collections_app.services import webhooking

C = Collection.Status
R = Run.Status

COLLECTION_MOVES: dict[str, frozenset[str]] = {
    C.STARTED: frozenset({C.INVITED, C.COLLECTING, C.SUBMITTED}),
    C.COLLECTING: frozenset({C.STARTED}),
    C.SUBMITTED: frozenset({C.COLLECTING, C.STARTED}),
    C.WITHDRAWN: frozenset({C.INVITED, C.STARTED, C.COLLECTING, C.SUBMITTED}),
}
RUN_MOVES: dict[str, frozenset[str]] = {
    R.QUEUED: frozenset({R.NEEDS_BORROWER, R.NEEDS_OPERATOR}),
    R.RUNNING: frozenset({R.QUEUED, R.WAITING}),
    R.WAITING: frozenset({R.RUNNING, R.WAITING}),
    R.NEEDS_BORROWER: frozenset({R.RUNNING, R.WAITING}),
    R.NEEDS_OPERATOR: frozenset({R.QUEUED, R.RUNNING, R.WAITING, R.NEEDS_BORROWER}),
    R.DONE: frozenset({R.RUNNING, R.NEEDS_OPERATOR}),
    R.CANCELLED: frozenset({R.QUEUED, R.RUNNING, R.WAITING, R.NEEDS_BORROWER, R.NEEDS_OPERATOR}),
}
FINISHED = frozenset({R.DONE, R.CANCELLED})


class MoveRefused(Exception):
    """The row was not in a status from which this move is allowed: somebody else was first."""


class AnswersClosed(Exception):
    """The collection is past the point where this answer can change."""


def lock(collection: Collection) -> None:
    """Takes over what is stored now, and holds it until the commit.

    The page was loaded a while ago, and another answer may be on its way.
    """
    collection.refresh_from_db(from_queryset=Collection.objects.select_for_update())


def hold(collection_id: int) -> None:
    """Holds the row of the collection until the commit, and takes nothing over as `lock` does.

    Whoever changes a run or a sign-in does this first, as pages do with `lock`: an event locks its collection
    at the commit, and in the other order the two would each wait for what the other holds.
    """
    Collection.objects.select_for_update(no_key=True).filter(pk=collection_id).values("pk").first()


def require_open(collection: Collection) -> None:
    """Locks the collection. Raises AnswersClosed unless it still takes answers."""
    lock(collection)
    if collection.status != C.STARTED:
        raise AnswersClosed("This collection no longer takes answers.")


def move_collection(
    collection: Collection,
    to: str,
    *,
    by: Who,
    never_from: str = "",
    told: Mapping[str, object] | None = None,
    action: str = "",
    announced: bool = True,
    **fields: Any,
) -> None:
    """Moves the collection by one guarded update and records the event, with what is `told` of it.

    The event is named by the status unless `action` names it. Lenders' systems are told of it, unless it is
    to be `announced` by somebody else later.

    Raises MoveRefused, also from the status that the caller may not move from.
    """
    with transaction.atomic():
        before = COLLECTION_MOVES[to] - {never_from}
        changed = Collection.objects.filter(pk=collection.pk, status__in=before)
        if not changed.update(status=to, **fields):
            raise MoveRefused(f"Collection {collection.reference} cannot become {to} from where it stands.")
        events.record(collection, action or f"collection.{to}", by=by, **(told or {}))
        if announced:
            webhooking.collection_announce(collection=collection, event=action or f"collection.{to}")
    collection.refresh_from_db()


def move_run(run: Run, to: str, *, by: Who, **fields: Any) -> None:
    """Moves the run by one guarded update and records the event.

    Raises MoveRefused when the status is not what the caller believed.
    """
    with transaction.atomic():
        hold(run.collection_id)
        rows = Run.objects.filter(pk=run.pk, status__in=RUN_MOVES[to])
        if to in FINISHED:
            fields.setdefault("finished_at", timezone.now())
        if not rows.update(status=to, **fields):
            raise MoveRefused(f"Run {run.pk} cannot become {to} from where it stands.")
        events.record(run.collection, f"run.{to}", by=by, run=run.kind, problem=fields.get("problem", ""))
    run.refresh_from_db()
