"""Each member of staff chooses what it is told by mail."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from collections_app.models import Collection, Lender, Link, Notice, Run, StaffMember
from collections_app.services import intake, notifying
from tests import factories
from tests.collecting import BORROWER

Mail = StaffMember.Mail


@pytest.fixture
def lender(db: None) -> Lender:
    return factories.make_lender("Northern Credit", time_zone="America/Toronto")


def wants(lender: Lender, name: str, *mails: str) -> StaffMember:
    user = factories.make_staff(lender)
    user.email = f"{name}@northern.test"
    user.save()
    StaffMember.objects.filter(user=user).update(mails=list(mails))
    return StaffMember.objects.get(user=user)


def test_the_first_opening_is_told_to_who_chose_it_and_to_nobody_else(
    lender: Lender, django_capture_on_commit_callbacks: Any
) -> None:
    wants(lender, "kim", Mail.OPENED)
    wants(lender, "lee", Mail.SUBMITTED)
    wants(factories.make_lender(), "stranger", Mail.OPENED)
    collection = factories.make_collection(lender, borrower_name="Acme", lender_reference="L-77")
    for _opening in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            link = Link.objects.select_related("collection__lender").get(collection=collection)
            intake.link_open(link=link, by=BORROWER)
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["kim@northern.test"], "Acme opened the link")
    assert "L-77" in letter.body
    assert "EST" in letter.body or "EDT" in letter.body
    assert f"/admin/collections_app/collection/{collection.pk}/change/" in letter.body


def test_what_was_shared_and_what_is_stuck_are_told(
    lender: Lender, django_capture_on_commit_callbacks: Any
) -> None:
    wants(lender, "kim", Mail.SUBMITTED, Mail.STUCK)
    collection = factories.make_collection(lender, borrower_name="Acme")
    run = factories.make_run(collection, Run.Kind.VERIFY, status=Run.Status.NEEDS_BORROWER)
    with django_capture_on_commit_callbacks(execute=True):
        notifying.completion_tell(collection=collection)
        notifying.borrower_ask(run=run)
        notifying.operator_tell(run=run)
    subjects = [letter.subject for letter in mail.outbox if letter.to == ["kim@northern.test"]]
    assert subjects == [
        "Acme shared what you asked for",
        "The collection of Acme is stuck",
        "The collection of Acme is stuck",
    ]


def test_who_left_is_told_nothing(lender: Lender, django_capture_on_commit_callbacks: Any) -> None:
    member = wants(lender, "kim", Mail.OPENED)
    member.user.is_active = False
    member.user.save()
    with django_capture_on_commit_callbacks(execute=True):
        notifying.opening_tell(collection=factories.make_collection(lender))
    assert mail.outbox == []
    assert not Notice.objects.exists()


def test_a_link_that_is_about_to_expire_is_told_once(
    lender: Lender, django_capture_on_commit_callbacks: Any
) -> None:
    wants(lender, "kim", Mail.EXPIRING)
    now = timezone.now()
    ending = factories.make_collection(lender, borrower_name="Ending")
    done = factories.make_collection(lender, status=Collection.Status.SUBMITTED)
    for collection in (ending, done):
        collection.links.update(issued_at=now - timedelta(days=12), expires_at=now + timedelta(days=2))
    factories.make_collection(lender)
    for _hour in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            notifying.expiry_tell()
    assert [letter.subject for letter in mail.outbox] == ["The link of Ending is about to expire"]
    assert "works until" in mail.outbox[0].body
