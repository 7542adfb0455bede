"""Who may work on a run: one at a time, for a while, and nobody over his successor."""

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import OperationalError
from django.utils import timezone

from collections_app import leases, states
from collections_app.models import Collection, Run
from tests.collecting import OPERATOR, actions
from tests.parallel import at_once


@pytest.fixture
def run(collection: Collection) -> Run:
    return Run.objects.create(collection=collection, kind=Run.Kind.VERIFY)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(timezone.now(), tick=False) as coordinates:
        yield coordinates


def claimed(run: Run) -> Run:
    held = leases.claim(run.pk)
    assert held
    return held


def test_a_free_run_is_claimed_and_runs(run: Run) -> None:
    held = claimed(run)
    assert (held.status, held.fence, held.crashes) == (Run.Status.RUNNING, 1, 0)
    assert held.lease_owner.endswith(f":{os.getpid()}")
    assert held.lease_until


def test_a_run_that_somebody_works_on_is_not_claimed(run: Run) -> None:
    claimed(run)
    assert leases.claim(run.pk) is None


def test_a_run_that_is_not_there_is_not_claimed(db: None) -> None:
    assert leases.claim(4711) is None


@pytest.mark.parametrize("status", ["needs_borrower", "needs_operator", "done", "cancelled"])
def test_a_run_that_stands_still_is_not_claimed(run: Run, status: str) -> None:
    Run.objects.filter(pk=run.pk).update(status=status)
    assert leases.claim(run.pk) is None
    run.refresh_from_db()
    assert (run.status, run.fence, run.lease_until) == (status, 0, None)


@pytest.mark.django_db(transaction=True)
def test_of_ten_claims_at_once_one_succeeds(run: Run) -> None:
    results = at_once(10, lambda: leases.claim(run.pk))
    assert [type(result) for result in results if result is not None] == [Run]
    run.refresh_from_db()
    assert (run.fence, run.crashes) == (1, 0)
    assert actions(run.collection).count("run.running") == 1


def test_a_lease_that_ran_out_is_taken_over_and_counts_as_a_crash(
    run: Run, clock: time_machine.Traveller
) -> None:
    claimed(run)
    clock.shift(timedelta(seconds=31))
    successor = claimed(run)
    assert (successor.fence, successor.crashes) == (2, 1)


def test_a_run_let_go_between_units_is_free_and_no_crash(run: Run) -> None:
    leases.release(claimed(run))
    successor = claimed(run)
    assert (successor.fence, successor.crashes) == (2, 0)


def test_a_waiting_run_is_claimable_when_its_time_has_come(run: Run, clock: time_machine.Traveller) -> None:
    held = claimed(run)
    states.move_run(
        held,
        Run.Status.WAITING,
        by=OPERATOR,
        retry_at=timezone.now() + timedelta(seconds=40),
        lease_until=None,
    )
    clock.shift(timedelta(seconds=39))
    assert leases.claim(run.pk) is None
    clock.shift(timedelta(seconds=1))
    assert claimed(run).retry_at is None


def test_the_overtaken_holder_loses_and_the_successor_keeps(run: Run, clock: time_machine.Traveller) -> None:
    stale = claimed(run)
    clock.shift(timedelta(seconds=31))
    successor = claimed(run)
    with pytest.raises(leases.LeaseLost):
        leases.confirm(stale)
    assert not leases.extend(stale)
    leases.release(stale)
    leases.confirm(successor)
    run.refresh_from_db()
    assert run.lease_until


def test_the_holder_of_a_cancelled_run_loses(run: Run) -> None:
    held = claimed(run)
    states.move_run(Run.objects.get(pk=run.pk), Run.Status.CANCELLED, by=OPERATOR)
    with pytest.raises(leases.LeaseLost):
        leases.confirm(held)


def test_confirming_moves_the_end_of_the_lease_on(run: Run, clock: time_machine.Traveller) -> None:
    held = claimed(run)
    clock.shift(timedelta(seconds=29))
    leases.confirm(held)
    clock.shift(timedelta(seconds=29))
    assert leases.claim(run.pk) is None


@pytest.mark.django_db(transaction=True)
def test_a_heartbeat_keeps_the_lease_while_the_work_outlasts_it(run: Run, settings: Any) -> None:
    settings.RUN_LEASE_SECONDS = 0.9
    held = claimed(run)
    with leases.heartbeat(held):
        for _ in range(3):
            time.sleep(0.4)
            assert leases.claim(run.pk) is None
    leases.confirm(held)


@pytest.mark.django_db(transaction=True)
def test_without_a_heartbeat_the_lease_runs_out(run: Run, settings: Any) -> None:
    settings.RUN_LEASE_SECONDS = 0.1
    claimed(run)
    time.sleep(0.12)
    assert claimed(run).crashes == 1


@pytest.mark.django_db(transaction=True)
def test_a_heartbeat_does_not_bring_a_cancelled_run_back(run: Run, settings: Any) -> None:
    settings.RUN_LEASE_SECONDS = 0.15
    held = claimed(run)
    with leases.heartbeat(held):
        states.move_run(run, Run.Status.CANCELLED, by=OPERATOR, lease_until=None)
        time.sleep(0.2)
    run.refresh_from_db()
    assert (run.status, run.lease_until) == (Run.Status.CANCELLED, None)


@pytest.mark.django_db(transaction=True)
def test_a_heartbeat_outlives_a_hiccup_of_the_database(
    run: Run, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.RUN_LEASE_SECONDS = 0.9
    held = claimed(run)
    extend, hiccups = leases.extend, [OperationalError("database is locked")]

    def extend_after_hiccup(run: Run) -> bool:
        if hiccups:
            raise hiccups.pop()
        return extend(run)

    monkeypatch.setattr(leases, "extend", extend_after_hiccup)
    with leases.heartbeat(held):
        time.sleep(1.0)
    assert hiccups == []
    assert leases.claim(run.pk) is None
