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
    TrialBalance,
)
from collections_app.services import collecting
from intacct.sandbox import Fault, Sandbox
from tests.collecting import (
    CLOSED,
    PASSWORD,
    SENDER_PASSWORD,
    sign_in,
    step,
    submitted,
    work,
)

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("gateway")]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client does not wait between tries: only the run's own waiting is looked at here."""
    defaults: Any = intacct.connect.__kwdefaults__
    monkeypatch.setitem(defaults, "sleep", lambda seconds: None)


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
    assert not run.units.exclude(lease_until=None, place=None).exists()


def test_a_refused_password_is_never_tried_again(collection: Collection, gateway: Sandbox) -> None:
    work(sign_in(collection, password="Wrong-Secret-1"))
    tried = gateway.requests["getAPISession"]
    with later():
        for _ in range(5):
            assert not collecting.unit_advance()
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


@pytest.mark.parametrize(
    ("kind", "problem"),
    [("down", "gateway_unavailable"), ("rate-limited", "rate_limited"), ("cut", "gateway_unavailable")],
)
def test_a_gateway_in_trouble_is_waited_for(
    collection: Collection, gateway: Sandbox, impatient: None, kind: str, problem: str
) -> None:
    gateway.faults.add(Fault(kind))
    run = work(sign_in(collection))
    assert (run.status, run.problem) == (Run.Status.WAITING, problem)
    assert run.retry_at
    assert run.waiting_since
    assert {unit.crashes for unit in run.units.all()} == {0}
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
    assert run.status == Run.Status.WAITING
    assert {unit.crashes for unit in run.units.all()} == {0}


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
    kept = TrialBalance.objects.values_list("pk", flat=True)
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
            hold = leases.claim(run.pk)
            assert hold
            assert hold.unit.crashes == crashes
            clock.shift(timedelta(seconds=31))
        assert collecting.unit_advance()
        assert not collecting.unit_advance()
    run.refresh_from_db()
    assert (run.status, run.problem) == (Run.Status.NEEDS_OPERATOR, "our_fault")
    assert "died 3 times" in run.problem_detail


def test_crashes_in_different_units_are_not_added_up(collection: Collection) -> None:
    run = submitted(collection)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(3):
            assert leases.claim(run.pk)
            clock.shift(timedelta(seconds=31))
            step(run)
    assert run.status == Run.Status.RUNNING
    assert [unit.crashes for unit in run.units.all()[:3]] == [1, 1, 1]


def test_a_bug_is_told_to_the_operator_and_leaves_nothing_half_written(
    collection: Collection, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    run = submitted(collection)

    def broken(*args: Any, **kwargs: Any) -> Any:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(TrialBalance, "save", broken)
    work(run)
    assert (run.status, run.problem) == (Run.Status.NEEDS_OPERATOR, "our_fault")
    assert not TrialBalance.objects.exists()
    assert not run.units.exclude(done_at=None).exists()
    assert "ZeroDivisionError" in caplog.text
    assert PASSWORD not in caplog.text


def test_a_destroyed_password_is_asked_for_again(collection: Collection) -> None:
    run = submitted(collection)
    Connection.objects.update(secret=None, session=None)
    work(run)
    assert (run.status, run.problem) == (Run.Status.NEEDS_BORROWER, "password_gone")


def test_an_unreadable_answer_is_kept_for_support_masked_and_sealed(
    collection: Collection, gateway: Sandbox
) -> None:
    run = submitted(collection)
    gateway.faults.next("malformed", function="query")
    work(run)
    exchange = collection.exchanges.get()
    assert exchange.problem == "unreadable_answer"
    assert "<query>" in exchange.request
    assert exchange.reply
    for secret in (PASSWORD, SENDER_PASSWORD):
        assert secret not in exchange.request + exchange.reply
    assert b"<query>" not in bytes(exchange.sealed)


def test_a_refused_password_leaves_no_exchange(collection: Collection) -> None:
    work(sign_in(collection, password="Wrong-Secret-1"))
    assert not collection.exchanges.exists()
