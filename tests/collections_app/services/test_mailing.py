"""Every mail to a borrower: in the lender's name, the same in both parts, nothing that a filter dislikes."""

import re
from email import policy
from email.parser import BytesParser
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from collections_app.models import Collection, Lender, Notice, Run
from collections_app.services import invitations, notifying, proving
from tests.collecting import OPERATOR, invite

KINDS = ["invitation", "code", "paused", "finished", "set_up", "ready"]
LINK_LABEL = "See what is asked"


class Words(HTMLParser):
    """The blocks of text that a reader of the HTML part sees, without its title and style."""

    BLOCKS = {"p", "h1", "dt", "dd", "li"}

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self.hidden = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.BLOCKS or tag == "br":
            self.blocks.append("")
        if tag in ("style", "title"):
            self.hidden = tag

    def handle_endtag(self, tag: str) -> None:
        self.hidden = "" if tag == self.hidden else self.hidden

    def handle_data(self, data: str) -> None:
        if self.blocks and not self.hidden:
            self.blocks[-1] += data

    def said(self) -> list[str]:
        return [words for words in (" ".join(block.split()) for block in self.blocks) if words]


@pytest.fixture
def lender(lender: Lender) -> Lender:
    lender.name = "Smith & Sons, “Harbor” <Bank>"
    lender.contact_name, lender.contact_phone = "Dana Reyes, Lending", "555 0100"
    lender.requires_code = True
    lender.save()
    return lender


def sent(kind: str, lender: Lender, callbacks: Any) -> EmailMultiAlternatives:
    with callbacks(execute=True):
        invitation = invite(
            lender, purpose="For the yearly review & renewal.", send_mail=kind == "invitation"
        )
        collection = invitation.collection
        if kind == "code":
            proving.code_send(link=collection.links.get(), by=OPERATOR)
        elif kind == "paused":
            run = Run.objects.create(
                collection=collection,
                kind=Run.Kind.COLLECT,
                status=Run.Status.NEEDS_BORROWER,
                problem="permission_missing",
            )
            notifying.borrower_ask(run=run)
        elif kind == "set_up":
            notifying.set_up_tell(collection=collection)
        elif kind == "ready":
            notifying.preview_offer(collection=collection)
        elif kind == "finished":
            Collection.objects.update(status=Collection.Status.SUBMITTED, shared_at=timezone.now())
            collection.refresh_from_db()
            notifying.completion_tell(collection=collection)
    (message,) = mail.outbox
    assert isinstance(message, EmailMultiAlternatives)
    return message


@pytest.mark.parametrize("kind", KINDS)
def test_both_parts_say_the_same(kind: str, lender: Lender, django_capture_on_commit_callbacks: Any) -> None:
    message = sent(kind, lender, django_capture_on_commit_callbacks)
    ((html, content_type),) = message.alternatives
    assert content_type == "text/html"
    words = Words()
    words.feed(str(html))
    text = " ".join(str(message.body).split())
    for said in words.said():
        if said != LINK_LABEL:
            assert said in text or said in message.subject, said
    in_html = " ".join(words.said())
    for paragraph in str(message.body).split("\n\n"):
        for line in paragraph.splitlines():
            # A name and what it says stand on one line in the text, and on two in the HTML.
            for part in re.split(r"(?<=\w):(?: |$)|^- ", " ".join(line.split())):
                assert part in in_html, part
    assert "&amp;" not in str(message.body)
    assert "<Bank>" not in str(html)


@pytest.mark.parametrize("kind", KINDS)
def test_each_is_in_the_lenders_name_and_loads_nothing(
    kind: str, lender: Lender, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.DEFAULT_FROM_EMAIL = "Strongbox <reports@mail.portal.example>"
    message = sent(kind, lender, django_capture_on_commit_callbacks)
    parsed = BytesParser(policy=policy.default).parsebytes(message.message().as_bytes())
    (sender,) = parsed["From"].addresses
    assert sender.display_name == "Smith & Sons, “Harbor” <Bank> via Strongbox"
    assert sender.addr_spec == "reports@mail.portal.example"
    (answers,) = parsed["Reply-To"].addresses
    assert (answers.display_name, answers.addr_spec) == ("Dana Reyes, Lending", "lending@harbor.example")
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsed["Message-ID"].strip().endswith("@mail.portal.example>")
    assert [part.get_content_type() for part in parsed.iter_parts()] == ["text/plain", "text/html"]
    assert parsed["List-Unsubscribe"] is None
    html = str(message.alternatives[0][0])
    assert not re.search(r"<(?:img|script|link|iframe|form|object)\b|url\(|@import|\ssrc=", html)
    addresses = set(re.findall(r"href=\"([^\"]+)\"", html))
    assert addresses == ({_link_in(str(message.body))} if kind == "invitation" else set())


def _link_in(text: str) -> str:
    found = re.search(r"http://\S+/c/clk_\w+/", text)
    assert found
    return found[0]


def test_a_lender_without_contact_gets_no_answers(
    lender: Lender, django_capture_on_commit_callbacks: Any
) -> None:
    Lender.objects.update(contact_email="", contact_name="")
    lender.refresh_from_db()
    message = sent("invitation", lender, django_capture_on_commit_callbacks)
    assert message.reply_to == []


def test_only_the_mail_with_the_link_holds_one(
    lender: Lender, django_capture_on_commit_callbacks: Any
) -> None:
    for kind in KINDS[1:]:
        mail.outbox.clear()
        message = sent(kind, lender, django_capture_on_commit_callbacks)
        assert "/c/" not in str(message.body)


def test_the_receipt_names_what_was_shared_with_whom_and_when(
    lender: Lender, django_capture_on_commit_callbacks: Any
) -> None:
    text = str(sent("finished", lender, django_capture_on_commit_callbacks).body)
    collection = Collection.objects.get()
    for part in ("Balance sheet", "April 1, 2026 to June 30, 2026", collection.reference, lender.name):
        assert part in text
    assert re.search(r"Shared on: .+ E[SD]T", text)


def test_what_the_desk_and_the_operator_get_is_plain_and_our_own(
    lender: Lender, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.OPERATOR_EMAIL = ["operator@portal.example"]
    collection = invite(lender, lender_reference="L-77").collection
    with django_capture_on_commit_callbacks(execute=True):
        notifying.new_link_tell(collection=collection)
        notifying.operator_tell(run=Run(collection=collection, problem="our_fault"))
    to_desk, to_operator = mail.outbox
    assert to_desk.to == ["lending@harbor.example"]
    assert f"/admin/collections_app/collection/{collection.pk}/change/" in str(to_desk.body)
    assert "L-77" in str(to_desk.body)
    for message in mail.outbox:
        assert message.from_email == settings.DEFAULT_FROM_EMAIL
        assert message.reply_to == []
        assert not message.alternatives  # type: ignore[attr-defined]
    assert to_operator.to == ["operator@portal.example"]
    assert set(Notice.objects.values_list("kind", flat=True)) == {"link_asked", "stopped"}


def test_a_withdrawn_request_is_asked_for_in_other_words(
    lender: Lender, django_capture_on_commit_callbacks: Any
) -> None:
    collection = invite(lender).collection
    invitations.collection_withdraw(collection=collection, by=OPERATOR)
    with django_capture_on_commit_callbacks(execute=True):
        notifying.new_link_tell(collection=collection)
    assert "make a new request" in str(mail.outbox[0].body)
