"""Each member of staff chooses what it is told by mail."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from collections_app import notices
from collections_app.admin.worklist import condition
from collections_app.events import Who
from collections_app.models import Collection, Lender, Link, Notice, Run, StaffMember
from collections_app.services import intake, notifying, reviewing
from collections_app.services.seeing import fingerprint
from collections_app.turns import with_situations
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


def test_a_link_of_which_a_mail_was_dropped_is_not_told_of_in_the_next_hour(lender: Lender) -> None:
    wants(lender, "kim", Mail.EXPIRING)
    about_to_expire(lender)
    assert notifying.expiry_tell() == 1
    Notice.objects.update(tries=notices.MOST_TRIES)
    notifying.notices_drop(notices.given_up(), by=Who.operator("sendmails"))
    assert notifying.expiry_tell() == 0


def about_to_expire(lender: Lender, **fields: Any) -> Collection:
    now = timezone.now()
    collection = factories.make_collection(lender, **fields)
    collection.links.update(issued_at=now - timedelta(days=12), expires_at=now + timedelta(days=2))
    return collection


def test_the_mail_of_links_that_expire_tells_of_what_the_view_of_the_list_has(lender: Lender) -> None:
    wants(lender, "kim", Mail.EXPIRING)
    held = about_to_expire(lender, status=Collection.Status.COLLECTING)
    factories.make_run(held, Run.Kind.COLLECT, status=Run.Status.NEEDS_BORROWER, problem="password_gone")
    previewing = about_to_expire(lender, status=Collection.Status.COLLECTING, previews=True)
    factories.make_run(previewing, Run.Kind.COLLECT, status=Run.Status.DONE)
    at_work = about_to_expire(lender, status=Collection.Status.STARTED)
    factories.make_run(at_work, Run.Kind.VERIFY, status=Run.Status.RUNNING)
    rows = with_situations(Collection.objects.all()).filter(condition("expiring", timezone.now()))
    assert {row.pk for row in rows} == {held.pk, previewing.pk}
    assert notifying.expiry_tell() == 2
    assert {notice.collection_id for notice in Notice.objects.all()} == {held.pk, previewing.pk}


def test_a_link_that_works_longer_for_a_correction_is_told_of_once_more(lender: Lender) -> None:
    wants(lender, "kim", Mail.EXPIRING)
    collection = about_to_expire(lender)
    assert [notifying.expiry_tell() for _hour in range(2)] == [1, 0]
    Collection.objects.update(status=Collection.Status.SUBMITTED, shared_at=timezone.now())
    collection.refresh_from_db()
    reviewing.collection_return(
        collection=collection,
        words="Post May.",
        by=Who("staff", "kim@northern.test"),
        shown=fingerprint(collection),
    )
    assert notifying.expiry_tell() == 0
    with time_machine.travel(timezone.now() + timedelta(days=12)):
        assert [notifying.expiry_tell() for _hour in range(2)] == [1, 0]


@pytest.mark.parametrize(
    ("contact", "told"),
    [
        ("", ["lee@northern.test"]),
        ("desk@northern.test", ["desk@northern.test", "lee@northern.test"]),
        ("Kim@northern.test", ["lee@northern.test"]),
        ("lee@northern.test", ["lee@northern.test"]),
    ],
)
def test_who_did_not_choose_to_be_told_of_answers_is_not(
    contact: str, told: list[str], lender: Lender, django_capture_on_commit_callbacks: Any
) -> None:
    Lender.objects.update(contact_email=contact)
    for name, mails in (("kim", [Mail.STUCK]), ("lee", [Mail.ANSWERED])):
        StaffMember.objects.filter(pk=wants(lender, name, *mails).pk).update(role=StaffMember.Role.MANAGER)
    collection = Collection.objects.get(pk=factories.make_collection(lender).pk)
    with django_capture_on_commit_callbacks(execute=True):
        notifying.answer_tell(collection=collection)
    assert [letter.to for letter in mail.outbox] == [told]


def test_answers_that_nobody_wants_a_mail_of_are_not_mailed(lender: Lender) -> None:
    kim = wants(lender, "kim", Mail.STUCK)
    StaffMember.objects.filter(pk=kim.pk).update(role=StaffMember.Role.MANAGER)
    notifying.answer_tell(collection=factories.make_collection(lender))
    assert not Notice.objects.exists()
