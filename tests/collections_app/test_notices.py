"""Mails that come too late: what happened meanwhile is not told as if it were news."""

from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from collections_app import notices
from collections_app.events import Who
from collections_app.models import Collection, Lender, Notice, Run, StaffMember
from collections_app.services import notifying, reminding
from tests import factories
from tests.collecting import actions


@pytest.fixture(autouse=True)
def committed(transactional_db: None) -> None:
    """Notices are sent after a commit, so there has to be one."""


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The mail server is away until this is undone."""

    def refuse(*arguments: object) -> int:
        raise SMTPServerDisconnected("gone")

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    return monkeypatch


def back(away: pytest.MonkeyPatch) -> list[str]:
    """The server is back two days later: the subjects of what it gets."""
    away.undo()
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        notifying.notices_send()
        assert notifying.notices_send() == 0
    return [str(sent.subject) for sent in mail.outbox]


def held(lender: Lender) -> Run:
    collection = factories.make_collection(lender, status=Collection.Status.COLLECTING)
    told = {"status": Run.Status.NEEDS_BORROWER, "problem": "permission_missing"}
    run = factories.make_run(collection, Run.Kind.COLLECT, **told)
    notifying.borrower_ask(run=run)
    return run


def wants_stuck(lender: Lender) -> None:
    user = factories.make_staff(lender)
    user.email = "kim@northern.test"
    user.save()
    StaffMember.objects.filter(user=user).update(mails=[StaffMember.Mail.STUCK])


def test_a_run_that_still_waits_is_told_of_late(lender: Lender, away: pytest.MonkeyPatch) -> None:
    wants_stuck(lender)
    held(lender)
    assert len(back(away)) == 2


def test_a_run_that_goes_on_meanwhile_is_told_of_to_nobody(lender: Lender, away: pytest.MonkeyPatch) -> None:
    wants_stuck(lender)
    run = held(lender)
    Run.objects.filter(pk=run.pk).update(status=Run.Status.DONE)
    assert back(away) == []
    assert not notices.unsent().exists()
    assert actions(run.collection).count("notice.dropped") == 2


def test_a_run_that_paused_again_is_told_of_once(lender: Lender, away: pytest.MonkeyPatch) -> None:
    run = held(lender)
    Run.objects.filter(pk=run.pk).update(problem="sign_in_refused")
    run.refresh_from_db()
    notifying.borrower_ask(run=run)
    assert len(back(away)) == 1
    assert Notice.objects.exclude(sent_at=None).get().problem == "sign_in_refused"


def test_of_several_reminders_the_newest_is_mailed(lender: Lender, away: pytest.MonkeyPatch) -> None:
    collection = factories.make_collection(lender)
    for days in (0, 1.5):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            assert reminding.reminder_send(collection=collection, by=Who.worker()) == ""
    assert len(back(away)) == 1
    assert actions(collection).count("notice.dropped") == 1


def test_nobody_is_reminded_of_what_was_done_meanwhile(lender: Lender, away: pytest.MonkeyPatch) -> None:
    collection = factories.make_collection(lender)
    assert reminding.reminder_send(collection=collection, by=Who.worker()) == ""
    Collection.objects.update(status=Collection.Status.SUBMITTED, shared_at=timezone.now())
    assert back(away) == []
    assert actions(collection)[-1] == "notice.dropped"
