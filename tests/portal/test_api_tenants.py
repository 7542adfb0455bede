"""Nobody learns anything about another lender's requests from the API, at any address and by any method."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from collections_app.models import ApiKey, Collection, Lender
from portal.api import api
from tests import factories
from tests.portal.test_api import ALL, BASE, System

NO_SUCH = {"reference": "NONE-SUCH", "name": "nothing.txt", "key": "0" * 32}
# What is sent to each address that makes something. A new one fails here until somebody says it.
BODIES: dict[str, dict[str, Any]] = {
    "/collections": {
        "borrower": "Birch",
        "email": "o@birch.example",
        "from": "2026-01-01",
        "to": "2026-03-31",
    },
    "/collections/{reference}/refresh": {"from": "2026-04-01", "to": "2026-06-30"},
}
QUIET = {"send_mail": False}


def operations() -> Iterator[tuple[str, str]]:
    """Each address and method of the description for programs."""
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method in methods:
            yield path.removeprefix("/api/v1"), method


def of_one_request() -> Iterator[tuple[str, str]]:
    return ((path, method) for path, method in operations() if "{reference}" in path)


@pytest.fixture
def collected(lender: Lender) -> Collection:
    collection = factories.collected_collection(lender, borrower_name="Acme Incorporated")
    factories.make_document(collection)
    return collection


@pytest.fixture
def stranger(db: None) -> System:
    """The system of another lender, which has a request of its own."""
    other = factories.make_lender("Southern Trust")
    factories.collected_collection(other)
    return System(other)


def ids_of(collection: Collection) -> dict[str, str]:
    document = collection.documents.get()
    return {"reference": collection.reference, "name": "report.xlsx", "key": document.key}


def ask(system: System, path: str, method: str, ids: dict[str, str]) -> tuple[int, bytes]:
    address = BASE.removesuffix("/collections") + path.format(**ids)
    if method == "post":
        made = system.post(address, BODIES[path] | QUIET)
        return made.status_code, made.content
    answer = system.get(address)
    return answer.status_code, answer.whole


def test_the_walk_meets_every_address() -> None:
    assert len(list(operations())) > 6
    assert {path for path, method in operations() if method == "post"} == set(BODIES)


def test_the_owner_is_answered_at_every_address(lender: Lender, collected: Collection) -> None:
    system = System(lender)
    for path, method in operations():
        status, told = ask(system, path, method, ids_of(collected))
        assert status == (200 if method == "get" else 201), path
        assert told, path


def test_a_strangers_request_answers_like_a_missing_one_at_every_address(
    stranger: System, collected: Collection
) -> None:
    before = Collection.objects.count()
    events = collected.events.count()
    for path, method in of_one_request():
        theirs = ask(stranger, path, method, ids_of(collected))
        assert theirs == ask(stranger, path, method, NO_SUCH), path
        assert theirs[0] == 404, path
    assert (Collection.objects.count(), collected.events.count()) == (before, events)


def test_a_name_of_another_lenders_request_is_not_there_below_an_own_one(
    stranger: System, collected: Collection
) -> None:
    own = Collection.objects.get(lender=stranger.key.lender)
    ids = ids_of(collected) | {"reference": own.reference}
    assert ask(stranger, "/collections/{reference}/documents/{key}", "get", ids)[0] == 404


@pytest.mark.parametrize(
    "query", [{}, {"status": "submitted"}, {"limit": 200}, {"before": 2**62}, {"before": 2**62, "limit": 1}]
)
def test_the_list_names_own_requests_alone(
    query: dict[str, Any], lender: Lender, stranger: System, collected: Collection
) -> None:
    assert collected.reference in System(lender).get(BASE, **query).whole.decode()
    told = stranger.get(BASE, **query).whole.decode()
    assert [word for word in (collected.reference, "Acme", lender.name) if word in told] == []


def test_what_a_stranger_makes_is_its_own_and_ours_is_nothing_to_it(
    lender: Lender, stranger: System, collected: Collection
) -> None:
    factories.make_request_template(lender, name="Yearly review", is_usual=True, documents="Deed")
    wanted = BODIES["/collections"] | QUIET
    ours = System(lender).post(BASE, wanted, idempotency_key="1").json()["reference"]
    made = stranger.post(BASE, wanted, idempotency_key="1")
    assert made.status_code == 201 and made.json()["reference"] != ours
    theirs = Collection.objects.get(reference=made.json()["reference"])
    assert (theirs.lender, theirs.document_requests.count()) == (stranger.key.lender, 0)
    named = [stranger.post(BASE, wanted | {"template": name}) for name in ("Yearly review", "Nothing")]
    told = [each.json()["detail"].replace("Yearly review", "Nothing") for each in named]
    assert told[0] == told[1] and "There are: none." in told[0]


def test_without_a_key_nothing_is_answered_anywhere(client: Client, collected: Collection) -> None:
    for path, method in operations():
        address = BASE.removesuffix("/collections") + path.format(**ids_of(collected))
        answer = getattr(client, method)(address)
        assert answer.status_code == 401, path
        assert "Acme" not in answer.content.decode(), path


def test_each_address_is_closed_to_every_scope_but_its_own(lender: Lender, collected: Collection) -> None:
    closed = 0
    for path, method in operations():
        answers = {scope: ask(System(lender, scope), path, method, ids_of(collected)) for scope in ALL}
        opened = [scope for scope, (status, _told) in answers.items() if status in (200, 201)]
        assert len(opened) == 1, path
        assert (opened == [ApiKey.Scope.CREATE]) == (method == "post"), path
        refused = [answer for scope, answer in answers.items() if scope not in opened]
        assert {status for status, _told in refused} == {403}, path
        assert not any(b"Acme" in told for _status, told in refused), path
        closed += len(refused)
    assert closed > 12
