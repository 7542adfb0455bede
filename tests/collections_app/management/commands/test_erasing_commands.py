"""`erase`, `applyretention` and `purgecredentials`: what is gone is proved to be gone."""

import json
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.utils import timezone

from collections_app import data_keys
from collections_app.models import Collection, Connection, DataKey, Lender, Run
from collections_app.services import erasing
from collections_app.services.credentials import credentials_open
from intacct.sandbox import Sandbox
from tests import factories
from tests.collecting import OPERATOR, PASSWORD, after_event, sign_in, started, submitted
from tests.collections_app.management.commands.conftest import Manage, is_one_sentence

KEPT = {
    "data_key": "says when and why",
    "events": "the record",
    "runs": "counts and times",
    "notices": "which mail went when",
    "figures_grants": "whom of the operators the lender let look",
    "sent_requests": "under which key a system asked, without the hash of what it sent",
    "refreshed_by": "later requests, which hold what is theirs",
}


def test_everything_that_hangs_on_a_collection_is_deleted_or_kept_on_purpose() -> None:
    relations = {relation.name for relation in Collection._meta.related_objects}
    assert relations == set(erasing.DELETED) | set(KEPT)


def test_an_erased_request_is_proved_to_be_gone(manage: Manage, reports_folder: Path) -> None:
    collection = factories.collected_collection(
        borrower_name="Ångström Bikes", borrower_email="zoe@a.example"
    )
    reference = collection.reference
    assert is_one_sentence(manage("erase", reference))
    foreseen = json.loads(manage("erase", reference, "--dry-run", "--json").out)
    assert foreseen["erased_at"] is None and foreseen["rows"]["accounts"] == 9 and foreseen["files"] > 0
    assert [*reports_folder.rglob("*.sealed")]
    finished = manage("erase", reference, "--why", "GDPR 17, asked by mail", "--json")
    told = json.loads(finished.out)
    assert (finished.code, told["complete"], told["left"], told["rows"]) == (0, True, [], foreseen["rows"])
    assert not [*reports_folder.rglob("*.sealed")]
    collection.refresh_from_db()
    assert (collection.borrower_name, collection.borrower_email) == ("Erased", "erased@erased.invalid")
    assert "bikes" not in collection.searched and "a.example" not in collection.searched
    assert data_keys.destroyed(collection.pk) and not collection.accounts.exists()
    again = manage("erase", reference)
    assert (again.code, "no row, no name and no file is left" in again.out) == (0, True)
    assert manage("verifyaudit").code == 0
    assert manage("showcollection", reference).code == 0


def test_what_comes_back_is_found_and_erased_again(manage: Manage, reports_folder: Path) -> None:
    collection = factories.collected_collection()
    manage("erase", collection.reference, "--why", "asked")
    stray = reports_folder / collection.reference / ("0" * 32) / "report.xlsx.sealed"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"from a backup")
    assert erasing.erasure_proved(collection=collection).left
    assert manage("erase", collection.reference, "--why", "asked").code == 0
    assert not stray.exists()


def test_a_request_under_way_is_ended_first(manage: Manage, collection: Collection, gateway: Sandbox) -> None:
    run = submitted(collection)
    assert manage("erase", collection.reference, "--why", "asked").code == 0
    collection.refresh_from_db()
    run.refresh_from_db()
    assert (collection.status, run.status) == (Collection.Status.WITHDRAWN, Run.Status.CANCELLED)
    assert not Connection.objects.exists()


def test_retention_erases_by_the_lenders_own_days_and_nothing_before(manage: Manage, settings: Any) -> None:
    now = timezone.now()
    short, long = factories.make_lender(retention_days=30), factories.make_lender(retention_days=90)
    due = factories.make_collection(short, shared_at=now - timedelta(days=31), status="submitted")
    withdrawn = factories.make_collection(short, withdrawn_at=now - timedelta(days=32), status="withdrawn")
    kept = factories.make_collection(long, shared_at=now - timedelta(days=31), status="submitted")
    new = factories.make_collection(short)
    listed = manage("applyretention", "--dry-run")
    assert [line.split()[0] for line in listed.out.splitlines()[:-1]] == [withdrawn.reference, due.reference]
    assert listed.last == "2 due." and not data_keys.destroyed(due.pk)
    settings.ERASE_AFTER_RETENTION = False
    assert erasing.retention_apply() == 0
    settings.ERASE_AFTER_RETENTION = True
    assert erasing.retention_apply() == 2
    destroyed = {each.pk for each in (due, withdrawn, kept, new) if data_keys.destroyed(each.pk)}
    assert destroyed == {due.pk, withdrawn.pk}
    with time_machine.travel(now + timedelta(days=60)):
        told = [json.loads(line) for line in manage("applyretention", "--json").out.splitlines()]
    assert {each["reference"] for each in told} == {kept.reference, new.reference}


@pytest.mark.parametrize("by_command", [True, False], ids=["the command", "the clock"])
@pytest.mark.parametrize(
    "change",
    [
        lambda due: Lender.objects.filter(pk=due.lender_id).update(retention_days=90),
        lambda due: Collection.objects.filter(pk=due.pk).update(shared_at=timezone.now()),
        lambda due: erasing.collection_erase(collection=due, by=OPERATOR, why="asked"),
    ],
    ids=["kept for longer", "shared anew", "erased"],
)
def test_what_is_due_no_longer_when_its_turn_comes_is_left_alone(
    manage: Manage, by_command: bool, change: Callable[[Collection], object]
) -> None:
    """The list is read once, and to erase the one before it can take minutes."""
    shared = timezone.now() - timedelta(days=32)
    first = factories.make_collection(retention_days=30, shared_at=shared, status="submitted")
    later = factories.make_collection(
        factories.make_lender(retention_days=30), shared_at=shared + timedelta(days=1), status="submitted"
    )
    with after_event("collection.erased", lambda: change(later)):
        if by_command:
            assert manage("applyretention").last == "1 erased."
        else:
            assert erasing.retention_apply() == 1
    assert data_keys.destroyed(first.pk)
    why = {each.collection_id: each.destroyed_why for each in DataKey.objects.all()}
    assert why[later.pk] != why[first.pk]


def test_no_lender_keeps_longer_than_it_said_when_the_borrower_agreed(db: None) -> None:
    lender = factories.make_lender(retention_days=3650)
    shared: dict[str, Any] = {"shared_at": timezone.now() - timedelta(days=400), "status": "submitted"}
    promised = factories.make_collection(lender, retention_days=365, **shared)
    factories.make_collection(lender, **shared)
    factories.make_collection(lender, retention_days=3650, **shared)
    assert erasing.retention_due() == [promised]
    # What is due already is nothing that a smaller number would make due.
    assert erasing.retention_made_due(lender=lender, days=300) == 2
    assert erasing.retention_made_due(lender=lender, days=401) == 0
    lender.retention_days = 300
    lender.save(update_fields=["retention_days"])
    assert len(erasing.retention_due()) == 3


def test_who_agreed_before_the_days_were_kept_agreed_to_the_lenders_number(db: None) -> None:
    lender = factories.make_lender(retention_days=500)
    agreed = factories.make_collection(lender, reviewed_at=timezone.now())
    asked = factories.make_collection(lender)
    migration = import_module("collections_app.migrations.0026_spent_forms_and_days_agreed_to")
    migration.carry_agreement_over(apps, None)
    for collection, days in ((agreed, 500), (asked, None)):
        collection.refresh_from_db()
        assert collection.retention_days == days


def test_the_purge_leaves_a_password_that_was_saved_after_it_had_looked(
    manage: Manage, lender: Lender, collection: Collection, gateway: Sandbox
) -> None:
    sign_in(collection)
    late = started(lender)
    sign_in(late)
    with after_event("credentials.destroyed", lambda: sign_in(late, password="newer")):
        assert manage("purgecredentials", "--hours", "0").out == f"{collection.reference}\n1 destroyed.\n"
    assert credentials_open(connection=Connection.objects.get(collection=late)).password == "newer"


def test_passwords_are_purged_by_age_by_reference_and_all_at_once(
    manage: Manage, collection: Collection, gateway: Sandbox
) -> None:
    sign_in(collection)
    reference = collection.reference
    assert manage("purgecredentials").last == "0 destroyed."
    assert manage("purgecredentials", "--hours", "0", "--dry-run").out == f"{reference}\n1 kept.\n"
    assert credentials_open(connection=Connection.objects.get()).password == PASSWORD
    told = json.loads(manage("purgecredentials", reference, "--json").out)
    assert told == {"destroyed": True, "references": [reference]}
    assert Connection.objects.get().secret is None
    assert is_one_sentence(manage("purgecredentials", "NONE-SUCH"))
