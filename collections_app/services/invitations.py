"""Asking: the request, its secure link, and the mail that carries it."""

import logging
from dataclasses import dataclass, field
from functools import partial
from smtplib import SMTPException

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.urls import reverse

from collections_app import data_keys, events, links, states
from collections_app.events import Who
from collections_app.models import Collection
from collections_app.reports.figures import REPORT_TITLES
from collections_app.services import linking, withdrawing
from collections_app.services.asking import CollectionRequest
from collections_app.services.document_requests import document_requests_create
from collections_app.services.mailing import letter
from collections_app.services.speaking import borrowers_language

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Invitation:
    """A request and the address that opens it. The address is known here and nowhere else."""

    collection: Collection
    url: str = field(repr=False)


@transaction.atomic
def collection_invite(asked: CollectionRequest, *, by: Who, send_mail: bool = True) -> Invitation:
    """A new request, its secure link and, unless told otherwise, the mail. Raises ValidationError."""
    collection = asked.collection()
    collection.save(force_insert=True)
    data_keys.data_key_create(collection.pk)
    document_requests_create(collection=collection, wanted=asked.documents)
    events.record(collection, "collection.invited", by=by, expires_days=asked.link_days)
    if asked.refreshes:
        events.record(collection, "refresh.made", by=by, of=asked.refreshes.reference)
        events.record(asked.refreshes, "collection.refreshed", by=by, reference=collection.reference)
    return _issue_link(collection, days=asked.link_days, send_mail=send_mail)


@transaction.atomic
def link_reissue(
    *,
    collection: Collection,
    by: Who,
    expires_days: int | None = None,
    send_mail: bool = False,
    address: str = "",
) -> Invitation:
    """A new link for the same request; earlier links stop working, and so does a colleague's for the set-up.

    Where an `address` is given it is the borrower's from now on: all mails and codes go there. Raises
    ValidationError when it was withdrawn or erased, for a link that would live too long, and for an address
    that is none.
    """
    states.lock(collection)
    days = collection.lender.link_days if expires_days is None else expires_days
    links.days_check(days)
    if collection.status == Collection.Status.WITHDRAWN:
        raise ValidationError("This request was withdrawn. Make a new request instead.")
    if data_keys.destroyed(collection.pk):
        raise ValidationError("What was collected was erased. Make a new request instead.")
    _readdress(collection, address.strip() or collection.borrower_email, by)
    events.record(collection, "link.issued", by=by, expires_days=days)
    linking.set_up_link_revoke(collection=collection, by=by)
    return _issue_link(collection, days=days, send_mail=send_mail)


def collection_withdraw(*, collection: Collection, by: Who) -> None:
    """Ends the request: its links stop working, its run ends, its password and its uploads are destroyed.

    Raises states.MoveRefused when it was submitted or withdrawn already.
    """
    withdrawing.request_end(collection=collection, by=by, never_from=Collection.Status.SUBMITTED)


def _readdress(collection: Collection, address: str, by: Who) -> None:
    before = collection.borrower_email
    if address == before:
        return
    collection.borrower_email = Collection._meta.get_field("borrower_email").clean(address, collection)
    collection.save(update_fields=["borrower_email"])
    events.record(collection, "borrower.readdressed", by=by, was=before, to=address)


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
