"""A code from a mail, where the lender requires one: nothing is shown before, and little is given away."""

import logging
import re
from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPException
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.utils import timezone

from collections_app import rate_limit
from collections_app.models import Collection, Lender, Link, LinkCode
from collections_app.services.invitations import Invitation
from tests.collecting import actions, invite, token_of


@pytest.fixture
def lender(lender: Lender) -> Lender:
    lender.requires_code = True
    lender.contact_name = "Dana Reyes"
    lender.save(update_fields=["requires_code", "contact_name"])
    return lender


def path(invitation: Invitation) -> str:
    return f"/c/{token_of(invitation)}/"


def mailed_code() -> str:
    """The code in the newest mail, as it is written there."""
    found = re.search(r"^\d{3} \d{3}$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found
    return found[0]


def wrong(code: str) -> str:
    return str((int(code.replace(" ", "")) + 1) % 1_000_000).zfill(6)


def later(**span: float) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(**span), tick=True)


def test_before_the_code_only_who_sent_it_and_the_lenders_own_contact_are_shown(
    client: Client, invitation: Invitation
) -> None:
    Collection.objects.update(contact_name="Lee Osei", contact_phone="555 0177")
    pages = [client.get(path(invitation)).content.decode()]
    pages.append(client.post(path(invitation), follow=True).content.decode())
    for page in pages:
        assert "Harbor Community Bank" in page
        assert "Dana Reyes" in page
        for secret in (
            "Birchwood",
            "birchwood",
            "Lee Osei",
            "0177",
            invitation.collection.reference,
            "Balance sheet",
            "Intacct",
            "2026</dd>",
        ):
            assert secret not in page, secret
    for inside in ("/welcome/", "/collection/", "/collection/review/", "/collection/done/"):
        assert client.get(inside).status_code in (302, 403)
    assert "link.opened" not in actions(invitation.collection)


def test_the_page_of_a_link_that_has_ended_keeps_the_reference_to_itself(
    client: Client, invitation: Invitation
) -> None:
    Link.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    page = client.get(path(invitation)).content.decode()
    assert "Ask Harbor Community Bank for a new link" in page
    assert invitation.collection.reference not in page


def test_the_code_opens_the_first_page_and_then_the_collection(
    client: Client, invitation: Invitation
) -> None:
    assert client.post(path(invitation)).headers["Location"] == "/code/"
    field = client.get("/code/").content.decode()
    assert 'autocomplete="one-time-code"' in field
    assert 'inputmode="numeric"' in field
    code = mailed_code()
    answer = client.post("/code/", {"code": f" {code.replace(' ', '-')} "}, follow=True)
    assert [step[0] for step in answer.redirect_chain] == ["/welcome/"]
    assert "Harbor Community Bank asks for your financial reports" in " ".join(
        answer.content.decode().split()
    )
    assert "clk_" not in answer.content.decode()
    answer = client.post("/welcome/", follow=True)
    assert answer.redirect_chain[-1][0] == "/collection/select-system/"
    assert client.get(path(invitation)).status_code == 200, "this browser is let in with the link as well"
    assert actions(invitation.collection)[1:4] == ["code.mailed", "code.accepted", "link.opened"]


def test_another_browser_needs_a_code_of_its_own(client: Client, invitation: Invitation) -> None:
    client.post(path(invitation))
    code = mailed_code()
    client.post("/code/", {"code": code})
    other = Client()
    with later(minutes=2):
        assert "Send me the code" in other.get(path(invitation)).content.decode()
        other.post(path(invitation))
        assert other.post("/code/", {"code": code}).status_code == 422
        assert other.get("/welcome/").headers["Location"] == "/code/"


def test_a_code_works_once(client: Client, invitation: Invitation) -> None:
    other = Client()
    for browser in (client, other):
        browser.post(path(invitation))
    assert len(mail.outbox) == 1, "two who press at once share the code that is on its way"
    assert client.post("/code/", {"code": mailed_code()}).status_code == 302
    assert other.post("/code/", {"code": mailed_code()}).status_code == 422


def test_after_five_wrong_codes_the_right_one_is_refused_and_a_new_one_is_asked_for(
    client: Client, invitation: Invitation
) -> None:
    client.post(path(invitation))
    code = mailed_code()
    for _ in range(5):
        answer = client.post("/code/", {"code": wrong(code)})
        assert answer.status_code == 422
    assert "wrong five times" in answer.content.decode()
    assert client.post("/code/", {"code": code}).status_code == 422
    assert "Send me the code" in client.get("/code/").content.decode()
    with later(minutes=2):
        assert client.post("/code/", {"send": "1"}).status_code == 302
        assert client.post("/code/", {"code": mailed_code()}).status_code == 302
    assert actions(invitation.collection).count("code.refused") == 5


def test_a_code_lives_ten_minutes_and_a_newer_one_ends_it(client: Client, invitation: Invitation) -> None:
    client.post(path(invitation))
    first = mailed_code()
    with later(minutes=10.1):
        answer = client.post("/code/", {"code": first})
        assert "no longer works" in answer.content.decode()
        client.post("/code/", {"send": "1"})
        second = mailed_code()
    with later(minutes=12):
        client.post("/code/", {"send": "1"})
        if second != mailed_code():
            assert client.post("/code/", {"code": second}).status_code == 422
        assert client.post("/code/", {"code": mailed_code()}).status_code == 302


def test_codes_are_sent_with_a_pause_and_not_without_end(client: Client, invitation: Invitation) -> None:
    client.post(path(invitation))
    answer = client.post("/code/", {"send": "1"})
    assert answer.status_code == 422
    assert "less than a minute ago" in answer.content.decode()
    for minute in range(2, 12, 2):
        with later(minutes=minute):
            answer = client.post("/code/", {"send": "1"})
    assert "Wait an hour" in answer.content.decode()
    assert len(mail.outbox) == 5


@pytest.mark.usefixtures("one_window")
def test_one_who_guesses_at_many_links_is_stopped(client: Client, lender: Lender) -> None:
    for _ in range(rate_limit.CODE_GUESSES.failures // 5):
        client.post(path(invite(lender)))
        for _ in range(5):
            client.post("/code/", {"code": wrong(mailed_code())})
    client.post(path(invite(lender)))
    assert client.post("/code/", {"code": mailed_code()}).status_code == 429


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "١٢٣٤٥٦", "abcdef", "1" * 10_000, "12\x0034", "½23456"]
)
def test_what_is_no_code_is_refused_in_words_and_costs_no_try(
    client: Client, invitation: Invitation, code: str
) -> None:
    client.post(path(invitation))
    answer = client.post("/code/", {"code": code})
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert LinkCode.objects.get().tries == 0


def test_the_code_is_kept_nowhere_but_in_the_mail(
    client: Client, invitation: Invitation, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        client.post(path(invitation))
        code = mailed_code()
        client.post("/code/", {"code": wrong(code)})
        answer = client.post("/code/", {"code": code}, follow=True)
    digits = code.replace(" ", "")
    kept = [
        caplog.text,
        answer.content.decode(),
        repr([session.get_decoded() for session in Session.objects.all()]),
        repr([event.data for event in invitation.collection.events.all()]),
        mail.outbox[-1].subject,
    ]
    kept += [repr(row) for row in LinkCode.objects.values()]
    for place in kept:
        assert digits not in place
        assert code not in place


def test_a_mail_that_cannot_be_sent_is_said_and_can_be_tried_at_once(
    client: Client, invitation: Invitation, broken_mail: Callable[[Exception], None]
) -> None:
    broken_mail(SMTPException("away"))
    answer = client.post(path(invitation))
    assert answer.status_code == 422
    assert "could not be sent" in answer.content.decode()
    assert not LinkCode.objects.exists()
    assert actions(invitation.collection)[-1] == "code.mail_failed"


def test_a_lender_that_begins_to_require_codes_asks_those_who_are_in(
    client: Client, lender: Lender, invitation: Invitation
) -> None:
    Lender.objects.update(requires_code=False)
    client.post(path(invitation))
    assert client.get("/collection/select-system/").status_code == 200
    Lender.objects.update(requires_code=True)
    assert client.get("/collection/select-system/").headers["Location"] == "/code/"
    client.post("/code/", {"send": "1"})
    client.post("/code/", {"code": mailed_code()})
    assert client.get("/collection/select-system/").status_code == 200


def test_the_code_page_needs_an_opened_link_and_the_pages_own_token(invitation: Invitation) -> None:
    assert Client().get("/code/").status_code == 403
    assert Client().post("/code/", {"code": "123456"}).status_code == 403
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path(invitation)).status_code == 403
    assert mail.outbox == []


def test_a_code_that_another_web_server_mailed_under_another_key_is_accepted(
    client: Client, invitation: Invitation, settings: Any
) -> None:
    """SECRET_KEY is changed and web servers are restarted one after the other."""
    older, newer = settings.SECRET_KEY, "another key " * 6
    for first, behind in ((older, newer), (newer, older)):
        LinkCode.objects.all().delete()
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = first, [behind]
        client.post(path(invitation))
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = behind, [first]
        assert client.post("/code/", {"code": wrong(mailed_code())}).status_code == 422
        assert client.post("/code/", {"code": mailed_code()}).headers["Location"] == "/welcome/"
        client.logout()
