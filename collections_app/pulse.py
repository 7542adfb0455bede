"""The worker's sign of life: given by its clock, and while it works on a unit, by the unit's heartbeat.

A worker whose hands are all full for minutes takes no message of the clock, and is alive all the same.
"""

import socket
from datetime import timedelta

from django.utils import timezone

from collections_app.models import WorkerPulse


def record() -> None:
    WorkerPulse.objects.update_or_create(name=socket.gethostname(), defaults={"seen_at": timezone.now()})


def felt(within: timedelta) -> bool:
    """Whether any worker gave a sign of life within that time."""
    return WorkerPulse.objects.filter(seen_at__gte=timezone.now() - within).exists()
