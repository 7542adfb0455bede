"""Who may work on a unit: a lease with an end, kept alive by a heartbeat, fenced by a number.

A worker claims a unit by one guarded update. While it works, a thread moves the end of the lease on; when the
worker dies, the lease runs out and another may claim the unit. Every write of a worker is guarded by the
unit's fence number.

A unit that asks the gateway is claimed together with one of its company's two places. A place is a column
with a unique constraint, so the database itself keeps a third request from any company, over all workers
and machines.
"""

import logging
import os
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Case, F, PositiveSmallIntegerField, Q, QuerySet, When
from django.utils import timezone

from collections_app import pulse, states, tallies, tracing
from collections_app.events import Who
from collections_app.models import Run, WorkUnit

logger = logging.getLogger(__name__)

# Sage Intacct works on few requests of a company at a time and makes the rest wait, the borrower's own too.
PLACES = (1, 2)
# The borrower cannot go on before these are done, and they are short.
SAT_IN_FRONT_OF = frozenset({Run.Kind.VERIFY, Run.Kind.EXAMINE})
# No wait that we ever set is longer, so a later time was set by a clock that has been put back since.
LONGEST_WAIT = timedelta(minutes=15)


class LeaseLost(Exception):
    """Somebody else holds the unit now, or its run was cancelled: stop, and write nothing."""


class Hold:
    """A claimed unit in the hands of this worker. `count` tells of rows while they are read.

    `ended_stage` is set when the unit is done and was the last of its stage.
    """

    def __init__(self, unit: WorkUnit) -> None:
        self.unit = unit
        self.rows = 0
        self.ended_stage = False
        self._lost = threading.Event()

    @property
    def run(self) -> Run:
        return self.unit.run

    def count(self, rows: int = 1) -> None:
        self.rows += rows

    def lose(self) -> None:
        self._lost.set()

    def check(self) -> None:
        """Raises LeaseLost once a heartbeat has found the claim gone."""
        if self._lost.is_set():
            raise LeaseLost(f"Unit {self.unit.pk} is no longer ours.")


def lease() -> timedelta:
    return timedelta(seconds=settings.RUN_LEASE_SECONDS)


def due(now: datetime) -> Q:
    """Runs whose time has come, with the same room for clocks that differ as in `free`."""
    come = Q(retry_at__lte=now) | Q(retry_at__gt=now + 2 * LONGEST_WAIT) | Q(retry_at=None)
    return Q(status__in=[Run.Status.QUEUED, Run.Status.RUNNING]) | (Q(status=Run.Status.WAITING) & come)


def free(now: datetime) -> Q:
    """Units that nobody holds. A lease that ends later than any can was written by a clock since put back."""
    return Q(lease_until=None) | Q(lease_until__lt=now) | Q(lease_until__gt=now + 2 * lease())


def _is_held(lease_until: datetime | None, now: datetime) -> bool:
    """What `free` asks the database, of a unit that is here."""
    return lease_until is not None and now <= lease_until <= now + 2 * lease()


def _in_runs(statuses: Iterable[str]) -> Q:
    """Units of runs in these statuses, as a condition on a column of the unit.

    A join would hide all other conditions of an update in a subquery, which PostgreSQL does not look at again
    when it has waited for another worker's update of the same unit: both workers would then hold it.
    """
    return Q(run__in=Run.objects.filter(status__in=statuses))


def in_hand(now: datetime) -> QuerySet[WorkUnit]:
    """Units that somebody holds."""
    return WorkUnit.objects.filter(done_at=None, lease_until__gte=now, lease_until__lte=now + 2 * lease())


def claim(run_id: int | None = None) -> Hold | None:
    """The unit that is to be done next, of that run or of any; None when there is none to begin.

    A run that somebody sits in front of comes before one that nobody need wait for. Among these, those who
    wait longest come first: lenders with the fewest units in hand, then runs with the fewest, then the run
    that was served the longest ago. So a large company does not keep a small one waiting.
    """
    now = timezone.now()
    for candidate in _runs_in_turn(now, run_id):
        unit = _take_next(candidate, now)
        if unit is not None:
            return _begin(unit.pk, now)
    return None


def _runs_in_turn(now: datetime, run_id: int | None) -> list[int]:
    held = list(in_hand(now).values_list("run_id", "run__collection__lender_id"))
    of_run = Counter(run for run, _ in held)
    of_lender = Counter(lender for _, lender in held)
    runs = Run.objects.filter(due(now)) if run_id is None else Run.objects.filter(due(now), pk=run_id)
    waiting = runs.order_by("served_at").values_list("pk", "collection__lender_id", "kind")

    def turn(row: tuple[int, int, str]) -> tuple[bool, int, int]:
        run, lender, kind = row
        return kind not in SAT_IN_FRONT_OF, of_lender[lender], of_run[run]

    # The sort is stable: among equals, those who were served the longest ago come first.
    return [run for run, _, _ in sorted(waiting, key=turn)]


def _take_next(run_id: int, now: datetime) -> WorkUnit | None:
    """The next unit of the run, claimed. When somebody else is quicker, the one after it is tried."""
    before: WorkUnit | None = None
    while (unit := _next_unit(run_id, now)) is not None and unit != before:
        if _take(unit, now):
            return unit
        before = unit
    return None


def _next_unit(run_id: int, now: datetime) -> WorkUnit | None:
    """The first free unit of the earliest stage that is not done."""
    undone = WorkUnit.objects.filter(run_id=run_id, done_at=None)
    first = undone.order_by("stage", "position").first()
    if first is None or not _is_held(first.lease_until, now):
        return first
    return undone.filter(free(now), stage=first.stage).order_by("position").first()


def _take(unit: WorkUnit, now: datetime) -> bool:
    """Claims the unit by one guarded update, if it is still free and a place is."""
    # A lease that had run out counts as a crash of its holder.
    crashed = When(lease_until__lt=now, then=F("crashes") + 1)
    changes = {
        "lease_owner": f"{socket.gethostname()}:{os.getpid()}",
        "lease_until": now + lease(),
        "crashes": Case(crashed, default=F("crashes"), output_field=PositiveSmallIntegerField()),
        "fence": F("fence") + 1,
        "started_at": now,
        "rows_read": 0,
    }
    rows = WorkUnit.objects.filter(free(now), _in_runs(Run.LIVE), pk=unit.pk, done_at=None)
    if not unit.asks_gateway:
        return bool(rows.update(**changes))
    for place in _free_places(unit, now):
        try:
            with transaction.atomic():
                return bool(rows.update(**changes, place=place))
        except IntegrityError:
            # Another worker took this place a moment ago.
            continue
    return False


def _free_places(unit: WorkUnit, now: datetime) -> list[int]:
    """The company's places that no live lease has; those of dead workers are taken back first."""
    placed = WorkUnit.objects.filter(company_key=unit.company_key).exclude(place=None)
    places = list(placed.values_list("place", "lease_until"))
    taken = {place for place, until in places if _is_held(until, now)}
    if len(taken) < len(places):
        placed.filter(free(now)).update(place=None)
    return [place for place in PLACES if place not in taken]


def _begin(unit_id: int, now: datetime) -> Hold | None:
    unit = WorkUnit.objects.select_related("run__collection__lender", "run__mapping").get(pk=unit_id)
    Run.objects.filter(pk=unit.run_id).update(served_at=now)
    if unit.run.status != Run.Status.RUNNING:
        try:
            states.move_run(unit.run, Run.Status.RUNNING, by=Who.worker(), retry_at=None)
        except states.MoveRefused:
            # The other unit of the run made the same move, or somebody cancelled it.
            unit.run.refresh_from_db()
            if unit.run.status != Run.Status.RUNNING:
                release(Hold(unit))
                return None
    return Hold(unit)


def held(hold: Hold) -> QuerySet[WorkUnit]:
    """The unit's row as long as this claim of it holds."""
    unit = hold.unit
    unfinished = set(Run.Status) - states.FINISHED
    return WorkUnit.objects.filter(_in_runs(unfinished), pk=unit.pk, fence=unit.fence, done_at=None)


def confirm(hold: Hold) -> None:
    """Inside a transaction: makes sure that the claim still holds until the commit. Raises LeaseLost."""
    states.hold(hold.run.collection_id)
    Run.objects.select_for_update().filter(pk=hold.unit.run_id).first()
    if not extend(hold):
        raise LeaseLost(f"Unit {hold.unit.pk} is no longer ours.")


def extend(hold: Hold) -> bool:
    """Moves the end of the lease on and tells the rows read so far."""
    return bool(held(hold).update(lease_until=timezone.now() + lease(), rows_read=hold.rows))


def release(hold: Hold) -> None:
    """Lets go of a unit that was not done, so that it can be begun again, and of its place."""
    rows = WorkUnit.objects.filter(pk=hold.unit.pk, fence=hold.unit.fence)
    rows.update(lease_until=None, lease_owner="", place=None)


@contextmanager
def heartbeat(hold: Hold) -> Iterator[None]:
    """Keeps the lease alive from a thread while the block works."""
    stopped = threading.Event()
    name = f"heartbeat of unit {hold.unit.pk}"
    thread = threading.Thread(target=_beat, args=(hold, stopped), name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def _beat(hold: Hold, stopped: threading.Event) -> None:
    """Beats until told to stop or until the claim is lost; three beats fit into a lease."""
    try:
        while not stopped.wait(min(settings.RUN_LEASE_SECONDS / 3, 5)):
            try:
                pulse.record()
                if not extend(hold):
                    hold.lose()
                    return
            except DatabaseError as error:
                # One beat was missed, and the connection may be dead: the next one opens another.
                logger.warning("A heartbeat of unit %s failed (%s).", hold.unit.pk, type(error).__name__)
                connection.close()
    finally:
        connection.close()


class UnitGate:
    """What the client asks before each request of this unit: one at a time, and only while the unit is held.

    The unit's place in its company stands for that one request, so two units of a company are two requests.
    """

    def __init__(self, hold: Hold) -> None:
        self._hold = hold
        self._turn = threading.Lock()

    @contextmanager
    def slot(self, company_id: str) -> Iterator[None]:
        """Raises LeaseLost instead of asking for a unit that is no longer ours."""
        with self._turn:
            self._hold.check()
            began, result = time.monotonic(), "ok"
            try:
                # The client may ask from a thread of its own, which knows nothing of the request's id.
                with tracing.following(self._hold.run.trace):
                    yield
            except Exception as error:
                result = type(error).__name__
                raise
            finally:
                tallies.count(tallies.GATEWAY, result, seconds=time.monotonic() - began)
