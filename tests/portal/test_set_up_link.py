"""The colleague who administers Sage Intacct: a link of their own to guide and sign-in, and to no data."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.mail.backends import locmem
from django.db import connection as database
from django.test import Client
from django.utils import timezone

from collections_app.models import Collection, Connection, Notice, Run, SetUpLink
from collections_app.services import intake, invitations, linking, notifying
from intacct.sandbox import Sandbox
from tests.collecting import BORROWER, OPERATOR, PASSWORD, SINGLE, USER, actions, sign_in, submitted, work
from tests.parallel import at_once

PAGE = "/collection/colleague/"
GUIDE = "/set-up/"
RIGHT = {"company_id": SINGLE, "user_id": USER, "password": PASSWORD}
SEED = "A" * 32


def make_link(borrower: Client, **answers: str) -> str:
    """Presses the button; returns the path of the link that the page shows."""
    page = borrower.post(PAGE, {"seed": SEED, **answers}).content.decode()
    found = re.search(r"/s/sul_[0-9A-Za-z]{49}/", page)
    assert found
    return found.group()


@pytest.fixture
def path(borrower: Client, confirmed: Collection) -> str:
    return make_link(borrower)


@pytest.fixture
def confirmed(asked: Collection) -> Collection:
    intake.system_choose(collection=asked, key="sage-intacct", by=BORROWER)
    intake.review_confirm(collection=asked, by=BORROWER)
    intake.connect_confirm(collection=asked, by=BORROWER)
    return asked


@pytest.fixture
def colleague(path: str) -> Client:
    browser = Client()
    assert browser.post(path).headers["Location"] == GUIDE
    return browser


def test_it_is_offered_before_the_step_that_needs_it_and_not_before_the_consent(
    borrower: Client, asked: Collection
) -> None:
    assert borrower.get(PAGE).headers["Location"] == "/collection/"
    assert borrower.post(PAGE, {"seed": SEED}).headers["Location"] == "/collection/"
    intake.system_choose(collection=asked, key="sage-intacct", by=BORROWER)
    intake.review_confirm(collection=asked, by=BORROWER)
    assert PAGE in borrower.get("/collection/connect/").content.decode()
    intake.connect_confirm(collection=asked, by=BORROWER)
    assert PAGE in borrower.get("/collection/credentials/").content.decode()
    assert "Make a set-up link" in borrower.get(PAGE).content.decode()
    assert not SetUpLink.objects.exists()


def test_looking_at_the_link_changes_nothing_and_its_button_drops_the_token(path: str) -> None:
    browser = Client()
    page = browser.get(path).content.decode()
    assert "Harbor Community Bank" in page
    assert "Birchwood Bicycle Works" in page
    assert SetUpLink.objects.get().opened_count == 0
    assert browser.get(GUIDE).status_code == 403
    assert browser.post(path).headers["Location"] == GUIDE
    assert SetUpLink.objects.get().opened_count == 1
    assert browser.get(GUIDE).headers["Cache-Control"] == "no-store"


def test_the_token_is_stored_nowhere(
    borrower: Client, path: str, colleague: Client, caplog: pytest.LogCaptureFixture
) -> None:
    token = path.split("/")[2]
    colleague.get(GUIDE)
    assert token not in repr([session.get_decoded() for session in Session.objects.all()])
    with database.cursor() as cursor:
        for table in database.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - our own table names
            assert token not in repr(cursor.fetchall())
    assert token not in borrower.get(PAGE).content.decode()


def test_the_colleague_sees_lender_and_company_and_nothing_else_of_the_request(
    borrower: Client, confirmed: Collection, colleague: Client, gateway: Sandbox
) -> None:
    intake.permission_type_choose(collection=confirmed, permission_type="user-based", by=BORROWER)
    work(sign_in(confirmed, user="owners-own-user", password="wrong"))
    pages = [colleague.get(GUIDE).content.decode(), colleague.post(GUIDE, {"user_id": "x"}).content.decode()]
    for page in pages:
        assert "Harbor Community Bank" in page
        assert "Birchwood Bicycle Works" in page
        for kept in (confirmed.reference, "April 1, 2026", "June 30", confirmed.borrower_email):
            assert kept not in page
        assert "owners-own-user" not in page
    for address in (
        "/collection/",
        "/collection/review/",
        "/collection/categories.csv",
        "/collection/done/",
        PAGE,
    ):
        assert colleague.get(address).status_code == 403


def test_a_sign_in_of_the_colleague_lets_the_owner_go_on_and_tells_the_owner_once(
    borrower: Client,
    confirmed: Collection,
    colleague: Client,
    gateway: Sandbox,
    django_capture_on_commit_callbacks: Any,
) -> None:
    assert colleague.post(GUIDE, RIGHT).headers["Location"] == GUIDE
    assert "being tried" in colleague.get(GUIDE).content.decode()
    assert "data-live" in borrower.get("/collection/credentials/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        work(Run.objects.get())
    done = colleague.get(GUIDE).content.decode()
    assert "Thank you, the set-up is done" in done and confirmed.reference not in done
    assert borrower.get("/collection/").headers["Location"] == "/collection/categories/"
    (told,) = [each for each in mail.outbox if "set up" in each.subject]
    assert told.to == [confirmed.borrower_email]
    assert Notice.objects.filter(kind="set_up", sent_at__isnull=False).count() == 1
    assert notifying.notices_send() == 0
    # Nothing is left to be done there: a replay replaces nothing.
    saved_at = Connection.objects.get().saved_at
    assert colleague.post(GUIDE, RIGHT | {"password": "other"}).status_code == 302
    assert Connection.objects.get().saved_at == saved_at


@pytest.mark.parametrize("end", ["switched off", "replaced"])
def test_it_ends_with_the_borrowers_own_link(
    confirmed: Collection, path: str, colleague: Client, end: str
) -> None:
    """Who switches a link off because it fell into wrong hands means whatever was made through it too."""
    assert colleague.get(GUIDE).status_code == 200
    if end == "switched off":
        linking.link_revoke(collection=confirmed, by=OPERATOR)
    else:
        invitations.link_reissue(collection=confirmed, by=OPERATOR)
    assert {colleague.get(GUIDE).status_code, Client().get(path).status_code} == {410}
    assert "set_up.link_revoked" in actions(confirmed)


def test_the_owners_own_sign_in_tells_nobody(confirmed: Collection, path: str, gateway: Sandbox) -> None:
    work(sign_in(confirmed))
    assert not Notice.objects.exists()


def test_a_refused_sign_in_is_said_with_what_was_typed_and_counts_for_the_owner_too(
    borrower: Client, confirmed: Collection, colleague: Client, gateway: Sandbox
) -> None:
    for number in (1, 2):
        colleague.post(GUIDE, RIGHT | {"password": f"Wrong-{number}"})
        work(Run.objects.filter(status="queued").latest("pk"))
    page = colleague.get(GUIDE).content.decode()
    assert "did not accept this company ID" in page
    assert f'value="{USER}"' in page
    assert "can be tried again from" in page
    assert "Wrong-2" not in page
    assert borrower.post("/collection/credentials/", RIGHT).status_code == 422
    assert colleague.post(GUIDE, RIGHT).status_code == 422


def test_ticks_stay_for_each_of_the_two_and_are_counted_for_the_owner(
    borrower: Client, confirmed: Collection, colleague: Client
) -> None:
    colleague.post(GUIDE, {"permission_type": "role-based"})
    assert colleague.post(GUIDE, {"tick": "sender"}).headers["Location"] == f"{GUIDE}#set-up-sender"
    for _ in range(2):
        answer = colleague.post(GUIDE, {"tick": "contact"}, headers={"Accept": "application/json"})
    assert answer.json() == {"said": "2 of 7 steps done"}
    step = "/collection/credentials/"
    borrower.post(step, {"tick": "user"})
    again = Client()
    again.cookies = colleague.cookies
    assert again.get(GUIDE).content.decode().count('aria-pressed="true"') == 2
    page = borrower.get(step).content.decode()
    assert page.count('aria-pressed="true"') == 1
    assert "2 of 7 steps done" in page
    colleague.post(GUIDE, {"untick": "sender"})
    assert colleague.post(GUIDE, {"tick": "nonsense"}).headers["Location"] == GUIDE
    assert "1 of 7 steps done" in borrower.get(PAGE).content.decode()


def test_the_link_is_mailed_once_in_the_borrowers_name_and_an_answer_goes_to_the_borrower(
    borrower: Client, confirmed: Collection
) -> None:
    path = make_link(borrower, email=" admin@birchwood.example\u200b ")
    make_link(borrower, email="admin@birchwood.example")
    (sent,) = mail.outbox
    assert sent.to == ["admin@birchwood.example"]
    assert sent.reply_to == [confirmed.borrower_email]
    assert "Birchwood Bicycle Works" in sent.subject
    assert path in str(sent.body)
    assert confirmed.reference not in str(sent.body) + sent.subject
    assert "mailed to admin@birchwood.example" in borrower.get(PAGE).content.decode()


@pytest.mark.parametrize(
    "email",
    ["no address", "a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example", "x" * 250 + "@b.example"],
)
def test_what_is_no_address_is_refused_and_kept_in_the_form(
    borrower: Client, confirmed: Collection, email: str
) -> None:
    response = borrower.post(PAGE, {"seed": SEED, "email": email})
    assert response.status_code == 422
    assert response.context["form"].errors["email"]
    assert (mail.outbox, SetUpLink.objects.count()) == ([], 0)


@pytest.mark.parametrize("seed", ["", "short", "\x00" * 32, "A" * 4000])
def test_a_form_that_is_not_ours_makes_no_link_and_gets_a_new_one(
    borrower: Client, confirmed: Collection, seed: str
) -> None:
    response = borrower.post(PAGE, {"seed": seed})
    assert response.status_code == 422
    assert re.search(r'name="seed" value="[0-9A-Za-z_-]{32}"', response.content.decode())
    assert not SetUpLink.objects.exists()


def test_a_mail_server_that_is_away_leaves_the_link_to_be_copied(
    borrower: Client, confirmed: Collection, broken_mail: Any
) -> None:
    broken_mail(ConnectionRefusedError("away"))
    response = borrower.post(PAGE, {"seed": SEED, "email": "admin@birchwood.example"})
    assert response.status_code == 200
    assert "could not be sent" in response.content.decode()
    assert "/s/sul_" in response.content.decode()
    assert "set_up.mail_failed" in actions(confirmed)


def test_a_mail_that_failed_is_sent_by_the_next_press_and_not_said_to_be_sent_before(
    borrower: Client, confirmed: Collection
) -> None:
    answers = {"seed": SEED, "email": "admin@birchwood.example"}
    with pytest.MonkeyPatch.context() as away:
        away.setattr(locmem.EmailBackend, "send_messages", _refuse)
        for _press in range(2):
            assert "could not be sent" in borrower.post(PAGE, answers).content.decode()
        assert "mailed to" not in borrower.get(PAGE).content.decode()
    assert "mailed to admin@birchwood.example" in borrower.post(PAGE, answers).content.decode()
    assert [sent.to for sent in mail.outbox] == [["admin@birchwood.example"]]


def _refuse(*arguments: object) -> int:
    raise ConnectionRefusedError("away")


@pytest.mark.usefixtures("one_window")
def test_an_address_that_was_corrected_after_the_way_back_gets_the_link_too(
    borrower: Client, confirmed: Collection
) -> None:
    make_link(borrower, email="amdin@birchwood.example")
    make_link(borrower, email="admin@birchwood.example")
    assert [sent.to for sent in mail.outbox] == [["amdin@birchwood.example"], ["admin@birchwood.example"]]
    assert SetUpLink.objects.count() == 1
    assert "mailed to admin@birchwood.example" in borrower.get(PAGE).content.decode()
    for number in range(9):
        last = borrower.post(PAGE, {"seed": SEED, "email": f"a{number}@birchwood.example"})
    assert len(mail.outbox) == 5
    assert "Many mails were sent today" in last.content.decode()


@pytest.mark.usefixtures("one_window")
def test_mails_and_links_are_limited_for_each_day(borrower: Client, confirmed: Collection) -> None:
    for number in range(11):
        seed = f"{number:032d}"
        last = borrower.post(PAGE, {"seed": seed, "email": f"a{number}@birchwood.example"})
    assert len(mail.outbox) == 5
    assert last.status_code == 422
    assert "Many set-up links were made today" in last.content.decode()
    assert SetUpLink.objects.count() == 10


def test_a_link_that_is_withdrawn_replaced_or_expired_has_a_page_that_says_so(
    borrower: Client, confirmed: Collection, path: str, colleague: Client
) -> None:
    borrower.post(f"{PAGE}withdraw/")
    for response in (colleague.get(GUIDE), colleague.post(GUIDE, RIGHT), Client().get(path)):
        assert response.status_code == 410
        assert "Ask your colleague" in response.content.decode()
    assert not Connection.objects.exists()
    newer = make_link(borrower, seed="B" * 32)
    assert Client().get(newer).status_code == 200
    SetUpLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "has expired" in Client().get(newer).content.decode()


def test_a_link_ends_with_the_request(confirmed: Collection, path: str, colleague: Client) -> None:
    invitations.collection_withdraw(collection=confirmed, by=OPERATOR)
    assert colleague.get(GUIDE).status_code == 410


def test_a_link_lives_no_longer_than_the_borrowers_own(borrower: Client, confirmed: Collection) -> None:
    ends = timezone.now() + timedelta(days=2)
    confirmed.links.update(expires_at=ends)
    make_link(borrower)
    assert SetUpLink.objects.get().expires_at == ends


@pytest.mark.parametrize("token", ["sul_", "sul_" + "0" * 49, "clk_" + "0" * 49, "%00", "x" * 5000])
def test_unknown_and_mistyped_tokens_share_the_page_of_the_other_links(db: None, token: str) -> None:
    response = Client().get(f"/s/{token}/")
    assert response.status_code == 404
    assert "This link is not known" in response.content.decode()


def test_the_button_pressed_twenty_times_at_once_makes_one_link(
    transactional_db: None, borrower: Client, confirmed: Collection
) -> None:
    cookie = borrower.cookies["session"].value

    def press() -> str:
        browser = Client()
        browser.cookies["session"] = cookie
        page = browser.post(PAGE, {"seed": SEED}).content.decode()
        return "".join(re.findall(r"/s/sul_[0-9A-Za-z]{49}/", page)[:1])

    assert len(set(at_once(20, press))) == 1
    assert SetUpLink.objects.count() == 1


def test_a_collection_paused_for_a_permission_can_be_mended_by_the_colleague(
    borrower: Client, confirmed: Collection, gateway: Sandbox
) -> None:
    run = submitted(confirmed)
    gateway.faults.next("no-permission")
    work(run)
    browser = Client()
    browser.post(make_link(borrower))
    page = browser.get(GUIDE).content.decode()
    assert "It is done: try again" in page
    assert browser.post(GUIDE, {"try-again": "1"}).status_code == 302
    assert work(run).status == Run.Status.DONE
