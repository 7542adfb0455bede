"""A worker that was overtaken, or whose run was cancelled, writes nothing."""

from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from collections_app import leases, ledger, states
from collections_app.models import (
    Account,
    Collection,
    Connection,
    ReportFile,
    Run,
    TrialBalance,
)
from collections_app.services import intake, invitations, reporting
from intacct.sandbox import Sandbox
from tests.collecting import (
    BORROWER,
    GROUP,
    OPERATOR,
    SINGLE,
    UNASSIGNED,
    ready,
    sign_in,
    step,
    submitted,
    work,
)

pytestmark = pytest.mark.usefixtures("gateway")


def later(seconds: float = 600) -> time_machine.travel:
    """So much later, and the clock goes on."""
    return time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=True)


class Meanwhile:
    """Lets something happen once while the gateway is being asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
        self.act: Callable[[], object] | None = act
        original = ledger.open_ledger

        @contextmanager
        def open_and_then(*args: Any, **kwargs: Any) -> Any:
            with original(*args, **kwargs) as opened:
                yield opened
                act, self.act = self.act, None
                if act:
                    act()

        monkeypatch.setattr(ledger, "open_ledger", open_and_then)


def test_a_stale_holder_stores_nothing(collection: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    run = submitted(collection)

    def overtake() -> None:
        run.units.exclude(lease_until=None).update(lease_until=timezone.now() - timedelta(seconds=1))
        assert leases.claim(run.pk)

    Meanwhile(monkeypatch, overtake)
    step(run)
    assert not TrialBalance.objects.exists()
    assert not run.units.exclude(done_at=None).exists()
    assert run.status == Run.Status.RUNNING
    unit = run.units.all()[0]
    assert unit.fence == 2
    assert unit.lease_until


def test_a_stale_holder_that_fails_does_not_stop_its_successor(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = submitted(collection)

    def overtake_and_fail() -> None:
        run.units.exclude(lease_until=None).update(lease_until=timezone.now() - timedelta(seconds=1))
        assert leases.claim(run.pk)
        raise ZeroDivisionError

    Meanwhile(monkeypatch, overtake_and_fail)
    step(run)
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
    step(run)
    run.refresh_from_db()
    collection.refresh_from_db()
    assert (run.status, collection.status) == (Run.Status.CANCELLED, Collection.Status.WITHDRAWN)
    assert not TrialBalance.objects.exists()
    connection = Connection.objects.get(collection=collection)
    assert (connection.secret, connection.session) == (None, None)


def stored(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_request_withdrawn_while_the_reports_are_written_leaves_no_file_for_long(
    collection: Collection, monkeypatch: pytest.MonkeyPatch, reports_folder: Path
) -> None:
    run = submitted(collection)
    while run.units.filter(done_at=None).count() > len(reporting.WRITERS):
        step(run)
    tables = set(collection.tables.values_list("storage_name", flat=True))
    prepare = reporting.reports_prepare

    def withdrawn_meanwhile(*args: Any) -> Any:
        store = prepare(*args)
        invitations.collection_withdraw(collection=Collection.objects.get(pk=collection.pk), by=OPERATOR)
        return store

    monkeypatch.setattr(reporting, "reports_prepare", withdrawn_meanwhile)
    step(run)
    assert not ReportFile.objects.exists()
    assert len(stored(reports_folder) - tables) == 1
    with later(2 * 3600):
        assert reporting.reports_sweep() == 1
    assert stored(reports_folder) == tables


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
    hold = leases.claim(examine.pk)
    assert hold
    leases.release(hold)
    states.move_run(examine, Run.Status.NEEDS_BORROWER, by=OPERATOR, problem="permission_missing")
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
    assert Account.objects.numbered(collection, UNASSIGNED).assigned_category == "Cash and Cash Equivalents"
