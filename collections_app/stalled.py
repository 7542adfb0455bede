"""Runs that should move and do not, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from collections_app import leases
from collections_app.models import Run
from collections_app.problems import OUR_FAULT, PAUSED, PROBLEMS, SENDER_REFUSED, UNREADABLE_ANSWER


@dataclass(frozen=True)
class Stalled:
    """A run, since when it stands still, one sentence on why, and what to do."""

    run: Run
    since: datetime
    why: str
    cure: str


# What an operator reads where the borrower is told that we have been told.
OPERATORS_WORDS = {
    SENDER_REFUSED.name: (
        "Sage Intacct refused our sender.",
        "Correct INTACCT_SENDER_ID and INTACCT_SENDER_PASSWORD, restart the workers,",
    ),
    UNREADABLE_ANSWER.name: (
        "An answer of Sage Intacct could not be read.",
        "See showexchange {reference} and the workers’ log. Mend it,",
    ),
    OUR_FAULT.name: ("Something went wrong on our side.", "See the workers’ log for the cause. Mend it,"),
}


def operators_part(run: Run) -> tuple[str, str]:
    """Why a run that needs the operator stands still, and what to do: a sentence each."""
    reference = run.collection.reference
    if run.problem == PAUSED.name:
        return "It was paused by hand.", f"resumecollection {reference} lets it go on."
    known = PROBLEMS[run.problem].sentence if run.problem else ""
    why, first = OPERATORS_WORDS.get(run.problem, (str(known), "Mend it,"))
    return why, f"{first.format(reference=reference)} then resumecollection {reference}."


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
        return Stalled(run, run.served_at, *operators_part(run))
    if run.status == Run.Status.WAITING:
        since = run.waiting_since or run.served_at
        cure = f"It tries again by itself; retryrun {reference} tries at once."
        return Stalled(run, since, why, cure) if since < before else None
    since = max(run.served_at, run.created_at)
    if in_hand or since >= before:
        return None
    return Stalled(run, since, "No worker has taken it up.", "See doctor: is a worker there, and its clock?")
