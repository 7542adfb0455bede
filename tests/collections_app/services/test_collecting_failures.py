"""What goes wrong in a unit: sorted once, by who can mend it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

import intacct
from collections_app import leases
from collections_app.models import (
    Collection,
    Connection,
    Run,
    TrialBalanceLine,
)
from collections_app.services import collecting
from intacct.sandbox import Fault, Sandbox
from tests.collecting import (
    CLOSED,
    PASSWORD,
    sign_in,
    submitted,
    work,
)

pytestmark = pytest.mark.usefixtures("gateway")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client does not wait between tries: only the run's own waiting is looked at here."""
    defaults: Any = intacct.connect.__kwdefaults__
    monkeypatch.setitem(defaults, "sleep", lambda seconds: None)


def step(run: Run) -> Run:
    """One unit, and no more."""
    collecting.run_advance(run_id=run.pk)
    run.refresh_from_db()
    return run


def later(seconds: float = 600) -> time_machine.travel:
    """So much later, and the clock goes on."""
    return time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=True)


REFUSALS = {
    "sign_in_refused": {"password": "Wrong-Secret-1"},
    "company_unknown": {"company": "NOWHERE"},
    "sender_not_authorized": {"company": CLOSED},
    "permission_missing": {"user": "ws_narrow", "password": "Narrow-Secret-1"},
}


@pytest.mark.parametrize("problem", REFUSALS)
def test_what_the_borrower_can_mend_stops_the_run_for_the_borrower(
    collection: Collection, problem: str
) -> None:
    work(sign_in(collection, **REFUSALS[problem]))
    run = collection.runs.all()[0]
    assert (run.status, run.problem) == (Run.Status.NEEDS_BORROWER, problem)
    assert run.lease_until is None


def test_a_refused_password_is_never_tried_again(collection: Collection, gateway: Sandbox) -> None:
    run = work(sign_in(collection, password="Wrong-Secret-1"))
    tried = gateway.requests["getAPISession"]
    with later():
        for _ in range(5):
            assert collecting.run_advance(run_id=run.pk) is None
    assert gateway.requests["getAPISession"] == tried


def test_our_own_wrong_sender_is_the_operators(collection: Collection, settings: Any) -> None:
    settings.INTACCT_SENDER_PASSWORD = "not-ours"
    run = work(sign_in(collection))
    assert (run.status, run.problem) == (Run.Status.NEEDS_OPERATOR, "sender_refused")
    assert "not-ours" not in run.problem_detail


def test_an_answer_that_is_not_xml_is_the_operators(collection: Collection, gateway: Sandbox) -> None:
    gateway.faults.next("malformed")
    run = work(sign_in(collection))
    assert (run.status, run.problem) == (Run.Status.NEEDS_OPERATOR, "unreadable_answer")


def test_an_endpoint_that_is_not_trusted_is_the_operators(collection: Collection, settings: Any) -> None:
    settings.INTACCT_SANDBOX = False
    run = work(sign_in(collection))
    assert (run.status, run.problem) == (Run.Status.NEEDS_OPERATOR, "our_fault")
    assert "UntrustedEndpoint" in run.problem_detail


@pytest.mark.parametrize("kind", ["down", "rate-limited", "cut"])
def test_a_gateway_in_trouble_is_waited_for(
    collection: Collection, gateway: Sandbox, impatient: None, kind: str
) -> None:
    gateway.faults.add(Fault(kind))
    run = work(sign_in(collection))
    assert (run.status, run.problem) == (Run.Status.WAITING, "gateway_unavailable")
    assert run.retry_at
    assert run.crashes == 0
    gateway.faults.clear()
    assert work(run).status == Run.Status.WAITING
    with later(6):
        assert work(run).status == Run.Status.DONE
    assert (run.problem, run.waits) == ("", 0)
    assert not run.retry_at


def test_the_waits_double_up_to_a_cap_and_never_end_the_run(
    collection: Collection, gateway: Sandbox, impatient: None
) -> None:
    gateway.faults.add(Fault("down"))
    run = sign_in(collection)
    waits = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(14):
            work(run)
            assert run.retry_at
            waits.append((run.retry_at - timezone.now()).total_seconds())
            clock.move_to(run.retry_at)
    assert waits == [5, 10, 20, 40, 80, 160, *[300] * 8]
    assert (run.status, run.crashes) == (Run.Status.WAITING, 0)


def test_a_unit_that_succeeds_forgets_the_waits_before_it(
    collection: Collection, gateway: Sandbox, impatient: None
) -> None:
    run = submitted(collection)
    for _ in range(2):
        gateway.faults.add(Fault("down"))
        with later():
            step(run)
        assert (run.status, run.waits) == (Run.Status.WAITING, 1)
        gateway.faults.clear()
        with later(1200):
            step(run)
        assert (run.waits, run.problem) == (0, "")


def test_what_was_read_before_an_outage_is_kept(
    collection: Collection, gateway: Sandbox, impatient: None
) -> None:
    run = step(submitted(collection))
    kept = TrialBalanceLine.objects.values_list("pk", flat=True)
    before = list(kept)
    gateway.faults.add(Fault("down"))
    assert work(run).status == Run.Status.WAITING
    gateway.faults.clear()
    with later():
        assert work(run).status == Run.Status.DONE
    assert set(before) <= set(kept)


def test_three_crashes_in_one_unit_stop_the_run_for_the_operator(collection: Collection) -> None:
    run = sign_in(collection)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for crashes in range(3):
            held = leases.claim(run.pk)
            assert held
            assert held.crashes == crashes
            clock.shift(timedelta(seconds=31))
        assert collecting.run_advance(run_id=run.pk) is None
    run.refresh_from_db()
    assert (run.status, run.problem) == (Run.Status.NEEDS_OPERATOR, "our_fault")
    assert "died 3 times" in run.problem_detail


def test_crashes_in_different_units_are_not_added_up(collection: Collection) -> None:
    run = submitted(collection)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(3):
            assert leases.claim(run.pk)
            clock.shift(timedelta(seconds=31))
            assert step(run).crashes == 0
    assert run.status == Run.Status.RUNNING


def test_a_bug_is_told_to_the_operator_and_leaves_nothing_half_written(
    collection: Collection, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    run = submitted(collection)

    def broken(*args: Any, **kwargs: Any) -> Any:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(TrialBalanceLine.objects, "bulk_create", broken)
    work(run)
    assert (run.status, run.problem) == (Run.Status.NEEDS_OPERATOR, "our_fault")
    assert not TrialBalanceLine.objects.exists()
    assert not run.units.exclude(done_at=None).exists()
    assert "ZeroDivisionError" in caplog.text
    assert PASSWORD not in caplog.text


def test_a_destroyed_password_is_asked_for_again(collection: Collection) -> None:
    run = submitted(collection)
    Connection.objects.update(secret=None, session=None)
    work(run)
    assert (run.status, run.problem) == (Run.Status.NEEDS_BORROWER, "password_gone")
