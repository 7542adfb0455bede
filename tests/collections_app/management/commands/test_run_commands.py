"""`pauserun`, `retryrun`, `cancelrun`, `listruns` and `resumecollection` after a pause."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from collections_app.leases import Hold
from collections_app.models import Collection, Connection, Run
from collections_app.services import collecting, intake
from intacct.sandbox import Sandbox
from tests.collecting import BORROWER, examined, ready, sign_in, submitted, work
from tests.collections_app.management.commands.conftest import Manage, is_one_sentence


def moved(run: Run) -> Run:
    run.refresh_from_db()
    return run


def test_a_paused_run_stands_still_until_it_is_resumed_and_then_ends_as_any_other(
    manage: Manage, collection: Collection, gateway: Sandbox
) -> None:
    run = submitted(collection)
    collecting.unit_advance()
    finished = manage("pauserun", collection.reference, "--json")
    assert (finished.code, json.loads(finished.out)["status"]) == (0, "needs_operator")
    assert (moved(run).problem, collecting.unit_advance()) == ("paused", 0)
    assert is_one_sentence(manage("pauserun", collection.reference))
    assert manage("resumecollection", collection.reference).code == 0
    assert work(run).status == Run.Status.DONE
    collection.refresh_from_db()
    assert collection.status == Collection.Status.SUBMITTED


def test_a_run_that_is_paused_in_its_last_unit_is_done_with_it(
    manage: Manage, collection: Collection, gateway: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = sign_in(collection)
    perform = collecting._perform

    def paused_meanwhile(hold: Hold) -> collecting.Store:
        store = perform(hold)
        assert manage("pauserun", collection.reference).code == 0
        return store

    monkeypatch.setattr(collecting, "_perform", paused_meanwhile)
    collecting.unit_advance()
    assert moved(run).status == Run.Status.DONE


def test_a_run_that_waits_for_the_gateway_is_tried_at_once(
    manage: Manage, collection: Collection, gateway: Sandbox
) -> None:
    gateway.faults.next("down", times=2)
    run = work(sign_in(collection))
    assert run.status == Run.Status.WAITING
    assert collecting.unit_advance() == 0
    assert manage("retryrun", collection.reference).code == 0
    assert work(moved(run)).status == Run.Status.DONE
    assert is_one_sentence(manage("retryrun", collection.reference))


def test_without_the_password_only_the_borrower_can_go_on(
    manage: Manage, collection: Collection, gateway: Sandbox
) -> None:
    work(sign_in(collection, password="wrong"))
    finished = manage("retryrun", collection.reference)
    assert is_one_sentence(finished)
    assert "only the borrower can go on" in finished.error


def test_a_cancelled_collection_begins_anew_and_nothing_of_the_first_is_left(
    manage: Manage, collection: Collection, gateway: Sandbox
) -> None:
    run = submitted(collection)
    for _ in range(4):
        collecting.unit_advance()
    assert is_one_sentence(manage("cancelrun", collection.reference))
    assert moved(run).status in Run.LIVE
    assert manage("cancelrun", collection.reference, "--yes").code == 0
    collection.refresh_from_db()
    assert (moved(run).status, collection.status) == (Run.Status.CANCELLED, Collection.Status.STARTED)
    assert not collection.trial_balances.exists() and not collection.tables.exists()
    assert Connection.objects.get().secret is None
    assert is_one_sentence(manage("cancelrun", collection.reference, "--yes")) is True
    again = work(submitted(collection))
    collection.refresh_from_db()
    assert (again.status, collection.status) == (Run.Status.DONE, Collection.Status.SUBMITTED)


def test_a_cancelled_sign_in_can_be_typed_again(
    manage: Manage, collection: Collection, gateway: Sandbox
) -> None:
    sign_in(collection)
    assert manage("cancelrun", collection.reference, "--yes").code == 0
    examined(collection)
    assert intake.collection_submit(collection=ready(collection), by=BORROWER).kind == Run.Kind.COLLECT


def test_runs_that_stand_still_are_listed_with_their_cure(
    manage: Manage, collection: Collection, gateway: Sandbox
) -> None:
    assert manage("listruns", "--stalled").code == 0
    run = sign_in(collection)
    listed = json.loads(manage("listruns", "--json").out)
    assert (listed["reference"], listed["status"], listed["planned"]) == (collection.reference, "queued", 1)
    assert manage("listruns", "--stalled").out == ""
    earlier = timezone.now() - timedelta(hours=1)
    Run.objects.filter(pk=run.pk).update(served_at=earlier, created_at=earlier)
    finished = manage("listruns", "--stalled")
    assert (finished.code, finished.error) == (1, "CommandError: 1 of the runs stand still.\n")
    assert "for 60 minutes. No worker has taken it up. See doctor" in finished.out
    gateway.faults.next("malformed")
    work(run)
    told = json.loads(manage("listruns", "--stalled", "--json").out)
    assert told["why"] == "An answer of Sage Intacct could not be read."
    assert f"showexchange {collection.reference}" in told["cure"]
    assert f"then resumecollection {collection.reference}." in told["cure"]


def test_a_refused_sender_names_the_settings_to_correct_and_a_pause_the_command_that_ends_it(
    manage: Manage, collection: Collection, gateway: Sandbox, settings: Any
) -> None:
    right, settings.INTACCT_SENDER_PASSWORD = settings.INTACCT_SENDER_PASSWORD, "another"
    work(sign_in(collection))
    shown = manage("showcollection", collection.reference).out
    assert "Correct INTACCT_SENDER_ID and INTACCT_SENDER_PASSWORD" in shown
    assert "We have been told" not in shown + manage("listruns", "--stalled").out
    settings.INTACCT_SENDER_PASSWORD = right
    assert manage("resumecollection", collection.reference).code == 0
    assert manage("pauserun", collection.reference).out == "Check the sign-in: paused\n"
    shown = manage("showcollection", collection.reference).out
    assert f"resumecollection {collection.reference} lets it go on." in shown
    assert "by itself" not in shown
