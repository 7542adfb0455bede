from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from collections_app import notices
from collections_app.events import Who
from collections_app.models import Collection, Event, Notice, Run
from collections_app.services import notifying, reminding, reviewing
from collections_app.services.seeing import fingerprint
from tests import factories

# A Wednesday at noon, and the Saturday after it.
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
SATURDAY = NOON + timedelta(days=3)
ANNA = Who(Event.Actor.STAFF, "anna@staff.test")


@pytest.fixture
def waiting(db: None) -> Collection:
    """A request that its borrower has not opened, of a lender who reminds after five days."""
    collection = factories.make_collection(factories.make_lender(reminds_after_days=5))
    collection.links.update(issued_at=NOON - timedelta(days=5), expires_at=NOON + timedelta(days=60))
    return collection


def reminders(collection: Collection) -> int:
    return collection.notices.filter(kind=Notice.Kind.REMINDER).count()


def test_the_clock_reminds_after_the_lenders_days_and_three_times_at_most(waiting: Collection) -> None:
    for day in range(40):
        with time_machine.travel(NOON + timedelta(days=day), tick=False):
            reminding.reminders_write()
            reminding.reminders_write()
    assert reminders(waiting) == 3


@pytest.mark.parametrize("ask", ["question", "documents", "return"])
def test_the_clock_begins_anew_with_what_is_asked_of_what_was_shared(ask: str, waiting: Collection) -> None:
    for day in range(20):
        with time_machine.travel(NOON + timedelta(days=day), tick=False):
            reminding.reminders_write()
    Collection.objects.update(status=Collection.Status.SUBMITTED, shared_at=NOON + timedelta(days=20))
    with time_machine.travel(NOON + timedelta(days=21), tick=False):
        if ask == "question":
            reviewing.question_ask(collection=waiting, words="Who is it?", by=ANNA)
        elif ask == "documents":
            reviewing.documents_ask(collection=waiting, lines=["Lease"], by=ANNA)
        else:
            reviewing.collection_return(
                collection=waiting, words="Post May.", by=ANNA, shown=fingerprint(waiting)
            )
    told = []
    for day in range(21, 60):
        with time_machine.travel(NOON + timedelta(days=day), tick=False):
            told += [day] * reminding.reminders_write()
    # Five days after it was asked; the days between are those of a weekend.
    assert told == [26, 33, 40]


def test_the_clock_reminds_as_long_as_what_was_shared_can_be_opened(waiting: Collection) -> None:
    Collection.objects.update(status=Collection.Status.SUBMITTED, shared_at=NOON)
    with time_machine.travel(NOON, tick=False):
        reviewing.question_ask(collection=waiting, words="Who is it?", by=ANNA)
    waiting.links.update(expires_at=NOON)
    with time_machine.travel(NOON + timedelta(days=5), tick=False):
        assert reminding.reminders_write() == 1


@pytest.mark.parametrize("when", [SATURDAY, NOON - timedelta(hours=10), NOON - timedelta(days=1)])
def test_the_clock_leaves_people_alone_at_night_at_weekends_and_too_early(
    when: datetime, waiting: Collection
) -> None:
    with time_machine.travel(when, tick=False):
        assert reminding.reminders_write() == 0


def test_a_lender_who_does_not_want_it_reminds_nobody_by_itself(waiting: Collection) -> None:
    waiting.lender.reminds_after_days = 0
    waiting.lender.save()
    with time_machine.travel(NOON, tick=False):
        assert reminding.reminders_write() == 0


def test_whoever_is_at_work_or_done_is_not_reminded(waiting: Collection) -> None:
    factories.make_run(waiting, Run.Kind.VERIFY, status=Run.Status.RUNNING)
    assert reminding.reminder_send(collection=waiting, by=Who.worker()) == "it is not the borrower's turn."


def test_an_ended_link_is_no_reason_to_write(waiting: Collection) -> None:
    waiting.links.update(expires_at=timezone.now() - timedelta(days=1))
    assert "no link works" in reminding.reminder_send(collection=waiting, by=Who.worker())


def test_two_presses_are_one_mail(waiting: Collection) -> None:
    waiting.links.update(expires_at=timezone.now() + timedelta(days=1))
    assert reminding.reminder_send(collection=waiting, by=Who.worker()) == ""
    assert "within a day" in reminding.reminder_send(collection=waiting, by=Who.worker())
    assert reminders(waiting) == 1


def test_the_clock_does_not_write_again_what_was_dropped_because_it_reaches_nobody(
    waiting: Collection,
) -> None:
    """The operator drops each reminder that was given up: their number and days are the same."""
    told = []
    for day in range(40):
        with time_machine.travel(NOON + timedelta(days=day), tick=False):
            told += [day] * reminding.reminders_write()
            Notice.objects.update(tries=notices.MOST_TRIES)
            notifying.notices_drop(notices.given_up(), by=Who.operator("sendmails"))
    assert told == [0, 5, 12]
    assert not notices.waiting().exists() and not notices.given_up().exists()


def test_a_reminder_that_nobody_needed_any_more_counts_among_the_three(waiting: Collection) -> None:
    """The borrower was at work while the mail server was away, and then it was their turn again."""
    with time_machine.travel(NOON, tick=False):
        assert reminding.reminders_write() == 1
        run = factories.make_run(waiting, Run.Kind.VERIFY, status=Run.Status.RUNNING)
        assert notifying.notices_send() == 0
        assert not notices.waiting().exists(), "it is dropped"
        Run.objects.filter(pk=run.pk).delete()
    told = 0
    for day in range(1, 40):
        with time_machine.travel(NOON + timedelta(days=day), tick=False):
            told += reminding.reminders_write()
    assert told == 2


def test_a_dropped_reminder_keeps_nobody_at_the_desk_from_reminding(waiting: Collection) -> None:
    with time_machine.travel(NOON, tick=False):
        assert reminding.reminder_send(collection=waiting, by=ANNA) == ""
        notifying.notices_drop(notices.waiting(), by=Who.operator("sendmails"))
        assert reminding.reminder_send(collection=waiting, by=ANNA) == ""
