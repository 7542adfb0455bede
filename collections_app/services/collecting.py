"""The worker's side: one unit at a time, claimed, done once, stored whole or not at all."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from collections_app import leases, problems, states, tallies, tracing
from collections_app import ledger as border
from collections_app.events import Who
from collections_app.leases import Hold
from collections_app.ledger import Ledger
from collections_app.models import Collection, Connection, KeptExchange, Run, WorkUnit
from collections_app.problems import Mender, Trouble
from collections_app.services import (
    choosing,
    credentials,
    gathering,
    notifying,
    planning,
    reading,
    rebuilding,
    reporting,
    setting_up,
    surveying,
)
from collections_app.storage_outages import StorageAway

logger = logging.getLogger(__name__)

MOST_CRASHES = 3
MOST_EXCHANGES = 20
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=5)

Store = Callable[[], None]

READERS: dict[str, Callable[[Ledger, Hold], Store]] = {
    WorkUnit.Kind.COMPANY: reading.company_read,
    WorkUnit.Kind.CHART: reading.chart_read,
    WorkUnit.Kind.PERIOD_BALANCE: reading.period_balance_read,
    WorkUnit.Kind.SURVEY: surveying.survey_read,
    WorkUnit.Kind.TRIAL_BALANCE: reading.trial_balance_read,
    WorkUnit.Kind.TABLE: gathering.table_read,
}


def unit_advance(*, run_id: int | None = None) -> int:
    """Does the unit that is next in turn, of that run or of any. Returns how often to ring for what is next.

    That is 0 when there was nothing to do, 1 after a unit, and more when its stage ended with it: workers
    that found the stage's last unit in hand have stopped ringing. Safe to call at any time, by anybody, as
    often as they like.
    """
    hold = leases.claim(run_id)
    if hold is None:
        return 0
    with tracing.following(hold.run.trace):
        try:
            _advance(hold)
        except leases.LeaseLost:
            leases.release(hold)
            logger.info("Unit %s was taken over or cancelled; its work was dropped.", hold.unit.pk)
    tallies.flush()
    return len(leases.PLACES) if hold.ended_stage else 1


def _advance(hold: Hold) -> None:
    if hold.unit.crashes >= MOST_CRASHES:
        died = f"the worker died {hold.unit.crashes} times in unit {hold.unit}"
        _stop(hold, Trouble(problems.OUR_FAULT, died))
        return
    try:
        with leases.heartbeat(hold):
            store = _perform(hold)
        _store(hold, store)
    except Trouble as trouble:
        _stop(hold, trouble)
    except leases.LeaseLost:
        raise
    except (OperationalError, InterfaceError, StorageAway) as error:
        _put_off(hold, error)
    except Exception:
        logger.exception("Run %s failed in unit %s.", hold.run.pk, hold.unit)
        _stop(hold, Trouble(problems.OUR_FAULT, f"unit {hold.unit.position}, see the log"))


def _perform(hold: Hold) -> Store:
    """Does the slow part of a unit and returns what will store its result."""
    if hold.run.kind == Run.Kind.REBUILD:
        return reporting.reports_prepare_again(hold.run, hold.unit)
    if not hold.unit.asks_gateway:
        return reporting.reports_prepare(hold.run.collection, hold.unit, hold.run.terms)
    saved = Connection.objects.get(collection=hold.run.collection)
    sign_in = credentials.credentials_open(connection=saved)
    with border.open_ledger(sign_in, gate=leases.UnitGate(hold)) as ledger:
        store = READERS[hold.unit.kind](ledger, hold)
        credentials.session_keep(connection=saved, session=ledger.session)
    return store


@transaction.atomic
def _store(hold: Hold, store: Store) -> None:
    """Stores the unit's rows and marks it done in one transaction, if the claim still holds.

    The last unit ends the run in the same transaction: nobody would ring for a run without a unit to do.
    """
    leases.confirm(hold)
    store()
    unit = hold.unit
    unit.done_at = timezone.now()
    unit.rows_read = unit.row_count or 0
    unit.lease_owner, unit.lease_until, unit.place = "", None, None
    unit.save(
        update_fields=[
            "done_at",
            "row_count",
            "rows_read",
            "checksum",
            "lease_owner",
            "lease_until",
            "place",
        ]
    )
    waiting = Run.objects.filter(pk=unit.run_id, status__in=Run.LIVE)
    waiting.update(waits=0, waiting_since=None, problem="", problem_names=[], problem_detail="")
    logger.info("Run %s: unit %s (%s) is done, %s rows.", unit.run_id, unit.position, unit, unit.row_count)
    stages_left = hold.run.units.filter(done_at=None).order_by("stage").values_list("stage", flat=True)
    next_stage = stages_left.first()
    if next_stage is None:
        _end(hold.run)
    else:
        hold.ended_stage = next_stage > unit.stage


def _put_off(hold: Hold, error: DatabaseError | InterfaceError | StorageAway) -> None:
    """The database was away, locked or full in the middle of a unit, or the storage of files was away.

    The unit is tried again later.
    """
    connection.close_if_unusable_or_obsolete()
    try:
        _stop(
            hold,
            Trouble(problems.STORAGE_UNAVAILABLE, f"{type(error).__name__} in unit {hold.unit.position}"),
        )
    except (OperationalError, InterfaceError):
        logger.warning(
            "The database does not answer; unit %s is begun again when its lease has run out.", hold.unit.pk
        )


def _stop(hold: Hold, trouble: Trouble) -> None:
    """Sorts a failure once: wait and try again, ask the borrower, or ask the operator.

    Another unit of the run may be under way; what it finishes is kept.
    """
    try:
        with transaction.atomic():
            leases.confirm(hold)
            leases.release(hold)
            hold.run.refresh_from_db()
            _sort(hold.run, trouble)
    except states.MoveRefused:
        # The run's other unit met a trouble that weighs more.
        logger.info("Run %s stands still already; then came: %s", hold.run.pk, trouble)


def _sort(run: Run, trouble: Trouble) -> None:
    problem, by = trouble.problem, Who.worker()
    told: dict[str, Any] = {
        "problem": problem.name,
        "problem_names": list(trouble.names),
        "problem_detail": trouble.detail,
    }
    if problem.mender is Mender.LATER:
        growing = min(FIRST_WAIT * 2 ** min(run.waits, 10), LONGEST_WAIT)
        wait = min(max(growing, trouble.retry_after), leases.LONGEST_WAIT)
        now = timezone.now()
        told |= {
            "retry_at": now + wait,
            "waits": run.waits + 1,
            "waiting_since": run.waiting_since or now,
        }
        states.move_run(run, Run.Status.WAITING, by=by, **told)
    elif problem.mender is Mender.BORROWER:
        _ask_the_borrower(run, trouble, told)
    else:
        logger.error("Run %s needs the operator: %s", run.pk, trouble)
        states.move_run(run, Run.Status.NEEDS_OPERATOR, by=by, **told)
        _keep_exchange(run, trouble)
        notifying.operator_tell(run=run)


def _keep_exchange(run: Run, trouble: Trouble) -> None:
    """Keeps what support needs to see, and of each collection no more than it can look through."""
    if trouble.exchange is None:
        return
    request, reply = trouble.exchange
    kept = {"problem": trouble.problem.name, "detail": trouble.detail, "request": request, "reply": reply}
    KeptExchange.holding(collection=run.collection, **kept).save()
    newest = run.collection.exchanges.values_list("pk", flat=True)[:MOST_EXCHANGES]
    run.collection.exchanges.exclude(pk__in=list(newest)).delete()


def _ask_the_borrower(run: Run, trouble: Trouble, told: dict[str, Any]) -> None:
    """Pauses the run. A password that is of no more use is destroyed: the borrower signs in again."""
    by = Who.worker()
    states.move_run(run, Run.Status.NEEDS_BORROWER, by=by, **told)
    if trouble.problem.needs_sign_in:
        credentials.credentials_destroy(collection=run.collection, by=by, why="to be typed again")
    if run.kind == Run.Kind.COLLECT:
        notifying.borrower_ask(run=run)


def _end(run: Run) -> None:
    """Ends the run, and with the last run the password; begins what follows."""
    by = Who.worker()
    states.move_run(run, Run.Status.DONE, by=by, problem="", retry_at=None)
    collection = run.collection
    if run.kind == Run.Kind.COLLECT:
        _hand_over(collection, by)
    if run.kind == Run.Kind.REBUILD:
        rebuilding.rebuild_announce(run=run)
    if run.kind == Run.Kind.VERIFY:
        setting_up.sign_in_accepted(collection=collection)
    if run.kind == Run.Kind.VERIFY and choosing.scope_settle(collection=collection, by=by):
        planning.run_start(collection=collection, kind=Run.Kind.EXAMINE, by=by)


def _hand_over(collection: Collection, by: Who) -> None:
    """The lender gets what was collected, or the borrower looks at it first; the password goes either way."""
    if not collection.previews:
        states.move_collection(collection, Collection.Status.SUBMITTED, by=by, shared_at=timezone.now())
    credentials.credentials_destroy(collection=collection, by=by, why="collected")
    if collection.previews:
        notifying.preview_offer(collection=collection)
    else:
        notifying.completion_tell(collection=collection)
