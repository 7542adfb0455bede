"""Whoever looks at a page of the desk, or asks the API, is in the record."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from collections_app.models import Collection, Event
from collections_app.services import looking
from tests import factories
from tests.collections_app.admin.addresses import address_of, admin_routes

PAGE = "/admin/collections_app/collection/{}/change/"
# What shows nothing of anybody but the person who looks.
ONES_OWN = {
    "admin/",
    "admin/jsi18n/",
    "admin/^(?P<app_label>collections_app|auth)/$",
    "admin/your-settings/",
    "admin/password_change/",
    "admin/password_change/done/",
    # Open to all, before a sign-in.
    "admin/login/",
    "admin/password-reset/",
    "admin/password-reset/asked/",
}


@pytest.mark.slow
@pytest.mark.parametrize("role", ["analyst", "manager", "auditor", "operator"])
def test_a_look_at_any_address_is_an_event_of_that_person(
    role: str, request: pytest.FixtureRequest, collected: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser: Client = request.getfixturevalue(role)
    factories.make_staff(collected.lender)
    person = browser.session["_auth_user_id"]
    monkeypatch.setattr(looking, "ONE_VISIT", timedelta(0))
    looked = 0
    for route in admin_routes():
        if "logout" in route:
            continue
        page = address_of(route, collected)
        before = Event.objects.count()
        response = browser.get(page)
        response.getvalue()
        if response.status_code == 200 and route not in ONES_OWN:
            made = Event.objects.order_by("pk")[before:]
            assert [each.actor for each in made] == [name_of(person)], route
            looked += 1
    assert looked > 15


def name_of(user_id: str) -> str:
    return User.objects.get(pk=user_id).username


def test_what_was_shared_is_told_from_the_request_alone(
    manager: Client, operator: Client, collected: Collection
) -> None:
    asked = factories.make_collection(collected.lender)
    for page in (PAGE.format(collected.pk), PAGE.format(asked.pk)):
        manager.get(page)
        operator.get(page)
    looks = Event.objects.filter(action__endswith=".viewed")
    told = set(looks.values_list("collection_id", "actor_kind", "action"))
    assert told == {
        (collected.pk, "staff", "collection.viewed"),
        (asked.pk, "staff", "request.viewed"),
        # No manager let the operator see the figures.
        (collected.pk, "operator", "request.viewed"),
        (asked.pk, "operator", "request.viewed"),
    }


def test_one_visit_is_one_event_and_a_post_or_a_refusal_is_no_look(
    analyst: Client, stranger: Client, collected: Collection
) -> None:
    page = PAGE.format(collected.pk)
    for _again in range(3):
        analyst.get(page)
    analyst.post(page)
    stranger.get(page)
    assert analyst.get(f"/admin/collections_app/collection/{collected.pk}/withdraw/").status_code == 403
    assert Event.objects.filter(action__endswith=".viewed").count() == 1


def test_both_collections_that_are_compared_were_looked_at(manager: Client, collected: Collection) -> None:
    other = factories.collected_collection(collected.lender)
    for each in (collected, other):
        each.connection.company_key = "the same company"
        each.connection.save(update_fields=["company_key"])
    told = manager.get(f"/admin/collections_app/collection/{collected.pk}/compare/", {"with": other.pk})
    assert told.status_code == 200
    for each in (collected, other):
        assert each.events.filter(action="collection.viewed").count() == 1
