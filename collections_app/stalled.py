"""Runs that should move and do not, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from collections_app import leases
from collections_app.models import Run
from collections_app.problems import PROBLEMS


@dataclass(frozen=True)
class Stalled:
    """A run, since when it stands still, one sentence on why, and what to do."""

    run: Run
    since: datetime
    why: str
    cure: str


def stalled_runs(*, patience: timedelta) -> Iterator[Stalled]:
    """Runs that wait for an operator, that nobody works on, or that wait for the gateway longer than that."""
    now = timezone.now()
    runs = Run.objects.select_related("collection__lender").order_by("created_at")
    in_hand = set(leases.in_hand(now).values_list("run_id", flat=True))
    for run in runs.filter(status__in=[*Run.LIVE, Run.Status.NEEDS_OPERATOR]):
        stalled = _stalled(run, in_hand=run.pk in in_hand, before=now - patience)
        if stalled is not None:
            yield stalled


def _stalled(run: Run, *, in_hand: bool, before: datetime) -> Stalled | None:
    reference = run.collection.reference
    why = str(PROBLEMS[run.problem].sentence) if run.problem else ""
    if run.status == Run.Status.NEEDS_OPERATOR:
        return Stalled(run, run.served_at, why, f"Mend it, then resumecollection {reference}.")
    if run.status == Run.Status.WAITING:
        since = run.waiting_since or run.served_at
        cure = f"It tries again by itself; retryrun {reference} tries at once."
        return Stalled(run, since, why, cure) if since < before else None
    since = max(run.served_at, run.created_at)
    if in_hand or since >= before:
        return None
    return Stalled(run, since, "No worker has taken it up.", "See doctor: is a worker there, and its clock?")
