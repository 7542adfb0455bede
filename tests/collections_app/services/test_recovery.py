"""What stands still is found and moved on, whatever became of its message or its worker."""

import os
import socket
import subprocess
import sys
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from collections_app import leases
from collections_app.models import Collection, Run, WorkerPulse
from collections_app.services import recovery
from tests.collecting import sign_in


@pytest.fixture
def run(collection: Collection) -> Run:
    run = sign_in(collection)
    earlier = timezone.now() - timedelta(minutes=1)
    Run.objects.filter(pk=run.pk).update(created_at=earlier, served_at=earlier)
    return run


def hold(run: Run, owner: str, seconds: float = 30) -> None:
    """Somebody claimed the run's unit a minute ago; the lease ends in that many seconds."""
    assert leases.claim(run.pk)
    now = timezone.now()
    run.units.update(lease_owner=owner, lease_until=now + timedelta(seconds=seconds))
    Run.objects.filter(pk=run.pk).update(served_at=now - timedelta(minutes=1))


def test_a_queued_run_whose_message_was_lost_is_rung_for(run: Run) -> None:
    assert recovery.rings_needed() == 2


def test_a_run_queued_a_moment_ago_is_left_to_its_own_message(collection: Collection) -> None:
    sign_in(collection)
    assert recovery.rings_needed() == 0


def test_a_run_queued_by_a_clock_that_was_put_back_since_is_rung_for(run: Run) -> None:
    in_an_hour = timezone.now() + timedelta(hours=1)
    Run.objects.filter(pk=run.pk).update(created_at=in_an_hour, served_at=in_an_hour)
    assert recovery.rings_needed() == 2


def test_a_run_that_is_worked_on_is_left_alone(run: Run) -> None:
    hold(run, f"{socket.gethostname()}:{os.getpid()}")
    assert recovery.rings_needed() == 0


def test_a_run_whose_lease_ran_out_is_rung_for(run: Run) -> None:
    hold(run, "another-host:1", seconds=-1)
    assert recovery.rings_needed() == 2


def test_a_run_of_a_dead_process_of_this_machine_is_rung_for_at_once_and_the_death_counts(run: Run) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    hold(run, f"{socket.gethostname()}:{gone.pid}")
    assert recovery.rings_needed() == 2
    claimed = leases.claim(run.pk)
    assert claimed
    assert claimed.unit.crashes == 1


def test_a_process_of_another_machine_is_not_judged_by_its_number_here(run: Run) -> None:
    hold(run, "another-host:999999")
    assert recovery.rings_needed() == 0


def test_a_waiting_run_is_rung_for_when_its_time_has_come(run: Run) -> None:
    soon = timezone.now() + timedelta(seconds=30)
    Run.objects.filter(pk=run.pk).update(status="waiting", retry_at=soon)
    assert recovery.rings_needed() == 0
    with time_machine.travel(soon + timedelta(seconds=1)):
        assert recovery.rings_needed() == 2


@pytest.mark.parametrize("status", ["needs_borrower", "needs_operator", "done", "cancelled"])
def test_a_run_that_waits_for_a_person_or_is_over_is_not_rung_for(run: Run, status: str) -> None:
    Run.objects.filter(pk=run.pk).update(status=status)
    assert recovery.rings_needed() == 0


def test_looking_for_runs_is_the_workers_sign_of_life(db: None) -> None:
    assert not recovery.worker_alive(timedelta(minutes=1))
    recovery.rings_needed()
    recovery.rings_needed()
    assert recovery.worker_alive(timedelta(minutes=1))
    assert WorkerPulse.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert not recovery.worker_alive(timedelta(minutes=1))
