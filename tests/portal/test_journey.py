"""Which step a collection stands at follows from its answers; every other address leads there."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from collections_app.models import Collection, Connection, Run
from collections_app.services import collecting, intake, invitations
from collections_app.services.invitations import Invitation
from intacct.sandbox import Sandbox
from portal.flow.journey import ORDER, Journey
from tests.collecting import (
    BORROWER,
    GROUP,
    OPERATOR,
    SINGLE,
    examined,
    ready,
    sign_in,
    submitted,
    work,
)

pytestmark = pytest.mark.usefixtures("gateway")

SLUGS = [step.slug for step in ORDER]
BEGUN = ["select-system", "review", "connect", "credentials"]


def choose_system(collection: Collection) -> None:
    intake.system_choose(collection=collection, key="sage-intacct", by=BORROWER)


def agree(collection: Collection) -> None:
    choose_system(collection)
    intake.review_confirm(collection=collection, by=BORROWER)


def confirm(collection: Collection) -> None:
    agree(collection)
    intake.connect_confirm(collection=collection, by=BORROWER)


def check(collection: Collection) -> None:
    confirm(collection)
    sign_in(collection)


def refuse(collection: Collection) -> None:
    confirm(collection)
    work(sign_in(collection, password="Wrong-Secret-1"))


def sign_in_to_group(collection: Collection) -> None:
    confirm(collection)
    work(sign_in(collection, GROUP))


def choose_entity(collection: Collection) -> None:
    sign_in_to_group(collection)
    intake.scope_choose(collection=collection, kind="entity", identifier="E100", by=BORROWER)


def examine(collection: Collection) -> None:
    confirm(collection)
    examined(collection, SINGLE)


def examine_group(collection: Collection) -> None:
    confirm(collection)
    examined(collection, GROUP)


def lose_password(collection: Collection) -> None:
    examine(collection)
    Connection.objects.update(secret=None)


def connect(collection: Collection) -> None:
    confirm(collection)
    submitted(collection, GROUP)


def pause(collection: Collection) -> None:
    confirm(collection)
    run = submitted(collection, GROUP)
    Connection.objects.update(secret=None, session=None)
    work(run)


def stop_for_operator(collection: Collection) -> None:
    connect(collection)
    Run.objects.filter(kind=Run.Kind.COLLECT).update(status="needs_operator", problem="our_fault")


def answer_all(collection: Collection) -> None:
    confirm(collection)
    ready(collection, GROUP)


def change_entity(collection: Collection) -> None:
    """Another entity than the one whose accounts were read; its own are not read yet."""
    answer_all(collection)
    intake.scope_choose(collection=collection, kind="entity", identifier="E200", by=BORROWER)


def read_changed_entity(collection: Collection) -> None:
    change_entity(collection)
    work(Run.objects.filter(kind=Run.Kind.EXAMINE).latest("pk"))


def change_user(collection: Collection) -> None:
    answer_all(collection)
    sign_in(collection, GROUP, password="Another-Secret-1")


def pause_sign_in(collection: Collection) -> None:
    refuse(collection)
    work(sign_in(collection, password="Wrong-Secret-2"))


def look_first(collection: Collection) -> None:
    Collection.objects.update(previews=True)
    finish(collection)


def report_unlisted(collection: Collection) -> None:
    intake.unlisted_system_report(collection=collection, name="Ledgerly", by=BORROWER)


def finish(collection: Collection) -> None:
    confirm(collection)
    work(submitted(collection, SINGLE))


# For each state: how to get there, the step it stands at, and the steps that can be visited.
STATES: dict[str, tuple[Callable[[Collection], None], str, list[str]]] = {
    "opened": (lambda collection: None, "select-system", ["select-system"]),
    "system chosen": (choose_system, "review", BEGUN[:2]),
    "agreed": (agree, "connect", BEGUN[:3]),
    "confirmed": (confirm, "credentials", BEGUN),
    "sign-in being checked": (check, "credentials", BEGUN),
    "sign-in refused": (refuse, "credentials", BEGUN),
    "group signed in": (sign_in_to_group, "entity", [*BEGUN, "entity"]),
    "entity chosen": (choose_entity, "categories", [*BEGUN, "entity", "categories"]),
    "single company examined": (examine, "categories", [*BEGUN, "categories"]),
    "group examined": (examine_group, "categories", [*BEGUN, "entity", "categories"]),
    "all answered": (answer_all, "check", [*BEGUN, "entity", "categories", "check"]),
    "entity changed": (change_entity, "categories", [*BEGUN, "entity", "categories"]),
    "changed entity read": (read_changed_entity, "check", [*BEGUN, "entity", "categories", "check"]),
    "user changed": (change_user, "credentials", BEGUN),
    "sign-in paused": (pause_sign_in, "credentials", BEGUN),
    "password lost": (lose_password, "credentials", BEGUN),
    "collecting": (connect, "progress", ["progress"]),
    "paused for the borrower": (pause, "credentials", ["credentials"]),
    "stopped for the operator": (stop_for_operator, "progress", ["progress"]),
    "waiting to be shared": (look_first, "preview", ["preview"]),
    "books in another system": (report_unlisted, "share-documents", ["select-system"]),
    "submitted": (finish, "done", []),
}


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


WAITING = {
    "sign-in being checked",
    "user changed",
    "entity chosen",
    "entity changed",
    "collecting",
    "stopped for the operator",
}


@pytest.mark.parametrize("state", STATES)
def test_without_script_a_page_refreshes_itself_only_while_there_is_something_to_wait_for(
    borrower: Client, asked: Collection, state: str
) -> None:
    STATES[state][0](asked)
    page = borrower.get("/collection/", follow=True).content.decode()
    refreshed = '<noscript><meta http-equiv="refresh" content="5;url=/collection/"></noscript>' in page
    assert refreshed == (state in WAITING)
    assert page.count("http-equiv") == refreshed


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


def test_progress_survives_a_reload_and_another_browser(
    borrower: Client, asked: Collection, open_link: Callable[[Invitation], Client], invitation: Invitation
) -> None:
    connect(asked)
    run = Run.objects.get(kind=Run.Kind.COLLECT)
    for _ in range(3):
        collecting.unit_advance()
    for browser in (borrower, borrower, open_link(invitation)):
        progress = browser.get("/collection/progress/").context["progress"]
        assert (progress.done, progress.planned) == (3, run.units.count())


def test_the_script_gets_the_same_progress_as_the_page(
    borrower: Client, asked: Collection, gateway: Sandbox
) -> None:
    connect(asked)
    response = borrower.get("/collection/progress/", headers={"Accept": "application/json"})
    assert response.headers["Content-Type"] == "application/json"
    assert response.json()["finished"] is False
    work(Run.objects.get(kind=Run.Kind.COLLECT))
    over = borrower.get("/collection/progress/", headers={"Accept": "application/json"})
    assert over.status_code == 302


def test_a_poll_that_finds_nothing_new_is_answered_by_one_query_and_no_page(
    borrower: Client, asked: Collection, django_assert_num_queries: Any
) -> None:
    connect(asked)
    asking = {"Accept": "application/json"}
    known = borrower.get("/collection/progress/", headers=asking).headers["ETag"]
    with django_assert_num_queries(1):
        again = borrower.get("/collection/progress/", headers=asking | {"If-None-Match": known})
    assert (again.status_code, again.content) == (304, b"")


def test_a_poll_that_finds_another_count_is_answered_from_the_rows_as_the_whole_way_answers(
    borrower: Client, asked: Collection, django_assert_num_queries: Any
) -> None:
    connect(asked)
    asking = {"Accept": "application/json"}
    borrower.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    known = borrower.get("/collection/progress/", headers=asking).headers["ETag"]
    collecting.unit_advance()
    with django_assert_num_queries(2):
        moved = borrower.get("/collection/progress/", headers=asking | {"If-None-Match": known})
    assert moved.status_code == 200
    assert moved.headers["ETag"] != known
    assert moved.headers["Cache-Control"] == "no-store"
    whole = borrower.get("/collection/progress/", headers=asking)
    assert " ".join(moved.json()["html"].split()) == " ".join(whole.json()["html"].split())
    assert "hecho" in whole.json()["html"]


def test_a_poll_of_a_sign_in_that_is_being_tried_costs_one_query_until_it_is_tried(
    borrower: Client, asked: Collection, gateway: Sandbox, django_assert_num_queries: Any
) -> None:
    confirm(asked)
    trying = sign_in(asked, GROUP)
    asking = {"Accept": "application/json"}
    known = borrower.get("/collection/credentials/", headers=asking).headers["ETag"]
    with django_assert_num_queries(1):
        again = borrower.get("/collection/credentials/", headers=asking | {"If-None-Match": known})
    assert again.status_code == 304
    work(trying)
    assert (
        borrower.get("/collection/credentials/", headers=asking | {"If-None-Match": known}).status_code != 304
    )


def test_a_poll_of_a_run_that_waits_or_stopped_is_told_so(borrower: Client, asked: Collection) -> None:
    connect(asked)
    asking = {"Accept": "application/json"}
    known = borrower.get("/collection/progress/", headers=asking).headers["ETag"]
    Run.objects.filter(kind=Run.Kind.COLLECT).update(status=Run.Status.WAITING, problem="gateway_unavailable")
    waiting = borrower.get("/collection/progress/", headers=asking | {"If-None-Match": known})
    assert "Waiting for Sage Intacct" in waiting.json()["html"]


def test_a_poll_after_the_end_of_the_visit_is_let_in_no_more(borrower: Client, asked: Collection) -> None:
    connect(asked)
    asking = {"Accept": "application/json"}
    known = borrower.get("/collection/progress/", headers=asking).headers["ETag"]
    left = Client()
    left.cookies[settings.SESSION_COOKIE_NAME] = borrower.cookies[settings.SESSION_COOKIE_NAME].value
    borrower.post("/collection/leave/")
    collecting.unit_advance()
    assert left.get("/collection/progress/", headers=asking | {"If-None-Match": known}).status_code == 403


def test_a_poll_of_a_withdrawn_request_is_refused_whatever_it_has_seen(
    borrower: Client, asked: Collection
) -> None:
    connect(asked)
    asking = {"Accept": "application/json"}
    known = borrower.get("/collection/progress/", headers=asking).headers["ETag"]
    invitations.collection_withdraw(collection=asked, by=OPERATOR)
    refused = borrower.get("/collection/progress/", headers=asking | {"If-None-Match": known})
    assert refused.status_code == 410
    assert Client().get("/collection/progress/", headers=asking | {"If-None-Match": known}).status_code == 403


def test_a_session_that_sat_too_long_asks_for_the_link_again(borrower: Client) -> None:

    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert borrower.get("/collection/").status_code == 403
