"""The worker's side: every unit once, every failure sorted, nothing written by one who was overtaken."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import timezone

import intacct
from collections_app import leases, states
from collections_app.models import (
    Collection,
    Connection,
    ReportFile,
    Run,
    TrialBalanceLine,
    WorkUnit,
)
from collections_app.services import collecting, credentials, intake, invitations, reporting
from intacct.sandbox import Fault, Sandbox
from tests.collecting import (
    BORROWER,
    CLOSED,
    GROUP,
    OPERATOR,
    PASSWORD,
    SINGLE,
    UNASSIGNED,
    actions,
    ready,
    sign_in,
    submitted,
    work,
)
from tests.parallel import at_once

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


def later(run: Run, seconds: float = 600) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=True)


# From sign-in to reports


def test_a_sign_in_of_a_single_company_leads_to_its_chart_at_once(collection: Collection) -> None:
    verify = work(sign_in(collection, SINGLE))
    assert verify.status == Run.Status.DONE
    examine = collection.runs.get(kind=Run.Kind.EXAMINE)
    assert examine.status == Run.Status.DONE
    collection.refresh_from_db()
    assert (collection.scope_kind, collection.scope_id) == ("company", "")
    assert collection.accounts.count() == 9


def test_a_sign_in_of_a_group_waits_for_a_choice(collection: Collection) -> None:
    work(sign_in(collection, GROUP))
    collection.refresh_from_db()
    assert collection.scope_kind == ""
    assert not collection.runs.filter(kind=Run.Kind.EXAMINE).exists()
    offered = collection.scope_options.values_list("kind", "identifier")
    assert list(offered) == [("company", ""), ("entity", "E100"), ("entity", "E200"), ("book", "USDCONS")]


def test_a_collection_ends_with_lines_files_and_no_password(collection: Collection) -> None:
    run = work(submitted(collection))
    collection.refresh_from_db()
    assert (run.status, collection.status) == (Run.Status.DONE, Collection.Status.SUBMITTED)
    assert [file.name for file in collection.files.all()] == ["report.xlsx", "statements.json"]
    connection = Connection.objects.get(collection=collection)
    assert (connection.secret, connection.session) == (None, None)
    assert connection.destroyed_at
    assert actions(collection)[-3:] == ["run.done", "collection.submitted", "credentials.destroyed"]


def test_each_call_does_one_unit_and_names_the_run_that_can_go_on(collection: Collection) -> None:
    run = submitted(collection)
    planned = run.units.count()
    for done in range(1, planned):
        assert collecting.run_advance(run_id=run.pk) == run.pk
        assert run.units.exclude(done_at=None).count() == done
    assert collecting.run_advance(run_id=run.pk) is None
    assert collecting.run_advance(run_id=run.pk) is None
    assert actions(collection).count("run.done") == 3


def test_a_unit_notes_its_rows_and_the_same_rows_give_the_same_checksum(collection: Collection) -> None:
    units = list(work(submitted(collection)).units.filter(kind=WorkUnit.Kind.TRIAL_BALANCE))
    assert {unit.row_count for unit in units} == {9}
    assert len({unit.checksum for unit in units}) > 1
    collection.trial_balance_lines.all().delete()
    Run.objects.filter(collection=collection).delete()
    again = Run.objects.create(collection=collection, kind=Run.Kind.EXAMINE)
    WorkUnit.objects.create(
        run=again,
        position=1,
        kind=WorkUnit.Kind.TRIAL_BALANCE,
        start=units[0].start,
        end=units[0].end,
    )
    credentials.credentials_seal(connection=Connection.objects.get(collection=collection), password=PASSWORD)
    assert work(again).units.get().checksum == units[0].checksum


def test_no_unit_is_done_twice_by_many_who_ring_at_once(
    transactional_db: None, collection: Collection, gateway: Sandbox
) -> None:
    run = submitted(collection)
    asked = gateway.requests["get_trialbalance"]

    def ring_until_it_stands() -> None:
        while collecting.run_advance(run_id=run.pk):
            pass

    while Run.objects.get(pk=run.pk).status != Run.Status.DONE:
        assert at_once(4, ring_until_it_stands) == [None] * 4
    months = run.units.filter(kind=WorkUnit.Kind.TRIAL_BALANCE).count()
    assert gateway.requests["get_trialbalance"] - asked == months
    assert TrialBalanceLine.objects.count() == months * 9
    assert ReportFile.objects.count() == 2
    assert actions(collection).count("collection.submitted") == 1
    assert actions(collection).count("credentials.destroyed") == 1


def test_one_session_serves_all_units(collection: Collection, gateway: Sandbox) -> None:
    before = gateway.requests["getAPISession"]
    work(submitted(collection))
    assert gateway.requests["getAPISession"] - before == 1


def test_a_session_that_died_is_renewed_once(collection: Collection, gateway: Sandbox) -> None:
    run = step(submitted(collection))
    before = gateway.requests["getAPISession"]
    gateway.faults.next("session-death")
    assert work(run).status == Run.Status.DONE
    assert gateway.requests["getAPISession"] - before == 1


def test_two_live_runs_of_one_collection_cannot_be_stored(collection: Collection) -> None:
    sign_in(collection)
    with pytest.raises(IntegrityError):
        Run.objects.create(collection=collection, kind=Run.Kind.COLLECT)


# Failures


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
    with later(run):
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
    with later(run, 6):
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
        with later(run):
            step(run)
        assert (run.status, run.waits) == (Run.Status.WAITING, 1)
        gateway.faults.clear()
        with later(run, 1200):
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
    with later(run):
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


# Overtaken and cancelled


class Meanwhile:
    """Lets something happen once while the gateway is being asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
        self.act: Callable[[], object] | None = act
        original = collecting._read

        def read(*args: Any) -> Any:
            store = original(*args)
            act, self.act = self.act, None
            if act:
                act()
            return store

        monkeypatch.setattr(collecting, "_read", read)


def test_a_stale_holder_stores_nothing(collection: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    run = submitted(collection)

    def overtake() -> None:
        Run.objects.filter(pk=run.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
        assert leases.claim(run.pk)

    Meanwhile(monkeypatch, overtake)
    assert collecting.run_advance(run_id=run.pk) is None
    assert not TrialBalanceLine.objects.exists()
    assert not run.units.exclude(done_at=None).exists()
    run.refresh_from_db()
    assert (run.status, run.fence) == (Run.Status.RUNNING, 2)
    assert run.lease_until


def test_a_stale_holder_that_fails_does_not_stop_its_successor(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = submitted(collection)

    def overtake_and_fail() -> None:
        Run.objects.filter(pk=run.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
        assert leases.claim(run.pk)
        raise ZeroDivisionError

    Meanwhile(monkeypatch, overtake_and_fail)
    assert collecting.run_advance(run_id=run.pk) is None
    run.refresh_from_db()
    assert (run.status, run.problem) == (Run.Status.RUNNING, "")


def test_a_request_withdrawn_while_a_unit_is_read_stores_nothing(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = submitted(collection)
    Meanwhile(
        monkeypatch,
        lambda: invitations.collection_withdraw(
            collection=Collection.objects.get(pk=collection.pk), by=OPERATOR
        ),
    )
    assert collecting.run_advance(run_id=run.pk) is None
    run.refresh_from_db()
    collection.refresh_from_db()
    assert (run.status, collection.status) == (Run.Status.CANCELLED, Collection.Status.WITHDRAWN)
    assert not TrialBalanceLine.objects.exists()
    connection = Connection.objects.get(collection=collection)
    assert (connection.secret, connection.session) == (None, None)


def test_a_request_withdrawn_while_the_reports_are_written_leaves_no_file_for_long(
    collection: Collection, monkeypatch: pytest.MonkeyPatch, reports_folder: Any
) -> None:
    run = submitted(collection)
    while run.units.filter(done_at=None).count() > 1:
        step(run)
    prepare = reporting.reports_prepare

    def withdrawn_meanwhile(*args: Any) -> Any:
        store = prepare(*args)
        invitations.collection_withdraw(collection=Collection.objects.get(pk=collection.pk), by=OPERATOR)
        return store

    monkeypatch.setattr(reporting, "reports_prepare", withdrawn_meanwhile)
    assert collecting.run_advance(run_id=run.pk) is None
    assert not ReportFile.objects.exists()
    assert len(list(reports_folder.rglob("report*.xlsx"))) == 1
    with later(run, 2 * 3600):
        assert reporting.reports_sweep() == 2
    assert [path for path in reports_folder.rglob("*") if path.is_file()] == []


def test_the_session_of_an_overtaken_sign_in_does_not_serve_the_next_company(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signed in to one company, then to another while the worker still asks the first."""
    first = sign_in(collection, GROUP)
    second: list[Run] = []
    Meanwhile(monkeypatch, lambda: second.append(sign_in(collection, SINGLE, password="Wrong-Secret-1")))
    work(first)
    assert first.status == Run.Status.CANCELLED
    work(second[0])
    assert (second[0].status, second[0].problem) == (Run.Status.NEEDS_BORROWER, "sign_in_refused")
    assert Connection.objects.get(collection=collection).company_name == ""
    assert not collection.scope_options.exists()


def test_signing_in_again_after_the_chart_was_refused_reads_the_chart(
    collection: Collection, gateway: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a group the entity was chosen already, so nobody else would start the run."""
    work(sign_in(collection, GROUP))
    examine = intake.scope_choose(collection=collection, kind="entity", identifier="E100", by=BORROWER)
    leases.claim(examine.pk)
    states.move_run(
        examine,
        Run.Status.NEEDS_BORROWER,
        by=OPERATOR,
        problem="permission_missing",
        lease_until=None,
        lease_owner="",
    )
    work(sign_in(collection, GROUP))
    newest = collection.runs.filter(kind=Run.Kind.EXAMINE).exclude(status=Run.Status.CANCELLED).first()
    assert newest
    assert newest.status == Run.Status.DONE
    assert collection.accounts.exists()
    collection.refresh_from_db()
    assert collection.scope_id == "E100"


def test_a_new_sign_in_reads_the_chart_again_and_keeps_the_answers(collection: Collection) -> None:
    """The new user may see more accounts, or fewer."""
    ready(collection, GROUP)
    work(sign_in(collection, GROUP))
    assert collection.runs.filter(kind=Run.Kind.EXAMINE, status=Run.Status.DONE).count() == 2
    assert collection.accounts.get(number=UNASSIGNED).assigned_category == "Cash and Cash Equivalents"
