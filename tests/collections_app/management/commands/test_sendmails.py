"""`sendmails`: what was given up goes out once what was wrong is mended, or is forgotten."""

from collections.abc import Callable
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail

from collections_app import notices
from collections_app.models import Collection, Notice
from tests import factories
from tests.collecting import actions
from tests.collections_app.management.commands.conftest import Manage


@pytest.fixture
def given_up(transactional_db: None) -> Collection:
    """Of two requests one mail each was given up; a third mail waits."""
    first, second = factories.make_collection(), factories.make_collection()
    for collection in (first, second):
        told = {"kind": Notice.Kind.FINISHED, "tries": notices.MOST_TRIES}
        Notice.objects.create(collection=collection, **told)
    Notice.objects.create(collection=first, kind=Notice.Kind.READY, tries=1)
    return first


def test_what_was_given_up_is_named_and_then_sent(manage: Manage, given_up: Collection) -> None:
    listed = manage("sendmails", "--dry-run")
    assert given_up.reference in listed.out and "2 were given up, 2 are left." in listed.out
    assert mail.outbox == []
    finished = manage("sendmails")
    assert (finished.code, finished.last) == (0, "2 were given up, 0 are left.")
    assert len(mail.outbox) == 2
    assert manage("sendmails").last == "0 were given up, 0 are left."


def test_what_can_reach_nobody_is_forgotten_and_the_record_says_so(
    manage: Manage, given_up: Collection
) -> None:
    assert manage("sendmails", given_up.reference, "--drop", "--dry-run").code == 0
    assert notices.given_up().count() == 2
    assert manage("sendmails", given_up.reference, "--drop").code == 0
    assert notices.given_up().count() == 1
    assert notices.waiting().count() == 1
    assert actions(given_up)[-1] == "notice.dropped"
    assert mail.outbox == []


def test_what_is_refused_still_is_said_and_tried_again(
    manage: Manage, given_up: Collection, broken_mail: Callable[[Exception], None]
) -> None:
    broken_mail(SMTPRecipientsRefused({given_up.borrower_email: (550, b"no such mailbox")}))
    finished = manage("sendmails", given_up.reference)
    assert finished.code == 1
    assert "1 mails could not be sent now" in finished.error
    assert notices.waiting().count() == 2
