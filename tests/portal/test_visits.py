"""How long a browser is let in: warned of, prolonged by one action, ended on demand, and without loss."""

from datetime import timedelta

import time_machine
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from collections_app.models import Collection
from collections_app.services.invitations import Invitation
from tests.collecting import token_of
from tests.portal.conftest import Open

PAGE = "/collection/select-system/"
ANSWER = {"system": "sage-intacct"}


def after(**span: float) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(**span), tick=True)


def test_who_does_nothing_for_half_an_hour_is_signed_out_in_words(borrower: Client) -> None:
    with after(minutes=29):
        assert borrower.get(PAGE).status_code == 200
    with after(minutes=58):
        assert borrower.get(PAGE).status_code == 200
    with after(minutes=89):
        page = borrower.get(PAGE)
        assert page.status_code == 403
        assert "You were signed out. Your answers are kept." in page.content.decode()
        assert "open the link you were sent once more" in page.content.decode()


def test_an_answer_sent_too_late_is_taken_when_the_link_was_opened_again_and_the_page_reloaded(
    borrower: Client, asked: Collection, invitation: Invitation
) -> None:
    with after(minutes=31):
        late = borrower.post(PAGE, ANSWER)
        assert late.status_code == 403
        assert "Your last answer was not taken" in late.content.decode()
        borrower.post(f"/c/{token_of(invitation)}/")
        assert borrower.post(PAGE, ANSWER).status_code == 302
    asked.refresh_from_db()
    assert asked.accounting_system == "sage-intacct"


def test_the_page_says_when_it_ends_and_one_action_prolongs_it(borrower: Client) -> None:
    page = borrower.get(PAGE).content.decode()
    assert "signs you out when nothing was done for 30 minutes" in " ".join(page.split())
    assert 'data-warning="5"' in page
    start = timezone.now()
    for times in range(1, 12):
        with time_machine.travel(start + timedelta(minutes=25 * times), tick=False):
            left = borrower.get("/collection/visit/").json()["left"]
            assert 290 < left <= 300, "asking is no sign of life"
            answer = borrower.post("/collection/visit/", headers={"Accept": "application/json"})
            assert answer.json()["left"] == 1800
    assert borrower.post("/collection/visit/").headers["Location"] == "/collection/"


def test_after_twelve_hours_even_the_busiest_opens_the_link_again(borrower: Client) -> None:
    start = timezone.now()
    for minutes in range(25, 12 * 60, 25):
        with time_machine.travel(start + timedelta(minutes=minutes)):
            assert borrower.post("/collection/visit/").status_code == 302
    with time_machine.travel(start + timedelta(hours=12, seconds=1)):
        assert borrower.get("/collection/visit/").json() == {"left": 0}
        assert borrower.post("/collection/visit/").status_code == 403
        assert borrower.get(PAGE).status_code == 403


def test_a_page_that_waits_for_the_worker_does_not_end_while_it_is_looked_at(borrower: Client) -> None:
    start = timezone.now()
    for minutes in range(5, 60, 5):
        with time_machine.travel(start + timedelta(minutes=minutes)):
            borrower.get(PAGE, headers={"If-None-Match": '"an older tag"'})
    with time_machine.travel(start + timedelta(minutes=80)):
        assert borrower.get(PAGE).status_code == 200


def test_a_stranger_has_no_time_left_and_cannot_prolong_it(client: Client, db: None) -> None:
    assert client.get("/collection/visit/").json() == {"left": 0}
    assert client.post("/collection/visit/").status_code == 403


def test_every_page_inside_has_the_way_out_and_leaving_deletes_session_and_cookie(borrower: Client) -> None:
    page = borrower.get(PAGE).content.decode()
    assert 'action="/collection/leave/"' in page
    assert "Finish later" in page
    answer = borrower.post("/collection/leave/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.cookies["session"]["max-age"] == 0
    assert not Session.objects.exists()


def test_leaving_does_not_sign_out_a_member_of_staff_in_the_same_browser(
    open_link: Open, invitation: Invitation
) -> None:
    browser = open_link(invitation)
    browser.force_login(User.objects.create(username="ana", is_staff=True, is_superuser=True))
    browser.post(f"/c/{token_of(invitation)}/")
    browser.post("/collection/leave/")
    assert browser.get(PAGE).status_code == 403
    assert browser.get("/admin/").status_code == 200


# Two people, two devices, two tabs


def test_two_people_on_one_link_see_each_others_answers_and_lose_none(
    open_link: Open, invitation: Invitation
) -> None:
    one, two = open_link(invitation), open_link(invitation)
    assert two.get("/collection/").headers["Location"] == PAGE
    one.post(PAGE, ANSWER)
    assert two.get("/collection/").headers["Location"] == "/collection/review/"
    assert two.post(PAGE, ANSWER).headers["Location"] == "/collection/", "the page of before does no harm"
    two.post("/collection/review/", {"agreed": "on", "name": "Robin Birch"})
    assert one.get("/collection/").headers["Location"] == "/collection/connect/"
    assert one.get("/collection/review/").status_code == 200, "back is a page and no fault"


def test_another_device_goes_on_where_the_first_stopped(open_link: Open, invitation: Invitation) -> None:
    first = open_link(invitation)
    first.post(PAGE, ANSWER)
    first.post("/collection/leave/")
    page = Client().get(f"/c/{token_of(invitation)}/").content.decode()
    assert "Welcome back" in page
    assert "Next is “Review what will be shared”" in " ".join(page.split())
    assert open_link(invitation).get("/collection/").headers["Location"] == "/collection/review/"


def test_the_back_button_after_leaving_shows_nothing(open_link: Open, invitation: Invitation) -> None:
    browser = open_link(invitation)
    assert browser.get(PAGE).headers["Cache-Control"] == "no-store"
    browser.post("/collection/leave/")
    assert browser.get(PAGE).status_code == 403
    assert browser.post(PAGE, ANSWER).status_code == 403
