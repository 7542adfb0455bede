"""Going on after somebody mended what had stopped a run."""

from django.db import transaction

from collections_app import states, tasks
from collections_app.events import Who
from collections_app.models import Collection, Run


class NothingToResume(Exception):
    """No run of the collection waits for the operator."""


@transaction.atomic
def run_resume(*, collection: Collection, by: Who) -> Run:
    """Puts the run that needed the operator back in the queue; the units that are done stay done.

    Raises NothingToResume.
    """
    run = collection.runs.filter(status=Run.Status.NEEDS_OPERATOR).order_by("-pk").first()
    if run is None:
        raise NothingToResume(f"No run of collection {collection.reference} waits for the operator.")
    run_requeue(run=run, by=by)
    return run


def run_requeue(*, run: Run, by: Who) -> None:
    """Puts a run that waited for somebody back in the queue. Raises states.MoveRefused."""
    told = {"problem": "", "problem_names": [], "problem_detail": ""}
    states.move_run(run, Run.Status.QUEUED, by=by, waits=0, waiting_since=None, retry_at=None, **told)
    run.units.filter(done_at=None).update(crashes=0)
    tasks.ring()
