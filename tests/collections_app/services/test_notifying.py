"""Mails that people are owed: written with what they tell of, sent once, tried again meanwhile."""

from datetime import timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone

from collections_app.models import Collection, Notice, Run
from collections_app.services import notifying
from intacct.sandbox import Sandbox
from tests.collecting import actions, submitted, work

pytestmark = pytest.mark.usefixtures("gateway")


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
    assert (notice.tries, notice.sent_at) == (2, None)
    assert actions(collection).count("notice.mail_failed") == 1
    with later(12):
        assert notifying.notices_send() == 1
        assert notifying.notices_send() == 0
    assert len(mail.outbox) == 1
    assert actions(collection).count("notice.mailed") == 1


def _refuse(*arguments: object) -> int:
    raise SMTPServerDisconnected("Connection unexpectedly closed")


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
    in_an_hour = timezone.now() + timedelta(hours=1)
    Notice.objects.create(collection=collection, kind=Notice.Kind.FINISHED, try_at=in_an_hour)
    assert notifying.notices_send() == 1


def test_what_is_rolled_back_is_told_to_nobody(collection: Collection) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        notifying.completion_tell(collection=collection)
        raise ZeroDivisionError
    assert not Notice.objects.exists()
    assert mail.outbox == []
