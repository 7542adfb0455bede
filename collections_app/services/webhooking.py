"""Telling lenders' own systems what happened: an outbox, like that of the mails."""

import hashlib
import hmac
import json
import logging
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from collections_app import outgoing, vault
from collections_app.models import Collection, Delivery, Lender, Webhook

logger = logging.getLogger(__name__)

TOLD = (
    "collection.started",
    "collection.collecting",
    "collection.submitted",
    "collection.returned",
    "collection.withdrawn",
)
# 16 tries in growing waits: the last some two days after the first.
FIRST_WAIT, LONGEST_WAIT, MOST_TRIES = timedelta(seconds=30), timedelta(hours=8), 16
MOST_AT_ONCE = 100
# Longer than a delivery can take: another worker leaves it alone meanwhile.
IN_HAND = timedelta(minutes=2)


def place(webhook: Webhook) -> str:
    """Where the sealed secret belongs, so that it opens nowhere else."""
    return f"webhook:{webhook.pk}:secret"


@transaction.atomic
def webhook_create(*, lender: Lender, url: str, told: Iterable[str] = ()) -> tuple[Webhook, str]:
    """An address that is told from now on, and its secret, shown this once. Raises ValidationError."""
    names = list(dict.fromkeys(told))
    unknown = [name for name in names if name not in TOLD]
    if unknown:
        raise ValidationError(f"There is no event {unknown[0]}. There are: {', '.join(TOLD)}.")
    try:
        _, host, port, _ = outgoing.checked(url)
        outgoing.public_address(host, port)
    except outgoing.AddressRefused as refusal:
        raise ValidationError(str(refusal)) from None
    except outgoing.NotDelivered:
        raise ValidationError("The host of this address is not known.") from None
    secret = f"whs_{secrets.token_hex(32)}"
    webhook = Webhook.objects.create(lender=lender, url=url, secret=b"", events=names)
    webhook.secret = vault.seal(secret, place=place(webhook))
    webhook.save(update_fields=["secret"])
    return webhook, secret


def webhook_stop(*, webhook: Webhook) -> bool:
    """Nothing more is sent there. False when it was stopped before."""
    running = Webhook.objects.filter(pk=webhook.pk, stopped_at=None)
    return bool(running.update(stopped_at=timezone.now()))


def collection_announce(*, collection: Collection, event: str) -> None:
    """Writes down what the lender's addresses are to be told; the clock has it sent."""
    if event not in TOLD:
        return
    webhooks = Webhook.objects.filter(lender_id=collection.lender_id, stopped_at=None)
    for webhook in webhooks:
        if not webhook.events or event in webhook.events:
            body = {
                "event": event,
                "reference": collection.reference,
                "lender_reference": collection.lender_reference,
                "at": timezone.now().isoformat(timespec="seconds"),
            }
            Delivery.objects.create(webhook=webhook, event=event, body=json.dumps(body))


def deliveries_send() -> int:
    """Sends what is due; returns how many were taken."""
    due = Delivery.objects.filter(
        delivered_at=None, try_at__lte=timezone.now(), tries__lt=MOST_TRIES, webhook__stopped_at=None
    )
    return sum(delivery_send(pk) for pk in list(due.values_list("pk", flat=True)[:MOST_AT_ONCE]))


def delivery_send(delivery_id: int) -> bool:
    """Sends one, unless somebody else does. What fails is tried again after a longer wait."""
    now = timezone.now()
    mine = Delivery.objects.filter(pk=delivery_id, delivered_at=None, try_at__lte=now)
    if not mine.update(try_at=now + IN_HAND, tries=F("tries") + 1):
        return False
    delivery = Delivery.objects.select_related("webhook").get(pk=delivery_id)
    try:
        answer = str(_post(delivery))
    except (outgoing.NotDelivered, outgoing.AddressRefused, vault.VaultError) as error:
        answer = str(error) if isinstance(error, outgoing.NotDelivered) else type(error).__name__
    taken = answer.isdecimal() and 200 <= int(answer) < 300
    wait = min(FIRST_WAIT * 2 ** min(delivery.tries - 1, 12), LONGEST_WAIT)
    Delivery.objects.filter(pk=delivery_id).update(
        answer=answer[:60],
        delivered_at=timezone.now() if taken else None,
        try_at=now if taken else timezone.now() + wait,
    )
    if not taken:
        logger.warning("Delivery %s was not taken (%s), try %s.", delivery_id, answer, delivery.tries)
    return taken


def deliveries_replay(*, webhook: Webhook, delivery_id: int | None = None) -> int:
    """Sends again what was not taken, or the one named even if it was; returns how many are due now."""
    chosen = webhook.deliveries.all()
    chosen = chosen.filter(pk=delivery_id) if delivery_id else chosen.filter(delivered_at=None)
    return chosen.update(delivered_at=None, tries=0, try_at=timezone.now(), answer="")


def deliveries_purge() -> int:
    """Forgets what was taken or given up over WEBHOOK_LOG_DAYS ago; returns how many.

    So too what waited for an address that was stopped then. Until then all of it can be looked at and sent
    again. What is still being tried stays.
    """
    before = timezone.now() - timedelta(days=settings.WEBHOOK_LOG_DAYS)
    taken = Q(delivered_at__lte=before)
    given_up = Q(delivered_at=None, tries__gte=MOST_TRIES, try_at__lte=before)
    stopped = Q(delivered_at=None, webhook__stopped_at__lte=before)
    return Delivery.objects.filter(taken | given_up | stopped).delete()[0]


def signature(secret: str, at: int, body: bytes) -> str:
    """What proves that we sent this body at that time: HMAC-SHA-256 of "TIME.BODY" in hexadecimal digits."""
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def _post(delivery: Delivery) -> int:
    webhook, body = delivery.webhook, delivery.body.encode()
    secret = vault.unseal(webhook.secret, place=place(webhook))
    at = int(timezone.now().timestamp())
    return outgoing.post(
        webhook.url,
        body,
        {
            "Content-Type": "application/json",
            "User-Agent": "strongbox-webhook/1",
            "Webhook-Id": str(delivery.pk),
            "Webhook-Signature": f"t={at},v1={signature(secret, at, body)}",
        },
    )
