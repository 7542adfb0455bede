"""The request: checked before it exists, mailed once, withdrawn for good."""

import logging
from collections.abc import Callable
from datetime import UTC, date, datetime
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError

from collections_app import links, states
from collections_app.links import LinkState
from collections_app.models import Collection, Lender, Run
from collections_app.reports.figures import REPORT_TITLES
from collections_app.services import invitations
from collections_app.services.lenders import lender_create
from tests.collecting import OPERATOR, actions, invite, sign_in, token_of

REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"date_from": date(2026, 5, 1), "date_to": date(2026, 4, 1)}, "must begin before it ends"),
    ({"date_from": date(26, 1, 1), "date_to": date(26, 12, 31)}, "not begin before 1990: check the year"),
    ({"date_from": date(26, 1, 1), "date_to": date(2026, 3, 31)}, "not begin before 1990: check the year"),
    ({"date_from": date(2015, 1, 1), "date_to": date(2025, 1, 1)}, "not be longer than 10 years"),
    ({"date_from": date(2010, 1, 1), "date_to": date(2020, 12, 31)}, "not be longer than 10 years"),
    ({"date_to": date(2099, 1, 1), "date_from": date(2098, 1, 1)}, "must not end in the future"),
    ({"expires_days": 0}, "between 1 and 365 days"),
    ({"expires_days": 366}, "between 1 and 365 days"),
    ({"reports": ["profit"]}, "There is no report profit. Choose from: balance_sheet"),
    ({"borrower_name": "  "}, "cannot be blank"),
    ({"borrower_name": "x" * 201}, "at most 200 characters"),
    ({"borrower_email": "not an address"}, "valid email address"),
    ({"basis": "tax"}, "not a valid choice"),
]


@pytest.mark.parametrize(("changes", "sentence"), REFUSED)
def test_a_request_that_makes_no_sense_is_refused_in_words_and_not_stored(
    lender: Lender, changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        invite(lender, send_mail=True, **changes)
    assert sentence in " ".join(refusal.value.messages)
    assert not Collection.objects.exists()
    assert mail.outbox == []


def test_ten_years_to_the_day_are_allowed(lender: Lender) -> None:
    assert invite(lender, date_from=date(2015, 1, 1), date_to=date(2024, 12, 31))


def test_the_future_begins_in_the_lenders_own_zone(lender: Lender) -> None:
    auckland = lender_create(slug="kauri", name="Kauri Finance", time_zone="Pacific/Auckland")
    # Noon of 31 March in London is already 1 April in Auckland, and still 31 March in Toronto.
    with time_machine.travel(datetime(2026, 3, 31, 12, tzinfo=UTC)):
        assert invite(auckland, date_to=date(2026, 4, 1))
        with pytest.raises(ValidationError, match="future"):
            invite(lender, date_to=date(2026, 4, 1))


def test_a_request_is_stored_as_asked_with_a_reference_that_can_be_read_out(lender: Lender) -> None:
    collection = invite(
        lender,
        borrower_name="  Birchwood \n Bicycle Works ",
        lender_reference=" L-77 ",
        basis="cash",
        adjustment_books=[" GAAP ", ""],
        reports=["balance-sheet"],
    ).collection
    assert (collection.borrower_name, collection.lender_reference) == ("Birchwood Bicycle Works", "L-77")
    assert (collection.basis, collection.adjustment_books) == ("cash", ["GAAP"])
    assert collection.reports == ["balance_sheet"]
    assert collection.status == Collection.Status.INVITED
    assert len(collection.reference) == 9
    assert not set(collection.reference) & set("01IOa")
    assert actions(collection) == ["collection.invited"]


def test_all_reports_are_asked_for_unless_said(lender: Lender) -> None:
    assert invite(lender).collection.reports == list(REPORT_TITLES)


def test_the_address_is_known_to_the_caller_and_hidden_from_the_log(lender: Lender) -> None:
    invitation = invite(lender)
    assert invitation.url.startswith("http://127.0.0.1:8000/c/clk_")
    assert "clk_" not in repr(invitation)


# The mail


def mailed(callbacks: Any, lender: Lender, **changes: Any) -> invitations.Invitation:
    with callbacks(execute=True):
        return invite(lender, send_mail=True, **changes)


def test_the_mail_names_lender_and_reference_and_holds_the_link(
    lender: Lender, django_capture_on_commit_callbacks: Any
) -> None:
    invitation = mailed(django_capture_on_commit_callbacks, lender)
    (message,) = mail.outbox
    assert message.to == ["owner@birchwood.example"]
    assert message.reply_to == ["lending@harbor.example"]
    assert "Harbor Community Bank" in message.subject
    assert invitation.collection.reference in message.subject
    body = str(message.body)
    for part in (
        invitation.url,
        "Harbor Community Bank",
        "Birchwood Bicycle Works",
        "April 1, 2026 to June 30, 2026",
    ):
        assert part in body
    (html,) = message.alternatives  # type: ignore[attr-defined]
    assert invitation.url in str(html[0])
    assert actions(invitation.collection) == ["collection.invited", "invitation.mailed"]
    assert "clk_" not in repr(list(invitation.collection.events.values()))


def test_names_in_the_mail_are_text_and_no_markup(
    lender: Lender, django_capture_on_commit_callbacks: Any
) -> None:
    Lender.objects.update(name="Smith & Sons <Bank>")
    mailed(django_capture_on_commit_callbacks, Lender.objects.get())
    (message,) = mail.outbox
    assert "Smith & Sons <Bank>" in message.subject
    assert "Smith & Sons <Bank>" in str(message.body)
    html = str(message.alternatives[0][0])  # type: ignore[attr-defined]
    assert "Smith &amp; Sons &lt;Bank&gt;" in html


def test_no_mail_is_sent_when_none_is_wanted_or_the_request_was_rolled_back(
    lender: Lender, django_capture_on_commit_callbacks: Any
) -> None:
    mailed(django_capture_on_commit_callbacks, lender)
    with django_capture_on_commit_callbacks(execute=True):
        invite(lender)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    "failure",
    [
        SMTPException("away"),
        ConnectionRefusedError("away"),
        TimeoutError("slow"),
        SMTPRecipientsRefused({"owner@birchwood.example": (550, b"no such user")}),
    ],
)
def test_a_mail_that_could_not_be_sent_leaves_the_request_and_says_so(
    lender: Lender,
    django_capture_on_commit_callbacks: Any,
    broken_mail: Callable[[Exception], None],
    caplog: pytest.LogCaptureFixture,
    failure: Exception,
) -> None:
    broken_mail(failure)
    with caplog.at_level(logging.WARNING):
        invitation = mailed(django_capture_on_commit_callbacks, lender)
    assert actions(invitation.collection)[-1] == "invitation.mail_failed"
    assert links.find(token_of(invitation))
    assert invitation.collection.reference in caplog.text
    assert "clk_" not in caplog.text


# A new link, and the end


def test_a_new_link_ends_the_old_one_and_is_recorded(lender: Lender) -> None:
    old = invite(lender)
    new = invitations.link_reissue(collection=old.collection, by=OPERATOR)
    found = links.find(token_of(old)), links.find(token_of(new))
    assert found[0]
    assert found[1]
    assert [links.state(link) for link in found if link] == [LinkState.WITHDRAWN, LinkState.OPEN]
    assert actions(old.collection)[-1] == "link.issued"


def test_a_withdrawn_request_gets_no_new_link(lender: Lender) -> None:
    collection = invite(lender).collection
    invitations.collection_withdraw(collection=collection, by=OPERATOR)
    with pytest.raises(ValidationError, match="was withdrawn"):
        invitations.link_reissue(collection=collection, by=OPERATOR)


def test_a_link_may_not_live_for_ever(lender: Lender) -> None:
    collection = invite(lender).collection
    with pytest.raises(ValidationError, match="between 1 and 365 days"):
        invitations.link_reissue(collection=collection, by=OPERATOR, expires_days=100_000)


def test_links_live_as_long_as_the_lender_says_unless_the_request_says_otherwise(lender: Lender) -> None:
    lender.link_days = 3
    lender.save(update_fields=["link_days"])
    now = datetime(2026, 11, 2, 12, tzinfo=UTC)
    with time_machine.travel(now, tick=False):
        usual, longer = invite(lender), invite(lender, expires_days=60)
        again = invitations.link_reissue(collection=usual.collection, by=OPERATOR)
    lives = [(links.newest(each.collection).expires_at - now).days for each in (usual, longer, again)]  # type: ignore[union-attr]
    assert lives == [3, 60, 3]


def test_withdrawing_ends_link_run_and_password_once(collection: Collection) -> None:
    run = sign_in(collection)
    invitations.collection_withdraw(collection=collection, by=OPERATOR)
    run.refresh_from_db()
    assert (collection.status, run.status) == (Collection.Status.WITHDRAWN, Run.Status.CANCELLED)
    assert links.state(collection.links.all()[0]) is LinkState.WITHDRAWN
    assert actions(collection)[-3:] == ["collection.withdrawn", "run.cancelled", "credentials.destroyed"]
    with pytest.raises(states.MoveRefused):
        invitations.collection_withdraw(collection=collection, by=OPERATOR)
