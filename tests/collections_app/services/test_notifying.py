"""Mails that people are owed: written with what they tell of, sent once, tried again meanwhile."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from smtplib import (
    SMTPAuthenticationError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend as LocalMails
from django.db import transaction
from django.utils import timezone

from collections_app import notices
from collections_app.models import Collection, Lender, Notice, Run
from collections_app.services import notifying
from intacct.sandbox import Sandbox
from tests import factories
from tests.collecting import actions, submitted, work

pytestmark = pytest.mark.usefixtures("gateway")

# In place of a day's.
FEW_TRIES = 10


@pytest.fixture(autouse=True)
def committed(transactional_db: None) -> None:
    """Notices are sent after a commit, so there has to be one."""


def paused(collection: Collection, gateway: Sandbox) -> Run:
    """The borrower has to give a permission."""
    run = submitted(collection)
    gateway.faults.next("no-permission")
    return work(run)


def later(minutes: float = 6) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=True)


def test_a_run_that_pauses_for_the_borrower_tells_the_borrower_once(
    collection: Collection, gateway: Sandbox
) -> None:
    run = paused(collection, gateway)
    assert run.status == Run.Status.NEEDS_BORROWER
    (sent,) = mail.outbox
    assert sent.to == [collection.borrower_email]
    assert sent.reply_to == [collection.lender.contact_email]
    assert collection.reference in sent.subject
    assert "lacks a permission that the reports need" in sent.body
    assert notifying.notices_send() == 0
    assert len(mail.outbox) == 1
    assert actions(collection).count("notice.mailed") == 1


def test_the_mail_names_what_is_missing_and_holds_no_link(collection: Collection, gateway: Sandbox) -> None:
    run = paused(collection, gateway)
    (sent,) = mail.outbox
    assert run.problem_names
    assert all(name in sent.body for name in run.problem_names)
    assert isinstance(sent, EmailMultiAlternatives)
    html = str(sent.alternatives[0][0])
    assert "clk_" not in sent.body + html


def test_a_finished_collection_tells_the_borrower(collection: Collection) -> None:
    work(submitted(collection))
    (sent,) = mail.outbox
    assert sent.to == [collection.borrower_email]
    assert "has your reports" in sent.subject


@pytest.mark.parametrize("operators", [[], ["operator@example.com", "second@example.com"]])
def test_the_operator_is_told_only_where_there_is_an_address(
    collection: Collection, gateway: Sandbox, settings: Any, operators: list[str]
) -> None:
    settings.OPERATOR_EMAIL = operators
    run = submitted(collection)
    gateway.faults.next("malformed")
    assert work(run).status == Run.Status.NEEDS_OPERATOR
    assert [sent.to for sent in mail.outbox] == ([operators] if operators else [])
    assert Notice.objects.count() == bool(operators)
    for sent in mail.outbox:
        assert f"showcollection {collection.reference}" in sent.body
        assert sent.reply_to == []


def test_a_mail_server_that_is_away_is_tried_again_and_the_failure_told_once(
    collection: Collection, gateway: Sandbox
) -> None:
    with pytest.MonkeyPatch.context() as away:
        away.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", _refuse)
        paused(collection, gateway)
        assert Notice.objects.get().tries == 1
        assert notifying.notices_send() == 0, "the next try is minutes away"
        assert Notice.objects.get().tries == 1
        with later(6):
            assert notifying.notices_send() == 0
    notice = Notice.objects.get()
    assert notice.sent_at is None
    assert actions(collection).count("notice.mail_failed") == 1
    with later(12):
        assert notifying.notices_send() == 1
        assert notifying.notices_send() == 0
    assert len(mail.outbox) == 1
    assert actions(collection).count("notice.mailed") == 1


def _refuse(*arguments: object) -> int:
    raise ConnectionRefusedError("away")


def test_a_notice_that_somebody_else_is_sending_is_left_alone(collection: Collection) -> None:
    soon = timezone.now() + timedelta(minutes=2)
    notice = Notice.objects.create(collection=collection, kind=Notice.Kind.FINISHED, try_at=soon)
    assert not notifying.notice_send(notice.pk)
    assert mail.outbox == []


def test_a_notice_in_hand_of_a_machine_whose_clock_is_a_second_ahead_is_left_alone(
    collection: Collection,
) -> None:
    notice = Notice.objects.create(collection=collection, kind=Notice.Kind.FINISHED)
    with pytest.MonkeyPatch.context() as away, later(1 / 60):
        away.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", _refuse)
        assert not notifying.notice_send(notice.pk), "it is claimed there, and not sent yet"
    assert notifying.notices_send() == 0
    assert mail.outbox == []


def test_a_notice_of_a_clock_that_was_put_back_since_does_not_wait_for_that_time(
    collection: Collection,
) -> None:
    in_hours = timezone.now() + timedelta(hours=3)
    Notice.objects.create(collection=collection, kind=Notice.Kind.FINISHED, try_at=in_hours)
    assert notifying.notices_send() == 1


def test_what_is_rolled_back_is_told_to_nobody(collection: Collection) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        notifying.completion_tell(collection=collection)
        raise ZeroDivisionError
    assert not Notice.objects.exists()
    assert mail.outbox == []


def test_a_mail_server_that_is_away_for_days_loses_no_mail(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The password of the mail account runs out on a Friday evening, and is mended on Monday."""
    notice = Notice.objects.create(collection=collection, kind=Notice.Kind.FINISHED)
    monkeypatch.setattr(notices, "MOST_TRIES", FEW_TRIES)
    with pytest.MonkeyPatch.context() as away, time_machine.travel(timezone.now(), tick=False) as clock:
        away.setattr(LocalMails, "send_messages", _fails_with(SMTPAuthenticationError(535, b"expired")))
        for _try in range(FEW_TRIES + 10):
            notifying.notices_send()
            clock.shift(timedelta(minutes=6))
        assert list(notices.waiting()) == [notice]
    with later(60 * 60):
        assert notifying.notices_send() == 1
    assert actions(collection)[-2:] == ["notice.mail_failed", "notice.mailed"]


def test_a_mail_that_is_refused_for_a_day_is_given_up_and_sent_when_somebody_asks_for_it(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = Notice.objects.create(collection=collection, kind=Notice.Kind.FINISHED)
    refused = SMTPRecipientsRefused({collection.borrower_email: (550, b"no such mailbox")})
    monkeypatch.setattr(notices, "MOST_TRIES", FEW_TRIES)
    with pytest.MonkeyPatch.context() as refusing, time_machine.travel(timezone.now(), tick=False) as clock:
        refusing.setattr(LocalMails, "send_messages", _fails_with(refused))
        for _try in range(FEW_TRIES + 10):
            notifying.notices_send()
            clock.shift(timedelta(minutes=6))
        assert list(notices.given_up()) == [notice]
    assert actions(collection)[-2:] == ["notice.mail_failed", "notice.given_up"]
    with later(60 * 60):
        assert notifying.notices_send() == 0
        assert notifying.notices_retry(notices.given_up()) == 0
    assert [sent.to for sent in mail.outbox] == [[collection.borrower_email]]


@pytest.mark.parametrize(
    "failure",
    [
        SMTPSenderRefused(550, b"not you", "portal@lender.example"),
        ConnectionRefusedError("away"),
    ],
)
def test_a_failure_that_is_not_of_this_mail_brings_it_no_nearer_to_being_given_up(
    collection: Collection, broken_mail: Callable[[Exception], None], failure: Exception
) -> None:
    broken_mail(failure)
    most = notices.MOST_TRIES - 1
    Notice.objects.create(collection=collection, kind=Notice.Kind.FINISHED, tries=most)
    assert notifying.notices_send() == 0
    assert notices.waiting().count() == 1


def test_mails_that_cannot_be_made_or_are_refused_keep_no_other_waiting(lender: Lender) -> None:
    for number in range(3):
        poisoned = factories.make_collection(lender)
        Collection.objects.filter(pk=poisoned.pk).update(
            borrower_email=f"a{number}@b.example\nBcc: c@d.example"
        )
        Notice.objects.create(collection=poisoned, kind=Notice.Kind.FINISHED)
    good = factories.make_collection(lender)
    Notice.objects.create(collection=good, kind=Notice.Kind.FINISHED)
    assert notifying.notices_send() == 1
    assert [sent.to for sent in mail.outbox] == [[good.borrower_email]]


def test_mails_on_which_the_server_hangs_up_keep_no_other_waiting_for_long(
    lender: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = LocalMails.send_messages

    def hang_up(backend: LocalMails, messages: Sequence[EmailMessage]) -> int:
        if messages[0].to[0].startswith("poison"):
            raise SMTPServerDisconnected("gone")
        return taken(backend, messages)

    monkeypatch.setattr(LocalMails, "send_messages", hang_up)
    addresses = [f"poison{number}@b.example" for number in range(8)]
    for address in [*addresses, "good@b.example"]:
        collection = factories.make_collection(lender, borrower_email=address)
        Notice.objects.create(collection=collection, kind=Notice.Kind.FINISHED)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _minute in range(10):
            notifying.notices_send()
            clock.shift(timedelta(minutes=1))
    assert [sent.to for sent in mail.outbox] == [["good@b.example"]]


def test_a_server_that_is_away_is_asked_once_in_a_round(
    lender: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each time it lets us wait, and the worker has other work."""
    asked = []

    def away(*arguments: object) -> int:
        asked.append(1)
        raise TimeoutError

    monkeypatch.setattr(LocalMails, "send_messages", away)
    for _mail in range(20):
        collection = factories.make_collection(lender)
        Notice.objects.create(collection=collection, kind=Notice.Kind.FINISHED)
    assert notifying.notices_send() == 0
    assert len(asked) == 1


def _fails_with(failure: Exception) -> Callable[..., int]:
    def fail(*arguments: object) -> int:
        raise failure

    return fail
