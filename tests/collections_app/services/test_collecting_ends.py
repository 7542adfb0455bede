"""The last unit and the end of its run are one thing, and a database in trouble is nobody's mistake."""

from typing import Any

import pytest
from django.db import OperationalError

from collections_app.models import Collection, Run, TrialBalance
from collections_app.services import collecting, credentials, notifying
from tests.collecting import actions, submitted, work

# A connection is renewed only outside of a transaction, so the tests must not be inside of one.
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("transactional_db", "gateway")]


class Killed(BaseException):
    """Nothing catches it, as nothing catches a SIGKILL."""


def test_a_worker_that_dies_while_it_ends_the_run_leaves_the_last_unit_to_be_done_again(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run whose units are all done and which has not ended would stand still for ever."""
    run = submitted(collection)

    def die(**_: object) -> None:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(notifying, "completion_tell", die)
        with pytest.raises(Killed):
            work(run)
    run.refresh_from_db()
    assert run.status == Run.Status.RUNNING
    assert run.units.filter(done_at=None).count() == 1
    run.units.filter(done_at=None).update(lease_until=None, place=None)
    assert work(run).status == Run.Status.DONE
    assert actions(collection).count("collection.submitted") == 1


def test_a_database_that_fails_in_the_middle_of_a_unit_is_waited_for(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = submitted(collection)

    def locked(*arguments: Any, **named: Any) -> None:
        raise OperationalError("database is locked")

    with monkeypatch.context() as trouble:
        trouble.setattr(TrialBalance, "save", locked)
        work(run)
    assert (run.status, run.problem, run.waits) == (Run.Status.WAITING, "storage_unavailable", 1)
    assert not run.units.exclude(lease_owner="").exists()
    assert {unit.crashes for unit in run.units.all()} == {0}
    Run.objects.update(retry_at=None)
    assert work(run).status == Run.Status.DONE


def test_a_database_that_cannot_even_be_told_leaves_the_unit_to_its_lease(
    collection: Collection, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    run = submitted(collection)

    def away(*arguments: Any, **named: Any) -> None:
        raise OperationalError("the connection is closed")

    with monkeypatch.context() as trouble:
        trouble.setattr(credentials, "session_keep", away)
        trouble.setattr(collecting, "_stop", away)
        assert collecting.unit_advance()
    assert run.units.exclude(lease_owner="").count() == 1
    assert "when its lease has run out" in caplog.text
