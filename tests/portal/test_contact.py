"""Whom to ask: in the same place on every page and under every mail, of the request if it names somebody."""

import re
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from collections_app.models import Collection, Lender, Notice, Run
from collections_app.services import linking, notifying, setting_up
from collections_app.services.invitations import Invitation
from portal.access import BORROWER
from tests.collecting import OPERATOR, invite, token_of
from tests.factories import make_run

HELP = re.compile(r'<aside class="page__aside aside".*?<h2>Help</h2>(.*?)</section>', re.DOTALL)


def help_on(client: Client, page: str) -> str:
    """The help section of a page, which is the first thing beside its content."""
    text = client.get(page, follow=True).content.decode()
    found = HELP.search(text)
    assert found, page
    return found[1]


def name_a_contact(**more: str) -> None:
    Collection.objects.update(contact_name="Lee Osei", contact_phone="555 0177", **more)


@pytest.mark.parametrize("own", [False, True], ids=["of the lender", "of the request"])
def test_the_help_of_every_page_has_person_telephone_mail_and_reference(
    borrower: Client, asked: Collection, invitation: Invitation, lender: Lender, own: bool
) -> None:
    if own:
        name_a_contact(contact_email="lee@harbor.example")
    person = ("Lee Osei", "555 0177", "lee@") if own else ("Dana Reyes", "555 0100", "lending@")
    Lender.objects.update(contact_name="Dana Reyes", contact_phone="555 0100")
    pages = [f"/c/{token_of(invitation)}/"]
    pages += [f"/collection/{name}/" for name in ("select-system", "documents", "withdraw")]
    for page in pages:
        told = help_on(borrower, page)
        for words in (*person, asked.reference):
            assert words in told, (page, words)
    for guide in ("role-based", "quickstart-categories"):
        told = help_on(Client(), f"/guide/{lender.slug}/{guide}/")
        assert "Dana Reyes" in told
        assert asked.reference not in told


def test_the_colleague_reads_from_the_first_page_to_the_last_whom_to_ask_and_no_reference(
    asked: Collection,
) -> None:
    name_a_contact()
    Collection.objects.update(reviewed_at=timezone.now())
    asked.refresh_from_db()
    link, url = setting_up.set_up_link_issue(collection=asked, seed="s" * 32, by=OPERATOR)
    page = url[url.index("/s/") :]
    colleague = Client()
    told = [help_on(colleague, page)]
    colleague.post(page)
    told.append(help_on(colleague, "/set-up/"))
    make_run(asked, Run.Kind.VERIFY, status=Run.Status.DONE)
    told.append(help_on(colleague, "/set-up/"))
    linking.set_up_link_revoke(collection=asked, by=BORROWER)
    told.append(help_on(colleague, page))
    for words in told:
        assert "Lee Osei" in words
        assert "555 0177" in words
        assert asked.reference not in words


def test_a_link_that_has_ended_says_whom_to_ask(client: Client, invitation: Invitation) -> None:
    name_a_contact()
    linking.link_revoke(collection=invitation.collection, by=OPERATOR)
    told = help_on(client, f"/c/{token_of(invitation)}/")
    assert "Lee Osei" in told
    assert invitation.collection.reference in told


def test_one_persons_name_never_stands_beside_anothers_telephone(borrower: Client, asked: Collection) -> None:
    Lender.objects.update(contact_phone="555 0100")
    Collection.objects.update(contact_name="Lee Osei", contact_email="lee@harbor.example")
    told = help_on(borrower, "/collection/select-system/")
    assert "lee@" in told
    assert "555 0100" not in told


def test_mails_about_the_request_are_signed_by_its_contact_who_gets_the_answers(asked: Collection) -> None:
    name_a_contact(contact_email="lee@harbor.example")
    for kind in (Notice.Kind.SET_UP, Notice.Kind.LINK_ASKED):
        notice = Notice.objects.create(collection=asked, kind=kind)
        assert notifying.notice_send(notice.pk)
    to_borrower, to_lender = mail.outbox
    assert to_borrower.reply_to == ["Lee Osei <lee@harbor.example>"]
    assert "Lee Osei\nHarbor Community Bank\n555 0177\nlee@harbor.example" in to_borrower.body
    assert isinstance(to_borrower, mail.EmailMultiAlternatives)
    assert "Lee Osei" in str(to_borrower.alternatives[0][0])
    assert to_lender.to == ["lee@harbor.example"]


@pytest.mark.parametrize(
    ("given", "field"),
    [({"contact_name": "Lee Osei"}, "contact_phone"), ({"contact_phone": "555 0177"}, "contact_name")],
)
def test_half_a_contact_is_refused_with_what_is_missing(
    lender: Lender, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError, match=r"Give the contact.s") as refused:
        invite(lender, **given)
    assert list(refused.value.error_dict) == [field]
    assert not Collection.objects.exists()
