"""Finds what stands still and moves it on, so that no killed worker strands a borrower."""

import os
import socket
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from collections_app import leases, pulse, rate_limit, sign_in_tries
from collections_app.models import Run, WorkUnit

# A message is under way for work that was begun a moment ago; ringing twice is harmless but idle.
PATIENCE = timedelta(seconds=3)
MOST_RINGS = 16


def rings_needed() -> int:
    """How often to ring for runs that are due and stand still. Also the worker's sign of life."""
    pulse.record()
    rate_limit.forget_old_counts()
    sign_in_tries.forget_old_tries()
    _release_leases_of_dead_processes()
    now = timezone.now()
    # A run that was served a moment ago has a message under way: each unit that is done rings for the next.
    # A time that is still to come was written by a clock that has been put back since.
    still = Run.objects.filter(leases.due(now)).filter(
        Q(served_at__lt=now - PATIENCE) | Q(served_at__gt=now),
        Q(created_at__lt=now - PATIENCE) | Q(created_at__gt=now),
    )
    idle = still.exclude(pk__in=leases.in_hand(now).values("run_id"))
    return min(idle.count() * len(leases.PLACES), MOST_RINGS)


def worker_alive(within: timedelta) -> bool:
    """Whether any worker gave a sign of life within that time."""
    return pulse.felt(within)


def _release_leases_of_dead_processes() -> None:
    """Ends the leases of this machine's processes that are gone, instead of waiting for their time."""
    host, now = socket.gethostname(), timezone.now()
    for unit in leases.in_hand(now).filter(lease_owner__startswith=f"{host}:"):
        if not _process_exists(int(unit.lease_owner.rpartition(":")[2])):
            ended = now - timedelta(seconds=1)
            WorkUnit.objects.filter(pk=unit.pk, fence=unit.fence, done_at=None).update(lease_until=ended)


def _process_exists(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
