"""Who may work on a run: a lease with an end, kept alive by a heartbeat, fenced by a number.

A worker claims a run by one guarded update. While it works, a thread moves the end of the lease on; when the
worker dies, the lease runs out and another may claim the run. Every write of a worker is guarded by its fence
number.
"""

import logging
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Case, F, PositiveSmallIntegerField, Q, QuerySet, When
from django.utils import timezone

from collections_app import states
from collections_app.events import Who
from collections_app.models import Run

logger = logging.getLogger(__name__)


class LeaseLost(Exception):
    """Somebody else holds the run now, or it was cancelled: stop, and write nothing."""


def claimable(now: datetime) -> Q:
    """Runs that nobody works on and whose time has come."""
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    due = Q(status__in=[Run.Status.QUEUED, Run.Status.RUNNING]) | Q(
        status=Run.Status.WAITING, retry_at__lte=now
    )
    return free & due


def claim(run_id: int) -> Run | None:
    """The run, if it is free and due; None otherwise.

    A lease that had run out counts as a crash of its holder.
    """
    now = timezone.now()
    crashed = When(lease_until__lt=now, then=F("crashes") + 1)
    claimed = Run.objects.filter(claimable(now), pk=run_id).update(
        lease_owner=f"{socket.gethostname()}:{os.getpid()}",
        crashes=Case(crashed, default=F("crashes"), output_field=PositiveSmallIntegerField()),
        lease_until=now + timedelta(seconds=settings.RUN_LEASE_SECONDS),
        fence=F("fence") + 1,
    )
    if not claimed:
        return None
    run = Run.objects.select_related("collection__lender").get(pk=run_id)
    if run.status != Run.Status.RUNNING:
        try:
            states.move_run(run, Run.Status.RUNNING, by=Who.worker(), fence=run.fence, retry_at=None)
        except states.MoveRefused:
            return None
    return run


def held(run: Run) -> QuerySet[Run]:
    """The run's row as long as this claim of it holds."""
    return Run.objects.filter(pk=run.pk, fence=run.fence, status=Run.Status.RUNNING)


def confirm(run: Run) -> None:
    """Inside a transaction: makes sure that the claim still holds until the commit. Raises LeaseLost."""
    if not extend(run):
        raise LeaseLost(f"Run {run.pk} is no longer ours.")


def extend(run: Run) -> bool:
    lease_until = timezone.now() + timedelta(seconds=settings.RUN_LEASE_SECONDS)
    return bool(held(run).update(lease_until=lease_until))


def release(run: Run) -> None:
    """Lets go of the run between two units, so that whoever hears the next ring may go on."""
    held(run).update(lease_until=None, lease_owner="")


@contextmanager
def heartbeat(run: Run) -> Iterator[None]:
    """Keeps the lease alive from a thread while the block works."""
    stopped = threading.Event()
    name = f"heartbeat of run {run.pk}"
    thread = threading.Thread(target=_beat, args=(run, stopped), name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def _beat(run: Run, stopped: threading.Event) -> None:
    """Beats until told to stop or until the claim is lost; three beats fit into a lease."""
    try:
        while not stopped.wait(settings.RUN_LEASE_SECONDS / 3):
            try:
                if not extend(run):
                    return
            except DatabaseError as error:
                # One beat was missed, and the connection may be dead: the next one opens another.
                logger.warning("A heartbeat of run %s failed (%s).", run.pk, type(error).__name__)
                connection.close()
    finally:
        connection.close()
