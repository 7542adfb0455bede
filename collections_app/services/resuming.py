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
    states.move_run(run, Run.Status.QUEUED, by=by, problem="", problem_detail="", crashes=0, waits=0)
    tasks.ring(run.pk)
    return run
