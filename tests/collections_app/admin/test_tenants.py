"""Nobody learns anything about another lender's rows, at any address."""

import re
from urllib.parse import urlsplit

import pytest
from django.http import HttpResponseBase
from django.test import Client

from collections_app.models import Collection, Event
from tests import factories
from tests.collections_app.admin.addresses import address, admin_routes, object_of, object_routes

NO_SUCH_ID = 987654321
CHANGING_PARTS = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')


def answer(response: HttpResponseBase, object_id: object) -> tuple[int, str, bytes]:
    """What the response tells, with the id asked for left out."""
    body = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
    body = CHANGING_PARTS.sub(b"", body)
    number = str(object_id)
    return (
        response.status_code,
        response.headers.get("Location", "").replace(number, "ID"),
        body.replace(number.encode(), b"ID"),
    )


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_strangers_object_answers_like_a_missing_one_at_every_address(
    method: str, stranger: Client, manager: Client, collected: Collection
) -> None:
    ask = getattr(stranger, method)
    for route in object_routes():
        foreign = object_of(route, collected).pk
        theirs = answer(ask(address(route, foreign)), foreign)
        missing = answer(ask(address(route, NO_SUCH_ID)), NO_SUCH_ID)
        assert theirs == missing, route
        assert theirs[0] in (302, 301, 403, 404, 405), route


def test_no_address_names_another_lenders_borrower(
    stranger: Client, manager: Client, collected: Collection
) -> None:
    hidden = (collected.borrower_name, collected.reference, collected.lender.name, "Bank", "Sales")
    for route in admin_routes():
        told = stranger.get(address(route, object_of(route, collected).pk), follow=True).getvalue().decode()
        assert [word for word in hidden if word in told] == [], route


def test_no_post_of_a_stranger_leaves_a_trace(
    stranger: Client, manager: Client, collected: Collection
) -> None:
    before = Event.objects.count()
    for route in object_routes():
        stranger.post(address(route, object_of(route, collected).pk), {"form_key": "x", "post": "yes"})
        assert Event.objects.count() == before, route


def test_without_a_sign_in_every_address_leads_to_the_sign_in(
    client: Client, manager: Client, collected: Collection
) -> None:
    for route in admin_routes():
        if route not in ("admin/login/", "admin/logout/"):
            response = client.get(address(route, object_of(route, collected).pk))
            assert response.status_code == 302, route
            assert urlsplit(response.headers["Location"]).path == "/admin/login/", route


@pytest.mark.parametrize(
    "query", ["q=Acme", "q=L-77", "status__exact=submitted", "created_at__year=2026", "all="]
)
def test_search_filters_and_dates_find_own_rows_alone(
    query: str, stranger: Client, collected: Collection
) -> None:
    told = stranger.get(f"/admin/collections_app/collection/?{query}").content.decode()
    assert collected.reference not in told
    assert "1 collection" not in told


def test_only_operators_are_offered_a_filter_that_lists_lenders(
    manager: Client, operator: Client, collected: Collection
) -> None:
    factories.make_collection(factories.make_lender("Southern Trust"))
    factories.make_staff(factories.make_lender("Eastern Loans"))
    for listed in ("collection", "staffmember"):
        address_of_list = f"/admin/collections_app/{listed}/"
        assert "By lender" not in manager.get(address_of_list).content.decode()
        assert "By lender" in operator.get(address_of_list).content.decode()


def test_a_filter_typed_into_the_address_tells_nothing(manager: Client, collected: Collection) -> None:
    other = factories.make_collection()
    told = manager.get(
        f"/admin/collections_app/collection/?lender__id__exact={other.lender_id}"
    ).content.decode()
    assert other.reference not in told
    refused = manager.get("/admin/collections_app/collection/?connection__user_id__startswith=x", follow=True)
    assert refused.status_code == 400


def test_staff_without_a_lender_see_nothing(nobody: Client, collected: Collection) -> None:
    assert nobody.get("/admin/collections_app/collection/").status_code == 403
    assert collected.reference not in nobody.get("/admin/").content.decode()
    assert nobody.get(f"/admin/collections_app/collection/{collected.pk}/change/").status_code == 404


def test_a_dismissed_person_is_out_at_once(manager: Client, collected: Collection) -> None:
    member = collected.lender.staff.get()
    member.user.is_active = False
    member.user.save(update_fields=["is_active"])
    assert manager.get("/admin/collections_app/collection/").status_code == 302
