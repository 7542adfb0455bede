"""Where a run stands, from its rows alone: what is done, what is in hand, what remains and how long it may
take.

The query is written out: every borrower who waits asks for it every few seconds, and putting it together anew
takes longer than its answer.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from statistics import fmean
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from collections_app import leases
from collections_app.models import Run

# Before so much is done, a pace says nothing about the rest.
FEWEST_UNITS = 5
QUERY = """
SELECT position, kind, subject, start, done_at IS NOT NULL, done_at IS NULL AND lease_until >= %s,
       CASE WHEN done_at IS NULL THEN rows_read ELSE row_count END, started_at, done_at
  FROM collections_app_workunit
 WHERE run_id = %s
 ORDER BY position
"""


class Unit(NamedTuple):
    """What a unit comes to now. `rows` were read so far; `seconds` it took, None until it is done."""

    position: int
    kind: str
    subject: str = ""
    start: date | None = None
    is_done: bool = False
    is_held: bool = False
    rows: int = 0
    seconds: float | None = None


@dataclass(frozen=True)
class Progress:
    """Units done of units planned, rows read so far, and the units that are being worked on.

    While `is_running` is false, nothing is said of the time that remains.
    """

    units: tuple[Unit, ...]
    is_running: bool = False

    @property
    def planned(self) -> int:
        return len(self.units)

    @cached_property
    def done(self) -> int:
        return sum(unit.is_done for unit in self.units)

    @property
    def rows(self) -> int:
        """Rows read so far."""
        return sum(unit.rows for unit in self.units)

    @property
    def percent(self) -> int:
        """Whole percent of the units; 100 only when all are done."""
        return self.done * 100 // self.planned if self.planned else 0

    @cached_property
    def current(self) -> Unit | None:
        """The unit to name as what happens now: the one in hand that comes last, else the next one.

        None when all are done.
        """
        held = [unit for unit in self.units if unit.is_held]
        return held[-1] if held else next((unit for unit in self.units if not unit.is_done), None)

    @property
    def remaining(self) -> timedelta | None:
        """An estimate from this run's own pace; None while it is not known or the run does not move.

        What units of the same table took, for each that is left; as many at a time as are in hand.
        """
        left = [unit for unit in self.units if not unit.is_done]
        took: dict[tuple[str, str], list[float]] = defaultdict(list)
        for unit in self.units:
            if unit.seconds is not None:
                took[unit.kind, unit.subject].append(unit.seconds)
        timed = [second for seconds in took.values() for second in seconds]
        if not self.is_running or len(timed) < FEWEST_UNITS or not left:
            return None
        usual = fmean(timed)
        means = {table: fmean(seconds) for table, seconds in took.items()}
        total = sum(means.get((unit.kind, unit.subject), usual) for unit in left)
        at_a_time = min(max(1, sum(unit.is_held for unit in left)), len(leases.PLACES))
        return timedelta(seconds=total / at_a_time)


def progress_of(run: Run) -> Progress:
    """The run's progress as stored at this moment."""
    return read(run.pk, is_running=run.status == Run.Status.RUNNING)


def read(run_id: int | None, *, is_running: bool) -> Progress:
    """The progress of the run with this number."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(QUERY, [now, run_id])
        return Progress(tuple(map(_unit, cursor.fetchall())), is_running)


def _unit(row: tuple[Any, ...]) -> Unit:
    position, kind, subject, start, is_done, is_held, rows, started_at, done_at = row
    seconds = (done_at - started_at).total_seconds() if done_at and started_at else None
    return Unit(position, kind, subject, start, bool(is_done), bool(is_held), rows or 0, seconds)
