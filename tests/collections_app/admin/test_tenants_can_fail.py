"""What the walks of `test_tenants` ask for is there, and its owner gets it: unscoped they would fail."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model
from django.test import Client

from collections_app.admin.worklist import VIEWS
from collections_app.models import Collection
from tests import factories
from tests.collections_app.admin.addresses import (
    OBJECT,
    address,
    address_of,
    name_of,
    object_of,
    object_routes,
)
from tests.collections_app.admin.test_tenants import NO_SUCH_ID, answer, lists_of_rows

# The walks themselves are quick; that they can fail is shown with the slow tests.
pytestmark = pytest.mark.slow

FORM = {"form_key": "x", "post": "yes"}
ROWS = "admin/collections_app/"
# Rows of the whole instance, which no lender's own staff sees.
OF_THE_INSTANCE = ("admin/auth/", f"{ROWS}event/")
# Where whoever asks gets nothing: what nobody deletes, what has no page outside the desk, and groups, which
# there are none of.
CLOSED_TO_ALL = {
    f"admin/r/<path:content_type_id>/{OBJECT}/",
    *(f"admin/auth/group/{OBJECT}/{page}/" for page in ("change", "delete", "history")),
    *(
        f"{ROWS}{model}/{OBJECT}/delete/"
        for model in ("apikey", "collection", "event", "figuresgrant", "lender", "mappingtemplate", "webhook")
    ),
    # Of a lender's person, whose password no operator sets.
    "admin/auth/user/<id>/password/",
    # An account is shut out, and never deleted.
    f"admin/auth/user/{OBJECT}/delete/",
    # For operators alone, who see every lender's staff.
    f"{ROWS}staffmember/{OBJECT}/delete/",
}
# By which words the list of these rows finds one.
WORDS: dict[str, Any] = {
    "collection": lambda row: row.borrower_name,
    "lender": lambda row: row.name,
    "mappingtemplate": lambda row: row.name,
    "staffmember": lambda row: row.user.username,
    "figuresgrant": lambda row: row.collection.reference,
    "requesttemplate": lambda row: row.name,
    "apikey": lambda row: row.name,
    "webhook": lambda row: row.url,
    "event": lambda row: row.collection.reference,
    "user": lambda row: row.username,
}


def answers(browser: Client, route: str, collection: Collection, object_id: object) -> Iterator[Any]:
    """To a look and to a form, of which nothing is kept."""
    for ask in (browser.get, browser.post):
        with transaction.atomic():
            response = ask(address(route, object_id, name_of(route, collection)), FORM)
            told = answer(response, object_id)
            transaction.set_rollback(True)
        yield told


def is_let_in(told: tuple[int, str, bytes]) -> bool:
    return told[0] in (200, 302)


def test_the_owner_gets_at_each_address_what_a_missing_row_does_not_give(
    analyst: Client, manager: Client, operator: Client, collected: Collection
) -> None:
    for route in object_routes():
        if route.endswith(f"{OBJECT}/") and route not in CLOSED_TO_ALL:
            # Django's own, which leads on to the page of whatever it is asked for.
            continue
        owner = operator if route.startswith(OF_THE_INSTANCE) else manager
        object_id = object_of(route, collected).pk
        there = list(answers(owner, route, collected, object_id))
        missing = list(answers(owner, route, collected, NO_SUCH_ID))
        told = [own for own, none in zip(there, missing, strict=True) if is_let_in(own) and own != none]
        assert bool(told) == (route not in CLOSED_TO_ALL), route


def test_what_has_a_name_below_a_collection_is_opened_by_its_owner(
    manager: Client, collected: Collection
) -> None:
    routes = [route for route in object_routes() if "<str:name>" in route]
    assert len(routes) > 3
    for route in routes:
        response = manager.get(address_of(route, collected))
        assert (response.status_code, bool(response.getvalue())) == (200, True), route


def shows(browser: Client, route: str, query: str, row: Model) -> bool:
    """Whether the list has the row; a list that is refused has none."""
    response = browser.get(f"/{route}{query}")
    return response.status_code == 200 and row in response.context["cl"].result_list


def row_of(route: str, collection: Collection) -> Model:
    row = object_of(route, collection)
    return User.objects.get(pk=row.pk) if route.startswith("admin/auth/") else row


def rows_and_owners(
    manager: Client, operator: Client, collection: Collection
) -> Iterator[tuple[str, str, Model, Client]]:
    for route in lists_of_rows():
        name = route.split("/")[2]
        if name != "group":
            owner = operator if route.startswith(OF_THE_INSTANCE) else manager
            yield route, name, row_of(route, collection), owner


def test_a_search_finds_the_row_for_its_owner_and_not_for_a_stranger(
    manager: Client, operator: Client, stranger: Client, collected: Collection
) -> None:
    for route, name, row, owner in rows_and_owners(manager, operator, collected):
        query = f"?q={WORDS[name](row)}"
        assert shows(owner, route, query, row), route
        assert not shows(stranger, route, query, row), route


def choices(browser: Client, route: str) -> dict[str, list[str]]:
    """The queries of each filter that this person is offered."""
    listed = browser.get(f"/{route}?all=").context["cl"]
    return {
        str(spec.title): [choice["query_string"] for choice in spec.choices(listed)]
        for spec in listed.filter_specs
    }


def test_every_choice_of_every_filter_shows_own_rows_alone(
    manager: Client, operator: Client, stranger: Client, collected: Collection, other_lender: Any
) -> None:
    # With rows of two lenders, so that operators are offered the filter by lender.
    theirs = factories.collected_collection(other_lender)
    walked = 0
    for route, _name, row, owner in rows_and_owners(manager, operator, collected):
        object_of(route, theirs)
        own = choices(owner, route)
        for title, queries in (choices(operator, route) | own).items():
            person = owner if title in own else operator
            # All, and the one that is the row's own.
            assert sum(shows(person, route, query, row) for query in queries) > 1, (route, title)
            assert not any(shows(stranger, route, query, row) for query in queries), (route, title)
            walked += len(queries)
    assert walked > 40


def test_every_view_of_the_list_shows_own_collections_alone(
    manager: Client, stranger: Client, collected: Collection
) -> None:
    route = f"{ROWS}collection/"
    seen = {view.key for view in VIEWS if shows(manager, route, f"?view={view.key}", collected)}
    assert {"mine", "review", "all"} <= seen
    for view in VIEWS:
        for more in ("", "&q=Acme"):
            assert not shows(stranger, route, f"?view={view.key}{more}", collected), view.key


def test_a_row_named_in_the_query_of_an_own_page_is_the_owners_alone(
    manager: Client, stranger: Client, collected: Collection, other_lender: Any
) -> None:
    """The other collection of a comparison, and the template that a form begins with."""
    earlier, theirs = (factories.collected_collection(each) for each in (collected.lender, other_lender))
    for each in (collected, earlier, theirs):
        each.connection.company_key = "the same company"
        each.connection.save(update_fields=["company_key"])
    compared = f"compare/?with={collected.pk}"
    assert collected.reference in told(manager, f"{earlier.pk}/{compared}")
    assert collected.reference not in told(stranger, f"{theirs.pk}/{compared}")
    template = factories.make_request_template(collected.lender, purpose="For our own review.")
    assert template.purpose in told(manager, f"add/?template={template.pk}")
    assert template.purpose not in told(stranger, f"add/?template={template.pk}")


def told(browser: Client, page: str) -> str:
    return browser.get(f"/{ROWS}collection/{page}").content.decode()
