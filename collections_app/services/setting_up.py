"""The set-up in Sage Intacct: its ticks, and the link with which a colleague does it."""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from collections_app import events, links, readiness, set_up, states
from collections_app.events import Who
from collections_app.models import Collection, Connection, Run, SetUpLink, SetUpTick
from collections_app.rate_limit import SET_UP_MAILS
from collections_app.services import connecting, notifying
from collections_app.services.mailing import letter

logger = logging.getLogger(__name__)

MOST_LINKS_A_DAY = 10
A_DAY = timedelta(days=1)


def tick_set(*, collection: Collection, step: str, done: bool, by_colleague: bool) -> None:
    """Ticks a step of the guide, or takes the tick away; twice is once.

    A help to memory and no answer, so it is not recorded as an event. Raises ValidationError for a step that
    the guide does not have.
    """
    if step not in set_up.steps_of(collection):
        raise ValidationError(gettext("This step is not in the instructions."))
    mark: dict[str, Any] = {"collection": collection, "by_colleague": by_colleague, "step": step}
    if done:
        SetUpTick.objects.get_or_create(**mark)
    else:
        SetUpTick.objects.filter(**mark).delete()


@transaction.atomic
def set_up_link_issue(*, collection: Collection, seed: str, by: Who) -> tuple[SetUpLink, str]:
    """A set-up link and its address, which is stored nowhere; earlier ones stop working.

    The same seed again gives the same link. Raises ValidationError when too many were made today, before the
    borrower agreed to the request, and for a collection that is over.
    """
    states.lock(collection)
    token = set_up.token_from(seed, collection)
    url = settings.BASE_URL + reverse("portal:set_up_link", args=[token])
    made = collection.set_up_links.filter(token_hash=links.token_hash(token)).first()
    if made:
        return made, url
    _require_set_up(collection)
    recent = collection.set_up_links.filter(issued_at__gt=timezone.now() - A_DAY)
    if recent.count() >= MOST_LINKS_A_DAY:
        raise ValidationError(
            gettext("Many set-up links were made today. Use the last one, or wait until tomorrow.")
        )
    now = timezone.now()
    collection.set_up_links.filter(revoked_at=None).update(revoked_at=now)
    owners = links.newest(collection)
    ends = [now + set_up.LIFE, *([owners.expires_at] if owners else [])]
    link = SetUpLink.objects.create(
        collection=collection, token_hash=links.token_hash(token), expires_at=min(ends)
    )
    events.record(collection, "set_up.link_issued", by=by)
    return link, url


def set_up_link_mail(*, link: SetUpLink, url: str, to: str, by: Who) -> bool:
    """Mails the link in the borrower's name, once to each address; whether it was sent.

    Sent from here and not by a worker, because the address must not be stored or travel in a message. Raises
    ValidationError when too many mails were sent today.
    """
    collection = link.collection
    with transaction.atomic():
        states.lock(collection)
        link.refresh_from_db()
        before = (link.mailed_at, link.mailed_to)
        if link.mailed_at and link.mailed_to == to:
            return True
        if SET_UP_MAILS.reached(collection.reference):
            raise ValidationError(gettext("Many mails were sent today. Copy the link and send it yourself."))
        SET_UP_MAILS.count_failure(collection.reference)
        _note_mail(link, timezone.now(), to)
    try:
        _message(link, url, to).send()
    except (SMTPException, OSError) as error:
        logger.warning(
            "A set-up link of %s could not be mailed (%s).", collection.reference, type(error).__name__
        )
        _take_mail_back(link, *before)
        events.record(collection, "set_up.mail_failed", by=Who.worker(), why=type(error).__name__)
        return False
    events.record(collection, "set_up.mailed", by=by, to=to)
    return True


@transaction.atomic
def _take_mail_back(link: SetUpLink, mailed_at: datetime | None, mailed_to: str) -> None:
    """After a mail that failed; not where the link is on its way to another address since."""
    states.lock(link.collection)
    claimed_at = link.mailed_at
    link.refresh_from_db()
    if link.mailed_at == claimed_at:
        _note_mail(link, mailed_at, mailed_to)


def _note_mail(link: SetUpLink, mailed_at: datetime | None, mailed_to: str) -> None:
    link.mailed_at, link.mailed_to = mailed_at, mailed_to
    link.save(update_fields=["mailed_at", "sealed"])


@transaction.atomic
def set_up_link_open(*, link: SetUpLink, by: Who) -> None:
    """Counts an opening. The caller checked the link's state."""
    opened = {"opened_count": F("opened_count") + 1, "last_opened_at": timezone.now()}
    SetUpLink.objects.filter(pk=link.pk).update(**opened)
    events.record(link.collection, "set_up.link_opened", by=by)


@transaction.atomic
def colleague_sign_in(*, link: SetUpLink, company_id: str, user_id: str, password: str, by: Who) -> Run:
    """The colleague's sign-in, through the same door as the borrower's own.

    Raises what connecting.connection_save raises, and AnswersClosed when a sign-in works already or the link
    was closed meanwhile.
    """
    collection = link.collection
    states.lock(collection)
    link.refresh_from_db()
    if set_up.state(link) is not set_up.SetUpLinkState.OPEN or readiness.sign_in_works(collection):
        raise states.AnswersClosed("Nothing is left to be done here.")
    run = connecting.connection_save(
        collection=collection, company_id=company_id, user_id=user_id, password=password, by=by
    )
    saved_at = Connection.objects.values_list("saved_at", flat=True).get(collection=collection)
    SetUpLink.objects.filter(pk=link.pk).update(signed_in_at=saved_at)
    return run


def sign_in_accepted(*, collection: Collection) -> None:
    """Tells the borrower, once, that the colleague's sign-in works; in the transaction that accepts it."""
    saved_at = Connection.objects.values_list("saved_at", flat=True).get(collection=collection)
    typed = collection.set_up_links.filter(signed_in_at=saved_at, accepted_at=None)
    if typed.update(accepted_at=timezone.now()):
        notifying.set_up_tell(collection=collection)


def typed_by(link: SetUpLink) -> Connection | None:
    """The sign-in that is stored, if it is this link's: only then may it be shown to its holder."""
    connection = readiness.connection_of(link.collection)
    own = connection is not None and link.signed_in_at == connection.saved_at
    return connection if own else None


def _require_set_up(collection: Collection) -> None:
    open_for_it = (Collection.Status.STARTED, Collection.Status.COLLECTING)
    if collection.status not in open_for_it or not collection.reviewed_at:
        raise states.AnswersClosed("There is nothing to set up now.")


def _message(link: SetUpLink, url: str, to: str) -> EmailMultiAlternatives:
    collection = link.collection
    context = {
        "lender": collection.lender,
        "borrower": collection.borrower_name,
        "url": url,
        "expires_at": link.expires_at,
    }
    return letter(
        "set_up_link",
        to=[to],
        context=context,
        about=collection,
        answers_to=collection.borrower_email,
    )
