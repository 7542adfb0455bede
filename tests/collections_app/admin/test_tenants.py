"""Nobody learns anything about another lender's rows, at any address."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import User
from django.http import HttpResponseBase
from django.test import Client, RequestFactory

from collections_app.models import Collection, Event, Lender
from tests import factories
from tests.collections_app.admin.addresses import (
    address,
    address_of,
    admin_routes,
    name_of,
    object_of,
    object_routes,
)

OPEN_TO_ALL = {
    "admin/login/",
    "admin/logout/",
    "admin/password-reset/",
    "admin/password-reset/asked/",
}
# They lead on to the desk, which leads to the sign-in.
HALF_WAY = {"admin/code/", "admin/set-up-code/"}
NO_SUCH_ID = 987654321
QUERIES = {
    "collection/<path:object_id>/change/": "month=2026-02",
    "accounts/<str:name>": "month=2026-02&entry=021&page=1",
    "compare/": "with=1&account=100&month=2026-02",
}
TIMES = re.compile(rb'name="form_key" value="[^"]*"')
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
        name = name_of(route, collected)
        for query in queries_of(route):
            theirs = answer(ask(address(route, foreign, name) + query), foreign)
            missing = answer(ask(address(route, NO_SUCH_ID, name) + query), NO_SUCH_ID)
            assert theirs == missing, (route, query)
            assert theirs[0] in (302, 301, 403, 404, 405), (route, query)


def queries_of(route: str) -> list[str]:
    """The address as it is, and with what else its page asks of an address."""
    return ["", *(f"?{query}" for ending, query in QUERIES.items() if route.endswith(ending))]


def test_no_address_names_another_lenders_borrower(
    stranger: Client, manager: Client, collected: Collection
) -> None:
    hidden = (collected.borrower_name, collected.reference, collected.lender.name, "Bank", "Sales")
    for route in admin_routes():
        told = stranger.get(address_of(route, collected), follow=True).getvalue().decode()
        assert [word for word in hidden if word in told] == [], route


def test_no_post_of_a_stranger_leaves_a_trace(
    stranger: Client, manager: Client, collected: Collection
) -> None:
    addresses = [address_of(route, collected) for route in object_routes()]
    before = Event.objects.count()
    for each in addresses:
        stranger.post(each, {"form_key": "x", "post": "yes"})
        assert Event.objects.count() == before, each


def test_without_a_sign_in_every_address_leads_to_the_sign_in(
    client: Client, manager: Client, collected: Collection
) -> None:
    for route in admin_routes():
        if route not in OPEN_TO_ALL:
            response = client.get(address_of(route, collected))
            assert response.status_code == 302, route
            leads_to = "/admin/" if route in HALF_WAY else "/admin/login/"
            assert urlsplit(response.headers["Location"]).path == leads_to, route


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
    refused = manager.get(
        "/admin/collections_app/collection/?connection__company_key__startswith=x", follow=True
    )
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


def lists_of_rows() -> list[str]:
    return [route for route in admin_routes() if f"{route}add/" in admin_routes()]


def bodies(browser: Client) -> dict[str, bytes]:
    """Every page of the desk that needs no object, as this person reads it."""
    pages = [route for route in admin_routes() if route not in object_routes()]
    lists = lists_of_rows()
    queries = [f"{route}?{query}" for route in lists for query in ("q=a", "q=@", "all=", "o=1", "p=1")]
    asked = [address(page, NO_SUCH_ID) for page in pages if "logout" not in page]
    asked += ["/" + query for query in queries]
    return {url: TIMES.sub(b"", CHANGING_PARTS.sub(b"", browser.get(url).getvalue())) for url in asked}


def test_no_page_changes_by_a_letter_when_another_lender_comes_and_works(
    manager: Client, operator: Client, lender: Lender, other_lender: Lender
) -> None:
    """Names, counts, filters, choices: all that is somebody else's leaves no mark."""
    factories.make_collection(lender)
    before = bodies(manager)
    factories.make_staff(other_lender)
    theirs = factories.collected_collection(other_lender)
    for route in admin_routes():
        object_of(route, theirs)
    assert bodies(manager) == before


def test_every_action_on_another_lenders_rows_answers_as_on_missing_ones(
    stranger: Client, manager: Client, collected: Collection
) -> None:
    for route in lists_of_rows():
        foreign = object_of(route, collected).pk
        model_admin = next(
            each for each in admin.site._registry.values() if f"/{each.opts.model_name}/" in route
        )
        names = ["delete_selected", *(name for name in (row.__name__ for row in _actions(model_admin)))]
        for name in names:
            told = [
                answer(
                    stranger.post(
                        f"/{route}",
                        {"action": name, ACTION_CHECKBOX_NAME: pk, "select_across": "1", "post": "yes"},
                        follow=True,
                    ),
                    pk,
                )
                for pk in (foreign, NO_SUCH_ID)
            ]
            assert told[0] == told[1], (route, name)
        assert type(object_of(route, collected)).objects.filter(pk=foreign).exists(), route  # type: ignore[attr-defined]


def _actions(model_admin: Any) -> list[Any]:
    return [function for function, _name, _description in model_admin._get_base_actions()]


def test_another_lenders_row_chosen_in_a_form_is_refused_like_a_missing_one(
    stranger: Client, manager: Client, collected: Collection, operator: Client
) -> None:
    chosen = {
        "hours": "1",
        "reason": "x",
        "operator": str(User.objects.get(is_superuser=True).pk),
    }
    grants = "/admin/collections_app/figuresgrant/add/"
    refused = [
        stranger.post(grants, chosen | {"reference": reference}).content.decode().replace(reference, "REF")
        for reference in (collected.reference, "TEST-0")
    ]
    assert "There is no such collection." in refused[0]
    assert CHANGING_PARTS.sub(b"", refused[0].encode()) == CHANGING_PARTS.sub(b"", refused[1].encode())
    assert not collected.figures_grants.exists()


def test_the_permissions_themselves_ask_whose_an_object_is(
    stranger: Client, rf: RequestFactory, other_lender: Lender, manager: Client, collected: Collection
) -> None:
    """The second wall, should an object ever be read past the first."""
    request = rf.get("/admin/")
    request.user = other_lender.staff.get().user
    for route in lists_of_rows():
        row = object_of(route, collected)
        model_admin = admin.site._registry[type(row)]
        for asked in ("view", "change", "delete"):
            assert not getattr(model_admin, f"has_{asked}_permission")(request, row), (route, asked)
