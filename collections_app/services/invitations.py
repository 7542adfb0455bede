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
from django.urls import reverse
from django.utils import timezone

from collections_app import data_keys, events, links
from collections_app.events import Who
from collections_app.models import Collection, Lender, RequestTemplate
from collections_app.models.lender import LONGEST_LINK_DAYS
from collections_app.reports.figures import REPORT_TITLES
from collections_app.services import refreshing, withdrawing
from collections_app.services.document_requests import WantedDocument, document_requests_create
from collections_app.services.mailing import letter
from collections_app.services.speaking import borrowers_language

logger = logging.getLogger(__name__)

# Without letters and digits that are taken for one another when read out on the telephone.
REFERENCE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
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
    purpose: str = "",
    contact_name: str = "",
    contact_phone: str = "",
    contact_email: str = "",
    expires_days: int | None = None,
    basis: str = "",
    adjustment_books: Sequence[str] = (),
    reports: Sequence[str] = (),
    documents: Sequence[WantedDocument] = (),
    allows_other_documents: bool = False,
    template: RequestTemplate | None = None,
    refreshes: Collection | None = None,
    send_mail: bool = True,
) -> Invitation:
    """A new request, its secure link and, unless told otherwise, the mail. Raises ValidationError.

    `template` is what its form began with. `refreshes` is the earlier request that it repeats for a new
    period, see `refreshing.request_again`; what the borrower reads, and the lender's layout, are as there.
    """
    days = lender.link_days if expires_days is None else expires_days
    collection = Collection(
        reference=_new_reference(),
        lender=lender,
        # One line: the name also stands in the subjects of mails.
        borrower_name=" ".join(borrower_name.split()),
        borrower_email=borrower_email.strip(),
        lender_reference=lender_reference.strip(),
        purpose=" ".join(purpose.split()),
        contact_name=" ".join(contact_name.split()),
        contact_phone=contact_phone.strip(),
        contact_email=contact_email.strip(),
        date_from=date_from,
        date_to=date_to,
        basis=basis,
        adjustment_books=[book.strip() for book in adjustment_books if book.strip()],
        reports=[name.replace("-", "_") for name in reports] or list(REPORT_TITLES),
        allows_other_documents=allows_other_documents,
        # What was promised with the request holds, whatever the lender changes later.
        previews=lender.allows_preview,
        template=template if template and template.lender_id == lender.pk else None,
    )
    if refreshes:
        _follow(collection, refreshes)
    _validate(collection, days)
    collection.save(force_insert=True)
    data_keys.data_key_create(collection.pk)
    document_requests_create(collection=collection, wanted=documents)
    events.record(collection, "collection.invited", by=by, expires_days=days)
    if refreshes:
        events.record(collection, "refresh.made", by=by, of=refreshes.reference)
        events.record(refreshes, "collection.refreshed", by=by, reference=collection.reference)
    return _issue_link(collection, days=days, send_mail=send_mail)


@transaction.atomic
def link_reissue(
    *, collection: Collection, by: Who, expires_days: int | None = None, send_mail: bool = False
) -> Invitation:
    """A new link for the same request; earlier links stop working.

    Raises ValidationError when it was withdrawn, and for a link that would live too long.
    """
    days = collection.lender.link_days if expires_days is None else expires_days
    _validate_life(days)
    if collection.status == Collection.Status.WITHDRAWN:
        raise ValidationError("This request was withdrawn. Make a new request instead.")
    events.record(collection, "link.issued", by=by, expires_days=days)
    return _issue_link(collection, days=days, send_mail=send_mail)


def collection_withdraw(*, collection: Collection, by: Who) -> None:
    """Ends the request: its links stop working, its run ends, its password and its uploads are destroyed.

    Raises states.MoveRefused when it was submitted or withdrawn already.
    """
    withdrawing.request_end(collection=collection, by=by, never_from=Collection.Status.SUBMITTED)


def _follow(collection: Collection, earlier: Collection) -> None:
    if earlier.lender_id != collection.lender_id:
        raise ValidationError("That request belongs to another lender.")
    refusal = refreshing.why_not(earlier)
    if refusal:
        raise ValidationError(f"{earlier.reference} cannot be refreshed. {refusal}")
    collection.refreshes = earlier
    collection.mapping, collection.language = earlier.mapping, earlier.language


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
    _validate_contact(collection)
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


def _validate_contact(collection: Collection) -> None:
    """A person without a way to reach it is no contact, and a number without a name is nobody's."""
    ways = collection.contact_phone or collection.contact_email
    if collection.contact_name and not ways:
        raise ValidationError(
            {"contact_phone": "Give the contact's telephone or e-mail, or leave the name empty."}
        )
    if ways and not collection.contact_name:
        raise ValidationError(
            {"contact_name": "Give the contact's name, or leave telephone and e-mail empty."}
        )


def _issue_link(collection: Collection, *, days: int, send_mail: bool) -> Invitation:
    link, token = links.issue(collection, days=days)
    url = settings.BASE_URL + reverse("portal:link", args=[token])
    if send_mail:
        transaction.on_commit(partial(_send_invitation, collection, url, link.expires_at))
    return Invitation(collection, url)


def _send_invitation(collection: Collection, url: str, expires_at: object) -> None:
    """Sent from here and not by a worker, because the link must not travel in a task's message."""
    with borrowers_language(collection):
        message = _invitation_message(collection, url, expires_at)
    try:
        message.send()
    except (SMTPException, OSError) as error:
        logger.warning("The invitation for %s could not be mailed: %s", collection.reference, error)
        events.record(collection, "invitation.mail_failed", by=Who.worker(), why=type(error).__name__)
    else:
        events.record(collection, "invitation.mailed", by=Who.worker(), to=collection.borrower_email)


def _invitation_message(collection: Collection, url: str, expires_at: object) -> EmailMultiAlternatives:
    context = {
        "collection": collection,
        "lender": collection.lender,
        "url": url,
        "expires_at": expires_at,
        "reports": [REPORT_TITLES[name] for name in collection.reports],
    }
    return letter("invitation", to=[collection.borrower_email], context=context, about=collection)
