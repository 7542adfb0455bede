"""Mails that people are owed: which wait, which were given up, and which nobody needs any more."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from collections_app import links
from collections_app.links import LinkState
from collections_app.models import Collection, Notice, Run
from collections_app.turns import Situation, Turn, situation_of

# Refusals of this very mail, five minutes apart: a day. A server that is away counts for none.
MOST_TRIES = 300
# A mail that the server only puts off may get through later. Both must be over before it is given up: the
# tries, because the server may have been away for most of that time.
PUT_OFF_FOR = timedelta(days=3)
PUT_OFF_TRIES = 24
HELD = (Run.Status.NEEDS_BORROWER, Run.Status.NEEDS_OPERATOR)


def waiting() -> QuerySet[Notice]:
    """What goes out by itself."""
    return unsent().filter(tries__lt=MOST_TRIES)


def given_up() -> QuerySet[Notice]:
    """What the mail server refused so often, or put off for so long, that it is not tried any more."""
    return unsent().filter(tries__gte=MOST_TRIES)


def unsent() -> QuerySet[Notice]:
    """What somebody still is to get."""
    return Notice.objects.filter(sent_at=None, dropped_at=None)


def is_put_off_for_good(notice: Notice, tries: int, now: datetime) -> bool:
    """Whether a mail that the server puts off once more, after so many tries, is given up."""
    return tries >= PUT_OFF_TRIES and notice.created_at + PUT_OFF_FOR <= now


def is_moot(notice: Notice) -> bool:
    """Whether what it tells of is over, so that a mail that comes late would mislead."""
    collection, kind = notice.collection, Notice.Kind(notice.kind)
    if kind in (Notice.Kind.PAUSED, Notice.Kind.REMINDER) and _has_newer(notice):
        return True
    if kind is Notice.Kind.PAUSED:
        return not collection.runs.filter(status=Run.Status.NEEDS_BORROWER).exists()
    if kind is Notice.Kind.STUCK:
        return not collection.runs.filter(status__in=HELD).exists()
    return kind is Notice.Kind.REMINDER and bool(why_not_remind(collection))


def why_not_remind(collection: Collection) -> str:
    """Why a reminder would ask for what the borrower cannot do, in a sentence; empty where it would not."""
    situation = situation_of(collection)
    if situation.turn is not Turn.BORROWER and situation is not Situation.NO_LINK:
        return "it is not the borrower's turn."
    link = links.newest(collection)
    if link is None or links.state(link) is not LinkState.OPEN:
        return "no link works; make a new one."
    return ""


def _has_newer(notice: Notice) -> bool:
    newer = notice.collection.notices.filter(kind=notice.kind, pk__gt=notice.pk, dropped_at=None)
    return newer.exists()
