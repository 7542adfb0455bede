"""A worker that was overtaken, or whose run was cancelled, writes nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from collections_app import leases, states
from collections_app.models import (
    Collection,
    Connection,
    ReportFile,
    Run,
    TrialBalanceLine,
)
from collections_app.services import collecting, intake, invitations, reporting
from intacct.sandbox import Sandbox
from tests.collecting import (
    BORROWER,
    GROUP,
    OPERATOR,
    SINGLE,
    UNASSIGNED,
    ready,
    sign_in,
    submitted,
    work,
)

pytestmark = pytest.mark.usefixtures("gateway")


def step(run: Run) -> Run:
    """One unit, and no more."""
    collecting.run_advance(run_id=run.pk)
    run.refresh_from_db()
    return run


def later(seconds: float = 600) -> time_machine.travel:
    """So much later, and the clock goes on."""
    return time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=True)


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
    with later(2 * 3600):
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
