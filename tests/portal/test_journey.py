"""Which step a collection stands at follows from its answers; every other address leads there."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from collections_app.models import Collection, Connection, Run
from collections_app.services import intake, invitations
from portal.flow.journey import ORDER, Journey
from tests.collecting import OPERATOR, ready
from tests.portal.journey_states import STATES, confirm, connect, examine, examine_group

pytestmark = pytest.mark.usefixtures("gateway")

SLUGS = [step.slug for step in ORDER]


@pytest.mark.parametrize("state", STATES)
def test_every_step_shows_itself_in_its_turn_and_leads_to_the_right_one_otherwise(
    borrower: Client, asked: Collection, state: str
) -> None:
    arrive, stands_at, open_steps = STATES[state]
    arrive(asked)
    here = "/collection/done/" if stands_at == "done" else f"/collection/{stands_at}/"
    assert borrower.get("/collection/").headers["Location"] == here
    assert borrower.get(here).status_code == 200
    applicable = [step.slug for step in Journey(Collection.objects.get()).steps]
    for slug in SLUGS:
        response = borrower.get(f"/collection/{slug}/")
        if slug in open_steps:
            assert response.status_code == 200, slug
        elif slug in applicable:
            assert (response.status_code, response.headers["Location"]) == (302, "/collection/"), slug
        else:
            assert response.status_code == 404, slug
    done = borrower.get("/collection/done/")
    assert done.status_code == (200 if stands_at == "done" else 302)


ANSWERS: dict[str, dict[str, str]] = {
    "select-system": {"system": "sage-intacct"},
    "review": {"agreed": "on", "name": "Robin Birch"},
    "connect": {},
    "credentials": {"company_id": "OTHER", "user_id": "x", "password": "y"},
    "entity": {"scope": "entity:E200"},
    "categories": {"category-0950": "Inventory", "action": "continue"},
    "check": {},
    "progress": {},
    "preview": {"action": "share", "name": "Ann Otter", "title": "Owner", "agreed": "on"},
}


@pytest.mark.parametrize("state", [name for name, (_, at, _) in STATES.items() if at in ("progress", "done")])
def test_no_posted_answer_changes_a_collection_that_is_under_way_or_over(
    borrower: Client, asked: Collection, state: str
) -> None:
    STATES[state][0](asked)
    before = everything(asked)
    for slug, answer in ANSWERS.items():
        assert borrower.post(f"/collection/{slug}/", answer).status_code in (302, 404), slug
    assert everything(asked) == before


def test_no_answer_is_taken_out_of_turn(borrower: Client, asked: Collection) -> None:
    before = everything(asked)
    for slug in SLUGS[1:]:
        assert borrower.post(f"/collection/{slug}/", ANSWERS[slug]).status_code in (302, 404)
    assert everything(asked) == before


def everything(collection: Collection) -> list[object]:
    """All that is stored about a collection."""
    collection.refresh_from_db()
    related = [
        collection.accounts,
        collection.events,
        collection.runs,
        collection.scope_options,
        collection.trial_balances,
        collection.files,
    ]
    rows: list[object] = [list(manager.values()) for manager in related]
    return [Collection.objects.values().get(pk=collection.pk), list(Connection.objects.values()), *rows]


def test_looking_at_every_page_changes_nothing(borrower: Client, asked: Collection) -> None:
    examine_group(asked)
    before = everything(asked)
    for slug in SLUGS:
        borrower.get(f"/collection/{slug}/")
    borrower.get("/collection/")
    assert everything(asked) == before


def test_steps_are_numbered_without_gaps_and_know_the_one_before(asked: Collection) -> None:
    examine(asked)
    single = Journey(Collection.objects.get())
    assert [single.number(step) for step in single.steps] == [1, 2, 3, 4, 5, 6, 7]
    assert single.find("entity") is None
    assert single.find("nonsense") is None
    categories = single.find("categories")
    assert categories
    before = single.before(categories)
    assert before
    assert before.slug == "credentials"
    assert single.before(single.steps[0]) is None


def test_there_is_no_way_back_from_a_collection_under_way(asked: Collection) -> None:
    connect(asked)
    journey = Journey(Collection.objects.get())
    assert journey.before(journey.current) is None


def test_an_unknown_step_is_not_found(borrower: Client) -> None:
    assert borrower.get("/collection/nonsense/").status_code == 404
    assert borrower.post("/collection/nonsense/").status_code == 404


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
@pytest.mark.parametrize("slug", SLUGS)
def test_a_step_is_shown_or_answered_and_nothing_else(borrower: Client, slug: str, method: str) -> None:
    assert getattr(borrower, method)(f"/collection/{slug}/").status_code == 405


def test_a_request_withdrawn_between_two_clicks_leads_to_the_page_that_says_so(
    borrower: Client, asked: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Withdrawn after the page was let in, before the answer is stored."""
    confirm(asked)
    ready(asked)
    submit = intake.collection_submit

    def withdrawn_first(**arguments: object) -> Run:
        invitations.collection_withdraw(collection=Collection.objects.get(pk=asked.pk), by=OPERATOR)
        return submit(**arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(intake, "collection_submit", withdrawn_first)
    response = borrower.post("/collection/check/")
    assert response.status_code == 302
    assert borrower.get(response.headers["Location"]).status_code == 410


def test_a_session_that_sat_too_long_asks_for_the_link_again(borrower: Client) -> None:

    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert borrower.get("/collection/").status_code == 403
