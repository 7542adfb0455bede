"""Telling people by mail what needs them and what is done.

A notice is a row, written together with what it tells of. It is sent right after the commit, and by the
clock again for as long as a mail server is away.
"""

import logging
from datetime import datetime, timedelta
from enum import Enum
from functools import partial
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import DatabaseError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from collections_app import events, links, notices, readiness, selectors
from collections_app.documents import documents_of
from collections_app.events import Who
from collections_app.models import Collection, Notice, Run
from collections_app.problems import PROBLEMS
from collections_app.reports.figures import REPORT_TITLES
from collections_app.services.mailing import letter
from collections_app.services.speaking import borrowers_language, our_language
from collections_app.turns import ENDS_SOON, Turn, asked_since, ends_soon, whose_turn, with_situations
from collections_app.vault import VaultError

logger = logging.getLogger(__name__)

AGAIN_AFTER = timedelta(minutes=5)
# A mail that is put off waits five minutes longer each time, up to this: a server that takes it and does not
# say so in time delivers it each time.
LONGEST_WAIT = timedelta(hours=1)
# Answers of a mail server from here on are final; those below ask to try again.
PERMANENT = 500
# Who of a lender's staff is told of these has chosen so.
TO_WHO_CHOSE = (Notice.Kind.OPENED, Notice.Kind.STUCK, Notice.Kind.SUBMITTED, Notice.Kind.EXPIRING)
TO_LENDER = (Notice.Kind.LINK_ASKED, Notice.Kind.UNLISTED, Notice.Kind.WITHDRAWN)
TO_STAFF = (*TO_LENDER, *TO_WHO_CHOSE, Notice.Kind.ANSWERED)


class Ended(Enum):
    """How the try to send a notice ended. PUT_OFF: a server that is there did not take this one yet.
    SERVER_AWAY: for a reason that every other mail would meet too.
    """

    SENT = "sent"
    NOT_SENT = "not sent"
    PUT_OFF = "put off"
    SERVER_AWAY = "server away"


def borrower_ask(*, run: Run) -> None:
    """The collection pauses: the borrower must do something first."""
    _write(run.collection, Notice.Kind.PAUSED, run.problem)
    _tell_who_chose(run.collection, Notice.Kind.STUCK, run.problem)


def operator_tell(*, run: Run) -> None:
    """The run stopped for something that only the operator can mend."""
    if settings.OPERATOR_EMAIL:
        _write(run.collection, Notice.Kind.STOPPED, run.problem)
    _tell_who_chose(run.collection, Notice.Kind.STUCK, run.problem)


def completion_tell(*, collection: Collection) -> None:
    """Everything asked for was collected."""
    _write(collection, Notice.Kind.FINISHED, "")
    _tell_who_chose(collection, Notice.Kind.SUBMITTED)


def opening_tell(*, collection: Collection) -> None:
    """The borrower opened the link for the first time."""
    _tell_who_chose(collection, Notice.Kind.OPENED)


def expiry_tell() -> int:
    """What the desk's view “Expiring” has, but for links of three days or fewer: told once for each time that
    the lender asked.

    Returns how many were told of.
    """
    ending = with_situations(Collection.objects.select_related("lender")).filter(
        whose_turn(Turn.BORROWER), ends_soon(timezone.now())
    )
    told = Notice.objects.filter(
        collection=OuterRef("pk"), kind=Notice.Kind.EXPIRING, created_at__gte=OuterRef("asked_since")
    )
    found = 0
    for collection in ending.annotate(asked_since=asked_since()).exclude(Exists(told)):
        link = links.newest(collection)
        # A link that was made for a day or two is no news.
        if link and links.works_until(link) - collection.asked_since > ENDS_SOON:
            with transaction.atomic():
                found += _tell_who_chose(collection, Notice.Kind.EXPIRING)
    return found


def new_link_tell(*, collection: Collection) -> None:
    """The borrower's link has ended, and the lender is asked for a new one."""
    _write(collection, Notice.Kind.LINK_ASKED, "")


def unlisted_system_tell(*, collection: Collection) -> None:
    """The borrower's books are in a system that cannot be connected: the lender agrees on another way."""
    if selectors.addresses_for(collection):
        _write(collection, Notice.Kind.UNLISTED, "")


def set_up_tell(*, collection: Collection) -> None:
    """The colleague's sign-in works: the borrower can go on."""
    _write(collection, Notice.Kind.SET_UP, "")


def preview_offer(*, collection: Collection) -> None:
    """Everything asked for was collected, and waits for the borrower to look at it and share it."""
    _write(collection, Notice.Kind.READY, "")


def withdrawal_tell(*, collection: Collection) -> None:
    """The borrower has withdrawn: the lender is told, where an address of it is known."""
    if selectors.addresses_for(collection):
        _write(collection, Notice.Kind.WITHDRAWN, "")


def reminder_tell(*, collection: Collection) -> None:
    """It is the borrower's turn, and has been for a while."""
    _write(collection, Notice.Kind.REMINDER, "")


def question_tell(*, collection: Collection) -> None:
    """The lender asks something or wants another document."""
    _write(collection, Notice.Kind.QUESTION, "")


def return_tell(*, collection: Collection) -> None:
    """The lender wants the reports corrected and shared anew."""
    _write(collection, Notice.Kind.RETURNED, "")


def answer_tell(*, collection: Collection) -> None:
    """The borrower has answered the last question, or uploaded the last document that was missing."""
    if selectors.addresses_for_answers(collection):
        _write(collection, Notice.Kind.ANSWERED, "")


def notices_send() -> int:
    """Sends what is due and not sent yet; returns how many were sent.

    A server that does not answer lets each mail wait, so the round ends with the first; the next begins with
    those that were not tried for the longest time. One mail that is refused or put off ends no round.
    """
    due = notices.waiting().filter(_due(timezone.now())).order_by("try_at", "pk")
    sent = 0
    for notice_id in list(due.values_list("pk", flat=True)):
        ended = _send(notice_id)
        if ended is Ended.SERVER_AWAY:
            break
        sent += ended is Ended.SENT
    return sent


def notice_send(notice_id: int) -> bool:
    """Sends one notice, unless somebody else does or nobody needs it any more; whether it was sent.

    A failure is recorded once and tried again later.
    """
    return _send(notice_id) is Ended.SENT


def notices_retry(refused: QuerySet[Notice]) -> int:
    """Sends at once what was given up, because what was wrong was mended; returns how many still wait."""
    again = list(refused.values_list("pk", flat=True))
    # Not 0: that it failed is in the record.
    refused.update(tries=1, try_at=timezone.now())
    for notice_id in again:
        notice_send(notice_id)
    return notices.unsent().filter(pk__in=again).count()


def notices_drop(refused: QuerySet[Notice], *, by: Who) -> None:
    """Lets be what was given up, because it can reach nobody."""
    for notice in refused.select_related("collection"):
        _drop(notice, by)


def _send(notice_id: int) -> Ended:
    now = timezone.now()
    mine = notices.unsent().filter(_due(now), pk=notice_id)
    if not mine.update(try_at=now + AGAIN_AFTER):
        return Ended.NOT_SENT
    notice = Notice.objects.select_related("collection__lender").get(pk=notice_id)
    if notices.is_moot(notice):
        _drop(notice, Who.worker())
        return Ended.NOT_SENT
    is_there = False
    try:
        with borrowers_language(notice.collection) if _to_borrower(notice) else our_language():
            message = _message(notice)
        # Opened by itself, to tell a server that lets nobody in from one that hangs up on this mail.
        with get_connection() as message.connection:
            is_there = True
            message.send()
    # Whatever is wrong with one mail, the others go out.
    except Exception as error:
        return _fail(notice, error, _blame(error, is_there))
    Notice.objects.filter(pk=notice_id).update(sent_at=timezone.now())
    events.record(notice.collection, "notice.mailed", by=Who.worker(), notice=notice.kind)
    return Ended.SENT


def _fail(notice: Notice, error: Exception, ended: Ended) -> Ended:
    """Records it, and says when the next try is."""
    now, why = timezone.now(), type(error).__name__
    logger.warning("The notice “%s” could not be mailed (%s).", notice, why)
    told: dict[str, Any] = {"by": Who.worker(), "notice": notice.kind, "why": why}
    if notice.tries == 0:
        events.record(notice.collection, "notice.mail_failed", **told)
    tries = _tries_counted(notice, ended, now)
    wait = min(tries * AGAIN_AFTER, LONGEST_WAIT) if ended is Ended.PUT_OFF else AGAIN_AFTER
    Notice.objects.filter(pk=notice.pk).update(tries=tries, try_at=now + wait)
    if tries >= notices.MOST_TRIES:
        events.record(notice.collection, "notice.given_up", **told)
    return ended


def _tries_counted(notice: Notice, ended: Ended, now: datetime) -> int:
    """Only a mail that is at fault itself comes nearer to being given up: no server is away for too long."""
    if ended is Ended.SERVER_AWAY:
        return max(notice.tries, 1)
    tries = notice.tries + 1
    if ended is not Ended.PUT_OFF:
        return tries
    if notices.is_put_off_for_good(notice, tries, now):
        return notices.MOST_TRIES
    return min(tries, notices.MOST_TRIES - 1)


def _blame(error: Exception, is_there: bool) -> Ended:
    """Whether this mail is at fault: refused or put off by a server that is there, or not to be made at all.

    A server that hangs up on a mail, or is silent for too long with it, may have taken it.
    """
    if isinstance(error, SMTPRecipientsRefused):
        is_for_good = all(code >= PERMANENT for code, _ in error.recipients.values())
        return Ended.NOT_SENT if is_for_good else Ended.PUT_OFF
    if isinstance(error, SMTPDataError):
        return Ended.NOT_SENT if error.smtp_code >= PERMANENT else Ended.PUT_OFF
    if is_there and isinstance(error, SMTPServerDisconnected):
        return Ended.PUT_OFF
    away = (SMTPException, OSError, DatabaseError, VaultError)
    return Ended.SERVER_AWAY if isinstance(error, away) else Ended.NOT_SENT


@transaction.atomic
def _drop(notice: Notice, by: Who) -> None:
    """Nobody is to get it any more. The row stays: without it the clock would write it once more."""
    if notices.unsent().filter(pk=notice.pk).update(dropped_at=timezone.now()):
        events.record(notice.collection, "notice.dropped", by=by, notice=notice.kind)


def _due(now: datetime) -> Q:
    """Notices whose time has come; one too far ahead was set by a clock that was put back since.

    Twice as far as any is set, because the clocks of two machines are never quite the same.
    """
    return Q(try_at__lte=now) | Q(try_at__gt=now + 2 * LONGEST_WAIT)


def _write(collection: Collection, kind: str, problem: str) -> None:
    notice = Notice.objects.create(collection=collection, kind=kind, problem=problem)
    transaction.on_commit(partial(notice_send, notice.pk))


def _tell_who_chose(collection: Collection, kind: str, problem: str = "") -> bool:
    """Writes a notice if anybody of the lender's staff wants it."""
    if not selectors.addresses_that_chose(collection.lender, kind):
        return False
    _write(collection, kind, problem)
    return True


def _to_borrower(notice: Notice) -> bool:
    return notice.kind != Notice.Kind.STOPPED and notice.kind not in TO_STAFF


def _staff_addresses(notice: Notice) -> list[str]:
    if notice.kind in TO_LENDER:
        return selectors.addresses_for(notice.collection)
    if notice.kind == Notice.Kind.ANSWERED:
        return selectors.addresses_for_answers(notice.collection)
    return selectors.addresses_that_chose(notice.collection.lender, notice.kind)


def _message(notice: Notice) -> EmailMultiAlternatives:
    collection = notice.collection
    context = _context(notice)
    if notice.kind == Notice.Kind.STOPPED:
        return letter(notice.kind, to=settings.OPERATOR_EMAIL, context=context)
    if notice.kind in TO_STAFF:
        return letter(notice.kind, to=_staff_addresses(notice), context=context)
    return letter(notice.kind, to=[collection.borrower_email], context=context, about=collection)


def _context(notice: Notice) -> dict[str, object]:
    collection = notice.collection
    link = links.newest(collection)
    page = reverse("admin:collections_app_collection_change", args=[collection.pk])
    return {
        "collection": collection,
        "lender": collection.lender,
        "problem": PROBLEMS.get(notice.problem),
        "run": collection.runs.order_by("-pk").first(),
        "works_until": links.works_until(link) if link else None,
        "link_made_at": link.issued_at if link else None,
        "questions": collection.questions.filter(answered_at=None).count(),
        "lacks_documents": bool(documents_of(collection).missing),
        "reports": [REPORT_TITLES[name] for name in collection.reports],
        "asked_at": notice.created_at,
        "reason": _reason_of_withdrawal(collection),
        "documents_only": readiness.documents_only(collection),
        "operator_command": f"python manage.py showcollection {collection.reference}",
        "desk_page": settings.BASE_URL + page,
    }


def _reason_of_withdrawal(collection: Collection) -> str:
    """What the borrower wrote, empty for nothing and after an erasure."""
    withdrawal = collection.events.filter(action="collection.withdrawn").last()
    return str(withdrawal.data_still_kept().get("reason", "")) if withdrawal else ""
