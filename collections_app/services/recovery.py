"""Finds what stands still and moves it on, so that no killed worker strands a borrower."""

import os
import socket
from datetime import timedelta

from django.utils import timezone

from collections_app import leases, rate_limit
from collections_app.models import Run, WorkerPulse

# A ring may be under way for a run that was queued a moment ago; ringing twice is harmless but idle.
PATIENCE = timedelta(seconds=3)


def runs_to_ring() -> list[int]:
    """The ids of runs that are due and that nobody works on. Also the worker's sign of life."""
    pulse_record()
    rate_limit.forget_old_counts()
    _release_leases_of_dead_processes()
    now = timezone.now()
    due = Run.objects.filter(leases.claimable(now), created_at__lt=now - PATIENCE)
    return list(due.order_by("pk").values_list("pk", flat=True))


def pulse_record() -> None:
    WorkerPulse.objects.update_or_create(name=socket.gethostname(), defaults={"seen_at": timezone.now()})


def worker_alive(within: timedelta) -> bool:
    """Whether any worker gave a sign of life within that time."""
    return WorkerPulse.objects.filter(seen_at__gte=timezone.now() - within).exists()


def _release_leases_of_dead_processes() -> None:
    """Ends the leases of this machine's processes that are gone, instead of waiting for their time."""
    host = socket.gethostname()
    held = Run.objects.filter(status=Run.Status.RUNNING, lease_until__gt=timezone.now())
    for run in held.filter(lease_owner__startswith=f"{host}:"):
        if not _process_exists(int(run.lease_owner.rpartition(":")[2])):
            leases.held(run).update(lease_until=timezone.now())


def _process_exists(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
