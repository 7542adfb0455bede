"""The worker's side: one unit of one run at a time, claimed, done once, stored whole or not at all."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from collections_app import leases, problems, states
from collections_app.events import Who
from collections_app.ledger import Ledger, open_ledger
from collections_app.models import Collection, Connection, Run, WorkUnit
from collections_app.problems import Mender, Trouble
from collections_app.services import choosing, credentials, planning, reading, reporting

logger = logging.getLogger(__name__)

MOST_CRASHES = 3
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=5)

Store = Callable[[], None]


def run_advance(*, run_id: int) -> int | None:
    """Does the next unit of the run, if the run is free and due. Returns the run that can go on at once, if
    any.

    Safe to call at any time, by anybody, as often as they like.
    """
    run = leases.claim(run_id)
    if run is None:
        return None
    try:
        return _advance(run)
    except leases.LeaseLost:
        logger.info("Run %s was taken over or cancelled; its unit was dropped.", run_id)
        return None


def _advance(run: Run) -> int | None:
    if run.crashes >= MOST_CRASHES:
        _stop(run, Trouble(problems.OUR_FAULT, f"the worker died {run.crashes} times in the same unit"))
        return None
    unit = run.units.filter(done_at=None).first()
    if unit is None:
        return _finish(run)
    try:
        with leases.heartbeat(run):
            store = _perform(run, unit)
        _store(run, unit, store)
    except Trouble as trouble:
        _stop(run, trouble)
        return None
    except leases.LeaseLost:
        raise
    except Exception:
        logger.exception("Run %s failed in unit %s.", run.pk, unit)
        _stop(run, Trouble(problems.OUR_FAULT, f"unit {unit.position}, see the log"))
        return None
    if run.units.filter(done_at=None).exists():
        leases.release(run)
        return run.pk
    return _finish(run)


def _perform(run: Run, unit: WorkUnit) -> Store:
    """Does the slow part of a unit and returns what will store its result."""
    if unit.kind == WorkUnit.Kind.REPORTS:
        return reporting.reports_prepare(run.collection, unit)
    connection = Connection.objects.get(collection=run.collection)
    with open_ledger(credentials.credentials_open(connection=connection)) as ledger:
        store = _read(ledger, run.collection, unit)
        credentials.session_keep(connection=connection, session=ledger.session)
    return store


def _read(ledger: Ledger, collection: Collection, unit: WorkUnit) -> Store:
    readers = {
        WorkUnit.Kind.COMPANY: reading.company_read,
        WorkUnit.Kind.CHART: reading.chart_read,
        WorkUnit.Kind.PERIOD_BALANCE: reading.period_balance_read,
        WorkUnit.Kind.TRIAL_BALANCE: reading.trial_balance_read,
    }
    return readers[WorkUnit.Kind(unit.kind)](ledger, collection, unit)


@transaction.atomic
def _store(run: Run, unit: WorkUnit, store: Store) -> None:
    """Stores the unit's rows and marks it done in one transaction, if the claim still holds."""
    leases.confirm(run)
    store()
    unit.done_at = timezone.now()
    unit.save(update_fields=["done_at", "row_count", "checksum"])
    leases.held(run).update(crashes=0, waits=0, problem="", problem_detail="")
    logger.info("Run %s: unit %s (%s) is done, %s rows.", run.pk, unit.position, unit, unit.row_count)


def _stop(run: Run, trouble: Trouble) -> None:
    """Sorts a failure once: wait and try again, ask the borrower, or ask the operator."""
    problem = trouble.problem
    told: dict[str, Any] = {
        "problem": problem.name,
        "problem_detail": trouble.detail,
        "lease_until": None,
        "lease_owner": "",
    }
    try:
        if problem.mender is Mender.LATER:
            growing = min(FIRST_WAIT * 2 ** min(run.waits, 10), LONGEST_WAIT)
            wait = max(growing, trouble.retry_after)
            told |= {"retry_at": timezone.now() + wait, "waits": run.waits + 1}
            states.move_run(run, Run.Status.WAITING, by=Who.worker(), fence=run.fence, **told)
        elif problem.mender is Mender.BORROWER:
            _ask_the_borrower(run, told)
        else:
            logger.error("Run %s needs the operator: %s", run.pk, trouble)
            states.move_run(run, Run.Status.NEEDS_OPERATOR, by=Who.worker(), fence=run.fence, **told)
    except states.MoveRefused:
        raise leases.LeaseLost(f"Run {run.pk} is no longer ours.") from None


@transaction.atomic
def _ask_the_borrower(run: Run, told: dict[str, Any]) -> None:
    """Pauses the run. Its password is of no more use: the borrower signs in again to go on."""
    by = Who.worker()
    states.move_run(run, Run.Status.NEEDS_BORROWER, by=by, fence=run.fence, **told)
    credentials.credentials_destroy(collection=run.collection, by=by, why="to be typed again")


@transaction.atomic
def _finish(run: Run) -> int | None:
    """All units are done: the run ends, and with the last run the password.

    Returns the run that follows, if any.
    """
    by = Who.worker()
    try:
        states.move_run(
            run, Run.Status.DONE, by=by, fence=run.fence, lease_until=None, lease_owner="", problem=""
        )
    except states.MoveRefused:
        raise leases.LeaseLost(f"Run {run.pk} is no longer ours.") from None
    collection = run.collection
    if run.kind == Run.Kind.COLLECT:
        states.move_collection(collection, Collection.Status.SUBMITTED, by=by)
        credentials.credentials_destroy(collection=collection, by=by, why="collected")
    if run.kind == Run.Kind.VERIFY and choosing.scope_settle(collection=collection, by=by):
        return planning.run_start(collection=collection, kind=Run.Kind.EXAMINE, by=by).pk
    return None
