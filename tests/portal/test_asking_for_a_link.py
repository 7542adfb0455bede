"""A link that has ended: one page for each reason, and a button that asks the lender for a new one."""

from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from collections_app import links, rate_limit
from collections_app.models import Collection, Lender, Link, Notice, StaffMember
from collections_app.services import erasing, invitations, linking, notifying
from collections_app.services.invitations import Invitation
from tests import factories
from tests.collecting import OPERATOR, actions, invite, token_of


def path(invitation: Invitation) -> str:
    return f"/c/{token_of(invitation)}/"


def expire(invitation: Invitation) -> None:
    Link.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def withdraw(invitation: Invitation) -> None:
    invitations.collection_withdraw(collection=invitation.collection, by=OPERATOR)


def replace(invitation: Invitation) -> None:
    invitations.link_reissue(collection=invitation.collection, by=OPERATOR)


def revoke(invitation: Invitation) -> None:
    linking.link_revoke(collection=invitation.collection, by=OPERATOR)


def use_up(invitation: Invitation) -> None:
    Link.objects.update(opened_count=links.MOST_OPENINGS)


def erase(invitation: Invitation) -> None:
    erasing.data_key_destroy(collection=invitation.collection, by=OPERATOR, why="a test")


ENDS: list[tuple[Callable[[Invitation], None], str]] = [
    (expire, "This link has expired"),
    (withdraw, "Harbor Community Bank has withdrawn this request"),
    (replace, "This link was replaced by a newer one"),
    (revoke, "Harbor Community Bank has switched this link off"),
    (use_up, "This link was opened too often"),
]


@pytest.fixture(autouse=True)
def committed(transactional_db: None) -> None:
    """Notices are sent after a commit, so there has to be one."""


@pytest.mark.parametrize(("end", "heading"), ENDS)
def test_each_end_has_its_own_words_and_the_same_way_on(
    client: Client, invitation: Invitation, end: Callable[[Invitation], None], heading: str
) -> None:
    end(invitation)
    page = client.get(path(invitation))
    assert page.status_code == 410
    assert heading in " ".join(page.content.decode().split())
    assert "Ask Harbor Community Bank for a new link" in page.content.decode()
    assert client.post(path(invitation)).status_code == 410
    answer = client.post(path(invitation) + "ask/", follow=True)
    assert answer.status_code == 410
    assert "Harbor Community Bank knows that you need a new link" in answer.content.decode()
    (sent,) = mail.outbox
    assert sent.to == ["lending@harbor.example"]
    assert invitation.collection.reference in sent.subject
    assert "clk_" not in str(sent.message())
    assert actions(invitation.collection)[-2:] == ["link.asked", "notice.mailed"]


def test_what_was_erased_is_told_with_whom_to_ask_and_no_link_is_offered(
    client: Client, invitation: Invitation
) -> None:
    erase(invitation)
    page = client.get(path(invitation))
    assert page.status_code == 410
    text = " ".join(page.content.decode().split())
    assert "What was shared here has been erased" in text
    assert "for a new link" not in text
    assert "lending@" in text


def test_the_lender_is_asked_once_a_day_however_many_press(client: Client, invitation: Invitation) -> None:
    expire(invitation)
    for browser in (client, client, Client()):
        browser.post(path(invitation) + "ask/")
    assert len(mail.outbox) == 1
    assert "for a new link</button>" not in client.get(path(invitation)).content.decode()
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        client.post(path(invitation) + "ask/")
    assert len(mail.outbox) == 2


@pytest.mark.usefixtures("one_window")
def test_one_who_asks_on_and_on_is_stopped(client: Client, invitation: Invitation) -> None:
    expire(invitation)
    answers = [
        client.post(path(invitation) + "ask/").status_code for _ in range(rate_limit.LINK_ASKS.failures + 2)
    ]
    assert answers == [302] * (rate_limit.LINK_ASKS.failures + 1) + [429]


def test_a_mail_server_that_is_away_loses_no_question(
    client: Client, invitation: Invitation, monkeypatch: pytest.MonkeyPatch
) -> None:
    expire(invitation)
    with monkeypatch.context() as away:
        away.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", _refuse)
        assert client.post(path(invitation) + "ask/").status_code == 302
    assert Notice.objects.get().sent_at is None
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert notifying.notices_send() == 1
    assert len(mail.outbox) == 1


def _refuse(*arguments: object) -> int:
    raise SMTPServerDisconnected("Connection unexpectedly closed")


def test_without_a_contact_the_managers_are_asked_and_without_these_the_page_offers_no_button(
    client: Client, invitation: Invitation, lender: Lender
) -> None:
    expire(invitation)
    Lender.objects.update(contact_email="")
    assert "for a new link</button>" not in " ".join(client.get(path(invitation)).content.decode().split())
    client.post(path(invitation) + "ask/")
    assert mail.outbox == []
    manager = factories.make_staff(lender, StaffMember.Role.MANAGER)
    type(manager).objects.filter(pk=manager.pk).update(email="ana@harbor.example")
    client.post(path(invitation) + "ask/")
    assert [sent.to for sent in mail.outbox] == [["ana@harbor.example"]]


def test_a_link_that_works_asks_nobody_and_an_unknown_one_is_unknown(
    client: Client, invitation: Invitation
) -> None:
    assert client.post(path(invitation) + "ask/").status_code == 302
    assert client.post(f"/c/{links.make_token()}/ask/").status_code == 404
    assert client.get(path(invitation) + "ask/").status_code == 405
    assert mail.outbox == []


def test_asking_needs_the_pages_own_token(invitation: Invitation) -> None:
    expire(invitation)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path(invitation) + "ask/").status_code == 403
    assert mail.outbox == []


def test_who_was_inside_when_the_link_ended_asks_from_there(
    borrower: Client, asked: Collection, invitation: Invitation
) -> None:
    expire(invitation)
    page = borrower.get("/collection/review/")
    assert page.status_code == 410
    assert 'action="/collection/ask/"' in page.content.decode()
    answer = borrower.post("/collection/ask/", follow=True)
    assert "knows that you need a new link" in answer.content.decode()
    assert len(mail.outbox) == 1
    assert Client().post("/collection/ask/").status_code == 403


def test_a_complete_request_is_looked_at_after_its_link_expired_but_not_for_ever(
    client: Client, lender: Lender
) -> None:
    invitation = invite(lender)
    expire(invitation)
    Collection.objects.update(status=Collection.Status.SUBMITTED, shared_at=timezone.now())
    page = client.get(path(invitation))
    assert page.status_code == 200
    assert "See what you shared" in page.content.decode()
    assert client.post(path(invitation), follow=True).redirect_chain[-1][0] == "/collection/done/"
    with time_machine.travel(timezone.now() + timedelta(days=links.COMPLETED_DAYS, minutes=1)):
        assert client.get(path(invitation)).status_code == 410
