"""Telling people by mail what needs them and what is done.

A notice is a row, written together with what it tells of. It is sent right after the commit, and by the
clock again for as long as a mail server is away.
"""

import logging
from datetime import datetime, timedelta
from functools import partial
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from collections_app import events, links, readiness, selectors
from collections_app.documents import documents_of
from collections_app.events import Who
from collections_app.models import Collection, Notice, Run
from collections_app.problems import PROBLEMS
from collections_app.reports.figures import REPORT_TITLES
from collections_app.services.mailing import letter
from collections_app.services.speaking import borrowers_language, our_language
from collections_app.turns import ENDS_SOON, Turn, asked_since, ends_soon, whose_turn, with_situations

logger = logging.getLogger(__name__)

AGAIN_AFTER = timedelta(minutes=5)
MOST_TRIES = 300
# Who of a lender's staff is told of these has chosen so.
TO_WHO_CHOSE = (Notice.Kind.OPENED, Notice.Kind.STUCK, Notice.Kind.SUBMITTED, Notice.Kind.EXPIRING)
TO_LENDER = (Notice.Kind.LINK_ASKED, Notice.Kind.UNLISTED, Notice.Kind.WITHDRAWN)
TO_STAFF = (*TO_LENDER, *TO_WHO_CHOSE, Notice.Kind.ANSWERED)


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
    """Sends what is due and not sent yet; returns how many were sent."""
    due = Notice.objects.filter(_due(timezone.now()), sent_at=None, tries__lt=MOST_TRIES)
    return sum(notice_send(notice_id) for notice_id in due.values_list("pk", flat=True))


def notice_send(notice_id: int) -> bool:
    """Sends one notice, unless somebody else does. A failure is recorded once and tried again later."""
    now = timezone.now()
    mine = Notice.objects.filter(_due(now), pk=notice_id, sent_at=None)
    if not mine.update(try_at=now + AGAIN_AFTER):
        return False
    notice = Notice.objects.select_related("collection__lender").get(pk=notice_id)
    try:
        with borrowers_language(notice.collection) if _to_borrower(notice) else our_language():
            message = _message(notice)
        message.send()
    except (SMTPException, OSError) as error:
        logger.warning("The notice “%s” could not be mailed (%s).", notice, type(error).__name__)
        if notice.tries == 0:
            events.record(
                notice.collection,
                "notice.mail_failed",
                by=Who.worker(),
                notice=notice.kind,
                why=type(error).__name__,
            )
        Notice.objects.filter(pk=notice_id).update(tries=notice.tries + 1)
        return False
    Notice.objects.filter(pk=notice_id).update(sent_at=timezone.now())
    events.record(notice.collection, "notice.mailed", by=Who.worker(), notice=notice.kind)
    return True


def _due(now: datetime) -> Q:
    """Notices whose time has come; one too far ahead was set by a clock that was put back since.

    Twice as far as any is set, because the clocks of two machines are never quite the same.
    """
    return Q(try_at__lte=now) | Q(try_at__gt=now + 2 * AGAIN_AFTER)


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
