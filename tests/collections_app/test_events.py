"""The record of what happened: written once, readable by lender and operator."""

import pytest
from django.contrib.auth.models import User

from collections_app import events
from collections_app.events import Who
from collections_app.models import Collection, Event
from tests.collecting import BORROWER, OPERATOR


def test_an_event_says_who_did_what(collection: Collection) -> None:
    event = events.record(collection, "something.done", by=OPERATOR, why="asked")
    assert (event.actor_kind, event.actor) == ("operator", "a test")
    assert (event.action, event.data) == ("something.done", {"why": "asked"})


def test_what_is_not_known_is_left_out(collection: Collection) -> None:
    event = events.record(collection, "something.done", by=BORROWER, why="", problem=None, count=0)
    assert event.data == {"count": 0}


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


def test_the_end_of_a_collection_takes_its_events_along(collection: Collection) -> None:
    collection.links.all().delete()
    collection.delete()
    assert not Event.objects.exists()
