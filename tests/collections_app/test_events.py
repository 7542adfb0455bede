"""The record of what happened: written once, readable by lender and operator."""

import base64
import os
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models import ProtectedError

from collections_app import events
from collections_app.events import Who
from collections_app.models import Collection, Event, Lender
from tests.collecting import BORROWER, OPERATOR


def test_an_event_says_who_did_what(collection: Collection) -> None:
    event = events.record(collection, "something.done", by=OPERATOR, why="asked")
    assert (event.actor_kind, event.actor) == ("operator", "a test")
    assert (event.action, event.data) == ("something.done", {"why": "asked"})


def test_what_is_not_known_is_left_out(collection: Collection) -> None:
    event = events.record(collection, "something.done", by=BORROWER, why="", problem=None, count=0)
    assert event.data == {"count": 0}


def test_without_the_operators_key_it_is_still_kept_who_did_what(
    collection: Collection, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """A run that could not be recorded as stopped would be begun again for ever."""
    settings.VAULT_KEYS = [base64.urlsafe_b64encode(os.urandom(32)).decode()]
    event = events.record(collection, "run.needs_operator", by=Who.worker(), problem="our_fault")
    assert (event.actor_kind, event.action, event.data) == ("worker", "run.needs_operator", {})
    assert Event.objects.filter(pk=event.pk).exists()
    assert "kept without its data" in caplog.text


def test_staff_is_named_by_user_name() -> None:
    assert Who.staff(User(username="dana@harbor.example")) == Who("staff", "dana@harbor.example")


def test_a_stored_event_cannot_be_saved_again(collection: Collection) -> None:
    event = collection.events.all()[0]
    event.action = "collection.never_invited"
    with pytest.raises(TypeError, match="never changed"):
        event.save()
    assert Event.objects.get(pk=event.pk).action == "collection.invited"


def test_a_stored_event_cannot_be_deleted(collection: Collection) -> None:
    event = collection.events.all()[0]
    with pytest.raises(TypeError, match="never changed"):
        event.delete()
    assert Event.objects.filter(pk=event.pk).exists()


def test_events_cannot_be_changed_or_deleted_in_bulk(collection: Collection) -> None:
    with pytest.raises(TypeError, match="never changed"):
        collection.events.update(action="collection.never_invited")
    with pytest.raises(TypeError, match="never changed"):
        Event.objects.all().delete()
    assert collection.events.filter(action="collection.invited").exists()


def test_events_are_told_in_the_order_in_which_they_happened(collection: Collection) -> None:
    for number in range(5):
        events.record(collection, f"step.{number}", by=BORROWER)
    told = [event.action for event in collection.events.all()]
    assert told[-5:] == [f"step.{number}" for number in range(5)]


def test_a_collection_cannot_be_deleted_from_under_its_events(collection: Collection) -> None:
    collection.links.all().delete()
    with pytest.raises(ProtectedError):
        collection.delete()
    assert collection.events.exists()


def test_what_belongs_to_no_collection_is_recorded_and_sealed_too(lender: Lender) -> None:
    event = events.note("lender.changed", by=OPERATOR, about="lender:harbor", fields=["link_days"])
    stored = Event.objects.get(pk=event.pk)
    assert (stored.about, stored.data) == ("lender:harbor", {"fields": ["link_days"]})
    assert str(stored) == f"lender.changed {stored.at:%Y-%m-%d %H:%M} UTC"
    assert b"link_days" not in bytes(stored.sealed)
