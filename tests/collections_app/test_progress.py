"""Where a run stands, told from its rows alone."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from collections_app import leases
from collections_app.models import Collection, Run, WorkUnit
from collections_app.progress import progress_of
from intacct.sandbox import Sandbox
from tests.collecting import submitted, work


def test_progress_counts_units_from_their_rows(collection: Collection) -> None:
    run = Run.objects.create(collection=collection, kind=Run.Kind.COLLECT)
    for position in range(1, 4):
        WorkUnit.objects.create(
            run=run,
            position=position,
            kind=WorkUnit.Kind.TRIAL_BALANCE,
            start=date(2026, position, 1),
            done_at=timezone.now() if position < 3 else None,
            row_count=10 if position < 3 else None,
        )
    progress = progress_of(run)
    assert (progress.done, progress.planned, progress.rows, progress.percent) == (2, 3, 20, 66)
    assert progress.current
    assert progress.current.position == 3


def test_progress_is_one_hundred_at_the_end_alone_and_nothing_without_units(
    collection: Collection, gateway: Sandbox
) -> None:
    empty = progress_of(Run(pk=0))
    assert (empty.percent, empty.current, empty.rows) == (0, None, 0)
    finished = progress_of(work(submitted(collection)))
    assert (finished.percent, finished.current) == (100, None)


@pytest.fixture
def run(collection: Collection) -> Run:
    """Ten months of which each takes a minute."""
    run = Run.objects.create(collection=collection, kind=Run.Kind.COLLECT, status=Run.Status.RUNNING)
    for position in range(1, 11):
        WorkUnit.objects.create(run=run, position=position, kind=WorkUnit.Kind.TRIAL_BALANCE)
    return run


def finish(run: Run, positions: range, seconds: float = 60) -> None:
    now = timezone.now()
    units = run.units.filter(position__in=positions)
    units.update(done_at=now, started_at=now - timedelta(seconds=seconds), row_count=7)


def test_how_long_it_takes_is_not_known_at_first(run: Run) -> None:
    finish(run, range(1, 5))
    assert progress_of(run).remaining is None


def test_the_rest_is_estimated_from_the_runs_own_pace(run: Run) -> None:
    finish(run, range(1, 6))
    assert progress_of(run).remaining == timedelta(minutes=5)
    leases.claim(run.pk)
    leases.claim(run.pk)
    assert progress_of(run).remaining == timedelta(minutes=2.5)


def test_nothing_is_estimated_while_the_run_waits_or_when_nothing_is_left(run: Run) -> None:
    finish(run, range(1, 6))
    Run.objects.filter(pk=run.pk).update(status=Run.Status.WAITING)
    run.refresh_from_db()
    assert progress_of(run).remaining is None
    Run.objects.filter(pk=run.pk).update(status=Run.Status.RUNNING)
    run.refresh_from_db()
    finish(run, range(1, 11))
    assert progress_of(run).remaining is None


def test_rows_of_a_unit_that_is_being_read_count_and_it_is_the_one_named(run: Run) -> None:
    finish(run, range(1, 3))
    hold = leases.claim(run.pk)
    assert hold
    hold.count(1000)
    leases.extend(hold)
    progress = progress_of(run)
    assert progress.rows == 2 * 7 + 1000
    assert progress.current
    assert progress.current.position == hold.unit.position
