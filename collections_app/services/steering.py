"""What an operator does to a run by hand: pause it, have it tried at once, or cancel it."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from collections_app import events, problems, readiness, states, tasks
from collections_app.events import Who
from collections_app.models import Collection, Run
from collections_app.services import credentials, planning, rebuilding, resuming


class NotNow(Exception):
    """The run is not in a state in which this can be done; the message says so in one sentence."""


@transaction.atomic
def run_pause(*, collection: Collection, by: Who) -> Run:
    """No further unit is begun until somebody resumes the run; those in hand are finished and kept.

    Raises NotNow.
    """
    run = _current(collection)
    if run.status not in Run.LIVE:
        raise NotNow(f"{_name(run)} is not under way: {_standing(run)}.")
    told = {"problem": problems.PAUSED.name, "problem_names": [], "problem_detail": ""}
    _move(run, Run.Status.NEEDS_OPERATOR, by, **told, retry_at=None)
    return run


@transaction.atomic
def run_retry(*, collection: Collection, by: Who) -> Run:
    """Tries at once what waits: for the gateway, the operator, or the borrower whose password is kept.

    Raises NotNow.
    """
    run = _current(collection)
    if run.status in (Run.Status.QUEUED, Run.Status.RUNNING, Run.Status.DONE):
        raise NotNow(f"{_name(run)} waits for nothing: {_standing(run)}.")
    if run.status == Run.Status.WAITING:
        waiting = Run.objects.filter(pk=run.pk, status=Run.Status.WAITING)
        waiting.update(retry_at=timezone.now(), waits=0)
        events.record(collection, "run.retried", by=by, run=run.kind)
        tasks.ring()
        run.refresh_from_db()
        return run
    connection = readiness.connection_of(collection)
    if run.kind != Run.Kind.REBUILD and (connection is None or connection.secret is None):
        raise NotNow(
            "The borrower's password is not kept any more: only the borrower can go on, by the link."
        )
    resuming.run_requeue(run=run, by=by)
    return run


@transaction.atomic
def run_cancel(*, collection: Collection, by: Who) -> Run:
    """Ends the run for good. The borrower can sign in and begin anew; what a collection had read is deleted.

    A later run may be of another entity, and the two must never be mixed. A rebuild leaves the files as they
    were; once it has replaced some of them it cannot be cancelled, or files of two kinds would be handed out.
    Raises NotNow.
    """
    run = _current(collection)
    if run.status in states.FINISHED:
        raise NotNow(f"{_name(run)} is at its end: {_standing(run)}.")
    if run.kind == Run.Kind.REBUILD and run.units.exclude(done_at=None).exists():
        raise NotNow(
            f"{_name(run)} has replaced some files already: resume it, or have the reports rebuilt once "
            "more, which takes its place."
        )
    _move(run, Run.Status.CANCELLED, by)
    if run.kind == Run.Kind.REBUILD:
        rebuilding.rebuild_announce(run=run)
        return run
    credentials.credentials_destroy(collection=collection, by=by, why="cancelled")
    if run.kind == Run.Kind.COLLECT:
        planning.collected_forget(collection=collection)
        if collection.status == Collection.Status.COLLECTING:
            states.move_collection(collection, Collection.Status.STARTED, by=by, submitted_at=None)
    return run


@dataclass(frozen=True)
class Loss:
    """What a cancelled run takes along."""

    run: Run
    rows: int
    files: int
    password: bool


def run_cancel_rehearse(*, collection: Collection, by: Who) -> Loss:
    """What `run_cancel` would delete; nothing is changed. Raises NotNow."""
    with transaction.atomic():
        before = planning.collected_count(collection=collection)
        connection = readiness.connection_of(collection)
        held = connection is not None and connection.secret is not None
        run = run_cancel(collection=collection, by=by)
        after = planning.collected_count(collection=collection)
        transaction.set_rollback(True)
    rows, files = (was - left for was, left in zip(before, after, strict=True))
    return Loss(run, rows, files, held and run.kind != Run.Kind.REBUILD)


def _current(collection: Collection) -> Run:
    """The newest run that was not cancelled; it and its collection are locked."""
    states.lock(collection)
    runs = collection.runs.select_for_update().exclude(status=Run.Status.CANCELLED)
    run = runs.order_by("-pk").first()
    if run is None:
        raise NotNow(f"Collection {collection.reference} has no run.")
    return run


def _move(run: Run, to: str, by: Who, **fields: object) -> None:
    try:
        states.move_run(run, to, by=by, **fields)
    except states.MoveRefused:
        raise NotNow(f"{_name(run)} has moved on meanwhile. Look again with showcollection.") from None


def _name(run: Run) -> str:
    return f"The run “{run.get_kind_display()}” of {run.collection.reference}"


def _standing(run: Run) -> str:
    standing: str = run.get_status_display()
    return standing[0].lower() + standing[1:]
