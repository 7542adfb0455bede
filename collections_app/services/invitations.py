"""Asking: the request, its secure link, and the mail that carries it."""

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from smtplib import SMTPException
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from collections_app import events, links, states
from collections_app.events import Who
from collections_app.models import Collection, Lender, Run
from collections_app.reports.figures import REPORT_TITLES
from collections_app.services import credentials

logger = logging.getLogger(__name__)

# Without letters and digits that are taken for one another when read out on the telephone.
REFERENCE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LONGEST_LINK_DAYS = 365
LONGEST_PERIOD_YEARS = 10


@dataclass(frozen=True)
class Invitation:
    """A request and the address that opens it. The address is known here and nowhere else."""

    collection: Collection
    url: str = field(repr=False)


@transaction.atomic
def collection_invite(
    *,
    lender: Lender,
    borrower_name: str,
    borrower_email: str,
    date_from: date,
    date_to: date,
    by: Who,
    lender_reference: str = "",
    expires_days: int = links.DEFAULT_DAYS,
    basis: str = "",
    adjustment_books: Sequence[str] = (),
    reports: Sequence[str] = (),
    send_mail: bool = True,
) -> Invitation:
    """A new request, its secure link and, unless told otherwise, the mail. Raises ValidationError."""
    collection = Collection(
        reference=_new_reference(),
        lender=lender,
        # One line: the name also stands in the subjects of mails.
        borrower_name=" ".join(borrower_name.split()),
        borrower_email=borrower_email.strip(),
        lender_reference=lender_reference.strip(),
        date_from=date_from,
        date_to=date_to,
        basis=basis,
        adjustment_books=[book.strip() for book in adjustment_books if book.strip()],
        reports=[name.replace("-", "_") for name in reports] or list(REPORT_TITLES),
    )
    _validate(collection, expires_days)
    collection.save(force_insert=True)
    events.record(collection, "collection.invited", by=by, expires_days=expires_days)
    return _issue_link(collection, days=expires_days, send_mail=send_mail)


@transaction.atomic
def link_reissue(
    *, collection: Collection, by: Who, expires_days: int = links.DEFAULT_DAYS, send_mail: bool = False
) -> Invitation:
    """A new link for the same request; earlier links stop working.

    Raises ValidationError when it was withdrawn, and for a link that would live too long.
    """
    _validate_life(expires_days)
    if collection.status == Collection.Status.WITHDRAWN:
        raise ValidationError("This request was withdrawn. Make a new request instead.")
    events.record(collection, "link.issued", by=by, expires_days=expires_days)
    return _issue_link(collection, days=expires_days, send_mail=send_mail)


@transaction.atomic
def collection_withdraw(*, collection: Collection, by: Who) -> None:
    """Ends the request: its links stop working, its run ends, its password is destroyed.

    Raises states.MoveRefused when it was submitted or withdrawn already.
    """
    states.move_collection(collection, Collection.Status.WITHDRAWN, by=by)
    collection.links.filter(revoked_at=None).update(revoked_at=timezone.now())
    for run in collection.runs.exclude(status__in=states.FINISHED):
        states.move_run(run, Run.Status.CANCELLED, by=by)
    credentials.credentials_destroy(collection=collection, by=by, why="withdrawn")


def _new_reference() -> str:
    letters = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def _validate(collection: Collection, expires_days: int) -> None:
    if collection.date_from > collection.date_to:
        raise ValidationError("The period must begin before it ends: exchange the two dates.")
    if _years_reached(collection.date_from, collection.date_to) >= LONGEST_PERIOD_YEARS:
        raise ValidationError(f"The period must not be longer than {LONGEST_PERIOD_YEARS} years.")
    if collection.date_to > timezone.localdate(timezone=ZoneInfo(collection.lender.time_zone)):
        raise ValidationError("The period must not end in the future: figures exist up to today only.")
    _validate_life(expires_days)
    unknown = sorted(set(collection.reports) - set(REPORT_TITLES))
    if unknown:
        raise ValidationError(
            f"There is no report {', '.join(unknown)}. Choose from: {', '.join(REPORT_TITLES)}."
        )
    collection.full_clean()


def _years_reached(first: date, last: date) -> int:
    """How many anniversaries of `first` lie on or before `last`."""
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))


def _validate_life(expires_days: int) -> None:
    if not 1 <= expires_days <= LONGEST_LINK_DAYS:
        raise ValidationError(f"A link lives between 1 and {LONGEST_LINK_DAYS} days.")


def _issue_link(collection: Collection, *, days: int, send_mail: bool) -> Invitation:
    link, token = links.issue(collection, days=days)
    url = settings.BASE_URL + reverse("portal:link", args=[token])
    if send_mail:
        transaction.on_commit(partial(_send_invitation, collection, url, link.expires_at))
    return Invitation(collection, url)


def _send_invitation(collection: Collection, url: str, expires_at: object) -> None:
    """Sent from here and not by a worker, because the link must not travel in a task's message."""
    context = {
        "collection": collection,
        "lender": collection.lender,
        "url": url,
        "expires_at": expires_at,
        "product_name": settings.PRODUCT_NAME,
    }
    subject = render_to_string("emails/invitation.subject.txt", context).strip()
    message = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=render_to_string("emails/invitation.txt", context),
        to=[collection.borrower_email],
        reply_to=[collection.lender.contact_email] if collection.lender.contact_email else None,
    )
    message.attach_alternative(render_to_string("emails/invitation.html", context), "text/html")
    try:
        message.send()
    except (SMTPException, OSError) as error:
        logger.warning("The invitation for %s could not be mailed: %s", collection.reference, error)
        events.record(collection, "invitation.mail_failed", by=Who.worker(), why=type(error).__name__)
    else:
        events.record(collection, "invitation.mailed", by=Who.worker(), to=collection.borrower_email)
