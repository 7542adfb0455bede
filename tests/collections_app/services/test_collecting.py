"""The worker's side: every unit once, from the sign-in to the reports."""

import pytest
from django.db import IntegrityError

from collections_app.models import (
    Collection,
    Connection,
    ReportFile,
    Run,
    TrialBalance,
    WorkUnit,
)
from collections_app.services import collecting, credentials
from intacct.sandbox import Sandbox
from tests.collecting import (
    GROUP,
    PASSWORD,
    SINGLE,
    actions,
    sign_in,
    step,
    submitted,
    work,
)
from tests.parallel import at_once

pytestmark = pytest.mark.usefixtures("gateway")


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
    offered = [(option.kind, option.identifier) for option in collection.scope_options.all()]
    assert offered == [("company", ""), ("entity", "E100"), ("entity", "E200"), ("book", "USDCONS")]


def test_a_collection_ends_with_lines_files_and_no_password(collection: Collection) -> None:
    run = work(submitted(collection))
    collection.refresh_from_db()
    assert (run.status, collection.status) == (Run.Status.DONE, Collection.Status.SUBMITTED)
    assert [file.name for file in collection.files.all()] == ["report.xlsx", "statements.json"]
    connection = Connection.objects.get(collection=collection)
    assert (connection.secret, connection.session) == (None, None)
    assert connection.destroyed_at
    assert actions(collection)[-3:] == ["run.done", "collection.submitted", "credentials.destroyed"]
    assert not run.units.exclude(place=None, lease_until=None, lease_owner="").exists()


def test_each_call_does_one_unit_and_says_whether_there_was_one(collection: Collection) -> None:
    run = submitted(collection)
    for done in range(1, run.units.count() + 1):
        assert collecting.unit_advance()
        assert run.units.exclude(done_at=None).count() == done
    assert not collecting.unit_advance()
    assert actions(collection).count("run.done") == 3


def test_whoever_ends_a_stage_rings_for_as_many_workers_as_the_company_has_places(
    collection: Collection,
) -> None:
    """Workers that found the last unit of a stage in hand have stopped ringing."""
    stages = list(submitted(collection).units.values_list("stage", flat=True))
    rings = [collecting.unit_advance() for _ in stages]
    ends = [place for place, stage in enumerate(stages[:-1]) if stages[place + 1] > stage]
    assert ends
    assert [place for place, count in enumerate(rings) if count == 2] == ends
    assert set(rings) == {1, 2}


def test_a_unit_notes_its_rows_and_the_same_rows_give_the_same_checksum(collection: Collection) -> None:
    units = list(work(submitted(collection)).units.filter(kind=WorkUnit.Kind.TRIAL_BALANCE))
    assert {unit.row_count for unit in units} == {9}
    assert len({unit.checksum for unit in units}) > 1
    collection.trial_balances.all().delete()
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
        while collecting.unit_advance():
            pass

    while Run.objects.get(pk=run.pk).status != Run.Status.DONE:
        assert at_once(4, ring_until_it_stands) == [None] * 4
    months = run.units.filter(kind=WorkUnit.Kind.TRIAL_BALANCE).count()
    assert gateway.requests["get_trialbalance"] - asked == months
    assert TrialBalance.objects.count() == months
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
