"""The chain of events: what anybody does to it behind the product's back is found."""

import base64
import os
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from collections_app import events
from collections_app.audit import guards, keys
from collections_app.audit.verification import Head, Verification, audit_verify
from collections_app.models import AuditChain, Collection, Event, Lender
from collections_app.services.auditing import events_chain
from collections_app.services.erasing import data_key_destroy
from collections_app.services.rotating import vault_rotate
from collections_app.vault import VaultError
from tests import factories
from tests.collecting import OPERATOR


@pytest.fixture
def chained(db: None) -> Collection:
    """A collection with eight events, each a link; two more events belong to no collection."""
    collection = factories.make_collection()
    for number in range(5):
        events.record(collection, f"step.{number}", by=OPERATOR, number=number)
    events.note("lender.changed", by=OPERATOR, about="lender:harbor")
    events.note("user.signed_in", by=OPERATOR)
    assert events_chain() == 8
    return collection


def sql(statement: str, *parameters: Any) -> None:
    """What somebody does who holds the database and nothing else."""
    with connection.cursor() as cursor:
        cursor.execute(
            statement.format(event=Event._meta.db_table, chain=AuditChain._meta.db_table), parameters
        )


def kinds(found: Verification) -> list[str]:
    return [finding.kind for finding in found.findings]


def test_a_chain_that_nobody_touched_is_proved_to_its_end(chained: Collection) -> None:
    found = audit_verify()
    assert (found.findings, found.links, found.waiting, found.head.position) == ([], 8, 0, 8)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor", "somebody else"),
        ("action", "step.9"),
        ("at", "2026-01-01 00:00:00"),
        ("actor_kind", "staff"),
        ("about", "lender:oak"),
        ("sealed", None),
        ("collection_id", None),
        ("signature", "0" * 64),
    ],
)
def test_a_changed_event_is_found(chained: Collection, column: str, value: Any) -> None:
    sql(f"UPDATE {{event}} SET {column} = %s WHERE position = 3", value)  # noqa: S608
    found = audit_verify()
    assert [(finding.kind, finding.position) for finding in found.findings] == [("changed", 3)]


def test_a_removed_event_is_found_in_the_middle_and_at_the_end(chained: Collection) -> None:
    sql("DELETE FROM {event} WHERE position IN (4, 5, 8)")
    told = [finding.sentence for finding in audit_verify().findings]
    assert told == ["Links 4 to 5 are missing: 2 removed.", "Link 8 is missing: 1 removed."]


def test_events_that_changed_places_are_found(chained: Collection) -> None:
    sql("UPDATE {event} SET position = 100 WHERE position = 3")
    sql("UPDATE {event} SET position = 3 WHERE position = 4")
    sql("UPDATE {event} SET position = 4 WHERE position = 100")
    assert kinds(audit_verify()) == ["moved", "moved", "moved"]


def test_an_inserted_event_is_found_and_never_becomes_a_link(chained: Collection) -> None:
    columns = "about, at, actor_kind, actor, action, sealed, signature, link_seal"
    for signature in ("''", "signature"):
        values = f"about, at, actor_kind, 'x', action, sealed, {signature}, ''"
        sql(f"INSERT INTO {{event}} ({columns}) SELECT {values} FROM {{event}} WHERE position = 2")  # noqa: S608
    assert events_chain() == 0
    assert kinds(audit_verify()) == ["unsigned", "inserted"]


def test_a_copy_of_a_genuine_event_does_not_pass_for_a_link(chained: Collection) -> None:
    columns = "collection_id, about, at, actor_kind, actor, action, sealed, signature, link_seal"
    copied = f"SELECT 9, {columns} FROM {{event}} WHERE position = 8"  # noqa: S608
    sql(f"INSERT INTO {{event}} (position, {columns}) {copied}")
    assert kinds(audit_verify()) == ["moved"]


def test_an_end_that_was_put_back_does_not_hide_what_was_removed(chained: Collection) -> None:
    seal = Event.objects.get(position=6).link_seal
    sql("DELETE FROM {event} WHERE position > 6")
    sql("UPDATE {chain} SET position = 6, seal = %s", seal)
    assert kinds(audit_verify()) == ["head"]
    sql("DELETE FROM {chain}")
    keys.forget()
    assert kinds(audit_verify()) == ["head"]


def test_a_database_that_was_put_back_and_grew_to_the_same_length_is_found(chained: Collection) -> None:
    before = AuditChain.objects.values().get()
    events.record(chained, "later", by=OPERATOR)
    events_chain()
    noted = audit_verify().head
    sql("DELETE FROM {event} WHERE position = 9")
    AuditChain.objects.update(**before)
    events.record(chained, "another", by=OPERATOR)
    events_chain()
    assert audit_verify().head.position == noted.position
    told = [finding.sentence for finding in audit_verify(noted=noted).findings]
    assert told == ["Link 9 is not the head that was noted."]


def test_a_whole_database_that_was_put_back_is_found_by_a_head_noted_elsewhere(chained: Collection) -> None:
    before = AuditChain.objects.values().get()
    events.record(chained, "later", by=OPERATOR)
    events_chain()
    noted = audit_verify().head
    assert audit_verify(noted=noted).findings == []
    assert audit_verify(noted=Head(before["position"], before["seal"])).findings == []
    sql("DELETE FROM {event} WHERE position = 9")
    AuditChain.objects.update(**before)
    assert audit_verify().findings == []
    assert kinds(audit_verify(noted=noted)) == ["removed"]
    assert kinds(audit_verify(noted=Head(3, "0" * 64))) == ["head"]


def test_an_event_is_about_to_be_linked_until_the_clock_should_have_done_it(chained: Collection) -> None:
    events.record(chained, "later", by=OPERATOR)
    found = audit_verify()
    assert (found.findings, found.waiting) == ([], 1)
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1)):
        assert kinds(audit_verify()) == ["waiting"]
    assert events_chain() == 1
    assert audit_verify().findings == []


def test_erasing_leaves_the_chain_provable(chained: Collection) -> None:
    data_key_destroy(collection=chained, by=OPERATOR, why="asked")
    events_chain()
    found = audit_verify()
    assert (found.findings, found.links) == ([], 9)


def test_the_key_moves_with_the_vault_and_without_it_nothing_can_be_told(
    chained: Collection, settings: Any
) -> None:
    old, new = settings.VAULT_KEYS, base64.urlsafe_b64encode(os.urandom(32)).decode()
    settings.VAULT_KEYS = [new, *old]
    assert vault_rotate().left == 0
    settings.VAULT_KEYS = [new]
    assert audit_verify().findings == []
    settings.VAULT_KEYS = old
    with pytest.raises(VaultError):
        audit_verify()


def test_the_database_refuses_what_would_rewrite_the_record(chained: Collection) -> None:
    guards.install(connection)
    assert guards.installed(connection) == guards.NAMES
    for statement in (
        "UPDATE {event} SET actor = 'x' WHERE position = 1",
        "UPDATE {event} SET position = 99 WHERE position = 1",
        "DELETE FROM {event} WHERE position = 8",
    ):
        with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
            sql(statement)
    events.record(chained, "later", by=OPERATOR)
    assert events_chain() == 1
    assert audit_verify().findings == []


def test_the_lenders_end_does_not_take_the_record_along(lender: Lender) -> None:
    events.note("lender.created", by=OPERATOR, about=f"lender:{lender.slug}")
    lender.delete()
    assert Event.objects.filter(about="lender:harbor").exists()
