"""Reminding borrowers by mail whose turn it is: by hand from the desk, and by the clock.

The mail names no link, because no copy of one is kept: it says when the link was mailed and until when it
works. `invitations.link_reissue` mails a new one.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from collections_app import events
from collections_app.events import Who
from collections_app.models import Collection, Notice
from collections_app.notices import why_not_remind
from collections_app.services import notifying
from collections_app.turns import Turn, asked_since, waiting_since, whose_turn, with_situations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypedDict

    from django_stubs_ext import WithAnnotations

    class Since(TypedDict):
        """What `_candidates` adds to each collection."""

        asked_since: datetime
        waiting_since: datetime

    WaitingCollection = WithAnnotations[Collection, Since]

# Two people at the desk who press within a day are one reminder for the borrower.
NOT_AGAIN_WITHIN = timedelta(days=1)
# After that many for one thing that was asked, a mail from a machine helps no more: somebody should call.
MOST_BY_CLOCK = 3
WORKING_HOURS = range(8, 18)
SATURDAY = 5


@transaction.atomic
def reminder_send(*, collection: Collection, by: Who) -> str:
    """Writes the mail; returns why not, in a sentence, where nobody is to be reminded, and else nothing."""
    kept = Collection.objects.select_for_update().select_related("lender").get(pk=collection.pk)
    reason = why_not(kept)
    if reason:
        return reason
    notifying.reminder_tell(collection=kept)
    events.record(kept, "borrower.reminded", by=by)
    return ""


def why_not(collection: Collection) -> str:
    """Why the borrower cannot be reminded now; empty when it can."""
    reason = why_not_remind(collection)
    if reason:
        return reason
    last = last_reminder(collection)
    if last and last.created_at > timezone.now() - NOT_AGAIN_WITHIN:
        return "the borrower was reminded within a day."
    return ""


def last_reminder(collection: Collection) -> Notice | None:
    """The newest that was mailed or is to be."""
    return collection.notices.filter(kind=Notice.Kind.REMINDER, dropped_at=None).order_by("-pk").first()


def reminders_write() -> int:
    """What the clock does: reminds where the lender wants it and it is due; returns how many."""
    now = timezone.now()
    return sum(
        reminder_send(collection=collection, by=Who.worker()) == ""
        for collection in _candidates()
        if _is_due(collection, now)
    )


def _candidates() -> Iterator[WaitingCollection]:
    """Collections of lenders that remind in which it is the borrower's turn, for which a link must work."""
    wanted = with_situations(Collection.objects.all()).filter(
        whose_turn(Turn.BORROWER), lender__reminds_after_days__gt=0
    )
    keys = list(wanted.values_list("pk", flat=True))
    told = Collection.objects.annotate(asked_since=asked_since(), waiting_since=waiting_since())
    # One at a time, because each is a transaction of its own and a cursor must not span them.
    for key in keys:
        yield told.select_related("lender").get(pk=key)


def _is_due(collection: WaitingCollection, now: datetime) -> bool:
    lender = collection.lender
    local = now.astimezone(ZoneInfo(lender.time_zone))
    if local.weekday() >= SATURDAY or local.hour not in WORKING_HOURS:
        return False
    # Those that were dropped too: a mail that reached nobody is not better for being written more often.
    reminders = collection.notices.filter(kind=Notice.Kind.REMINDER, created_at__gt=collection.asked_since)
    told = list(reminders.order_by("pk").values_list("created_at", flat=True))
    if len(told) >= MOST_BY_CLOCK:
        return False
    last = max([collection.waiting_since, *told])
    return last + timedelta(days=lender.reminds_after_days) <= now
