"""Step 4 while something is missing in Sage Intacct: what it is, what to do, and one button to go on."""

import pytest
from django.test import Client

from collections_app.models import Collection, Connection, Run
from intacct.sandbox import Sandbox
from tests.collecting import submitted, work

STEP = "/collection/credentials/"
BUTTON = "It is done: try again"


@pytest.fixture
def paused(confirmed: Collection, gateway: Sandbox) -> Run:
    """A collection whose user lacks a permission."""
    run = submitted(confirmed)
    gateway.faults.next("no-permission")
    return work(run)


def test_the_page_says_what_is_missing_in_menu_words_and_what_to_check(borrower: Client, paused: Run) -> None:
    assert borrower.get("/collection/").headers["Location"] == STEP
    page = borrower.get(STEP).content.decode()
    assert "Something is missing in Sage Intacct" in page
    assert paused.problem_names
    assert all(f"<li>{name}</li>" in page for name in paused.problem_names)
    assert "Go through the permissions in the instructions once more" in page
    assert BUTTON in page
    assert "Or sign in with another user" in page


def test_the_button_lets_the_collection_go_on_without_a_password(borrower: Client, paused: Run) -> None:
    response = borrower.post(STEP, {"try-again": "1"})
    assert (response.status_code, response.headers["Location"]) == (302, "/collection/")
    paused.refresh_from_db()
    assert paused.status == Run.Status.QUEUED
    assert borrower.get("/collection/").headers["Location"] == "/collection/progress/"
    assert work(paused).status == Run.Status.DONE


def test_a_second_press_is_answered_with_where_it_stands(borrower: Client, paused: Run) -> None:
    borrower.post(STEP, {"try-again": "1"})
    again = borrower.post(STEP, {"try-again": "1"}, follow=True)
    assert again.status_code == 200
    assert again.request["PATH_INFO"] == "/collection/progress/"


def test_a_password_that_went_while_the_page_was_open_is_asked_for(borrower: Client, paused: Run) -> None:
    Connection.objects.update(secret=None, session=None)
    response = borrower.post(STEP, {"try-again": "1"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "The password is not kept any more. Type it once again." in page
    assert BUTTON not in page


def test_a_refused_password_is_not_offered_again(
    borrower: Client, confirmed: Collection, gateway: Sandbox
) -> None:
    run = submitted(confirmed)
    Connection.objects.update(secret=None, session=None)
    work(run)
    page = borrower.get(STEP).content.decode()
    assert "The sign-in needs your attention" in page
    assert BUTTON not in page
