"""A page that waits asks again: what it is told, what it costs, and when it is let in no more."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from collections_app.models import Collection, Run
from collections_app.services import collecting, invitations
from collections_app.services.invitations import Invitation
from intacct.sandbox import Sandbox
from tests.collecting import GROUP, OPERATOR, sign_in, work
from tests.portal.journey_states import STATES, confirm, connect

pytestmark = pytest.mark.usefixtures("gateway")

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
