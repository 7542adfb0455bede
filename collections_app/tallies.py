"""Counts over all processes: gathered in each, and added to the database's now and then.

What a process had not written down when it is killed is lost: some seconds of counting.
"""

import logging
import threading
import time
from collections import defaultdict

from django.db import Error, IntegrityError, connection, transaction
from django.db.models import F

from collections_app.models import Tally

logger = logging.getLogger(__name__)

PAGES, GATEWAY = "pages", "gateway"
SECONDS_BETWEEN = 10.0


class _Gathered:
    """What this process has counted and not written down yet."""

    lock = threading.Lock()
    counts: dict[tuple[str, str], int] = defaultdict(int)
    seconds: dict[tuple[str, str], float] = defaultdict(float)
    written_at = time.monotonic()


def count(name: str, label: str, *, seconds: float = 0.0) -> None:
    """Counts one more. Touches no database."""
    with _Gathered.lock:
        _Gathered.counts[name, label] += 1
        _Gathered.seconds[name, label] += seconds


def flush(*, now: bool = False) -> None:
    """Writes the counts down, if the last time is a while ago and no open transaction would hold them."""
    if connection.in_atomic_block or not (now or _is_due()):
        return
    with _Gathered.lock:
        gathered = [(key, number, _Gathered.seconds[key]) for key, number in _Gathered.counts.items()]
        _Gathered.counts.clear()
        _Gathered.seconds.clear()
        _Gathered.written_at = time.monotonic()
    for (name, label), number, seconds in sorted(gathered):
        try:
            _add(name, label, number, seconds)
        except Error as error:
            logger.warning("Some counts could not be written down (%s).", type(error).__name__)
            return


def _is_due() -> bool:
    return bool(_Gathered.counts) and time.monotonic() - _Gathered.written_at > SECONDS_BETWEEN


def _add(name: str, label: str, number: int, seconds: float) -> None:
    rows = Tally.objects.filter(name=name, label=label[:60])
    if rows.update(count=F("count") + number, seconds=F("seconds") + seconds):
        return
    try:
        with transaction.atomic():
            Tally.objects.create(name=name, label=label[:60], count=number, seconds=seconds)
    except IntegrityError:
        # Another process made the row a moment ago.
        rows.update(count=F("count") + number, seconds=F("seconds") + seconds)
