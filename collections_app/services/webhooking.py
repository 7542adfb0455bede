"""Telling lenders' own systems what happened: an outbox, like that of the mails."""

import hashlib
import hmac
import json
import logging
import secrets
import time
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from collections_app import events, outgoing, vault
from collections_app.events import Who
from collections_app.models import Collection, Delivery, Lender, Webhook

logger = logging.getLogger(__name__)

SUBMITTED = "collection.submitted"
TOLD = (
    "collection.started",
    "collection.collecting",
    SUBMITTED,
    "collection.returned",
    "collection.withdrawn",
)
# 16 tries in growing waits: the last some two days after the first.
FIRST_WAIT, LONGEST_WAIT, MOST_TRIES = timedelta(seconds=30), timedelta(hours=8), 16
MOST_AT_ONCE = 100
# A round begins nothing later than this. With its last delivery it is over when the clock rings for the next,
# so that one worker slot at a time is at it, however slow the addresses are.
ROUND_SECONDS = 10.0
# Longer than a round may take, see tasks.py: another worker leaves a delivery alone meanwhile.
IN_HAND = timedelta(minutes=2)


def place(webhook: Webhook) -> str:
    """Where the sealed secret belongs, so that it opens nowhere else."""
    return f"webhook:{webhook.pk}:secret"


@transaction.atomic
def webhook_create(*, lender: Lender, url: str, by: Who, told: Iterable[str] = ()) -> tuple[Webhook, str]:
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
    _note("webhook.created", webhook, by)
    return webhook, secret


@transaction.atomic
def webhook_stop(*, webhook: Webhook, by: Who) -> bool:
    """Nothing more is sent there. False when it was stopped before."""
    running = Webhook.objects.filter(pk=webhook.pk, stopped_at=None)
    if not running.update(stopped_at=timezone.now()):
        return False
    _note("webhook.stopped", webhook, by)
    return True


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
    """Sends what is due; returns how many were taken.

    An address that did not take one gets no other in this round, and what there was no time for waits for the
    next: a lender whose system is slow keeps no other lender's waiting.
    """
    due = Delivery.objects.filter(
        delivered_at=None, try_at__lte=timezone.now(), tries__lt=MOST_TRIES, webhook__stopped_at=None
    )
    ends, taken = time.monotonic() + ROUND_SECONDS, 0
    for webhook_id in _in_turn(due):
        for pk in list(due.filter(webhook=webhook_id).values_list("pk", flat=True)[:MOST_AT_ONCE]):
            if time.monotonic() >= ends:
                return taken
            if not delivery_send(pk):
                break
            taken += 1
    return taken


def _in_turn(due: QuerySet[Delivery]) -> list[int]:
    """The addresses to which something is due: one of each lender, then the second of each, by chance.

    In an order that stayed the same, slow addresses at its beginning would use up every round.
    """
    found = list(Webhook.objects.filter(pk__in=due.values("webhook")).values_list("lender_id", "pk"))
    chance = secrets.SystemRandom()
    chance.shuffle(found)
    seen, turns = Counter[int](), list[tuple[int, int]]()
    for lender_id, pk in found:
        seen[lender_id] += 1
        turns.append((seen[lender_id], pk))
    # Once more: the lender with the most addresses would else nearly always have the first of all.
    chance.shuffle(turns)
    return [pk for _, pk in sorted(turns, key=itemgetter(0))]


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


@transaction.atomic
def deliveries_replay(*, webhook: Webhook, by: Who, delivery_id: int | None = None) -> int:
    """Sends again what was not taken, or the one named even if it was; returns how many are due now.

    How it ended before is kept with it.
    """
    chosen = webhook.deliveries.select_for_update()
    chosen = chosen.filter(pk=delivery_id) if delivery_id else chosen.filter(delivered_at=None)
    again = list(chosen)
    for delivery in again:
        if delivery.tries:
            delivery.earlier = [*(delivery.earlier or []), _ended(delivery)]
        delivery.delivered_at, delivery.tries, delivery.answer = None, 0, ""
        delivery.try_at = timezone.now()
    Delivery.objects.bulk_update(again, ["earlier", "delivered_at", "tries", "answer", "try_at"], 500)
    if again:
        _note("webhook.replayed", webhook, by, deliveries=len(again))
    return len(again)


def _ended(delivery: Delivery) -> dict[str, Any]:
    """`taken_at` is null where it was not taken."""
    taken_at = delivery.delivered_at.isoformat() if delivery.delivered_at else None
    return {"taken_at": taken_at, "answer": delivery.answer, "tries": delivery.tries}


def deliveries_purge() -> int:
    """Forgets what was taken or given up over WEBHOOK_LOG_DAYS ago; returns how many.

    So too what waited for an address that was stopped then. Until then all of it can be looked at and sent
    again. What is still being tried stays.
    """
    before = timezone.now() - timedelta(days=settings.WEBHOOK_LOG_DAYS)
    taken = Q(delivered_at__lte=before)
    given_up = Q(delivered_at=None, tries__gte=MOST_TRIES, try_at__lte=before)
    # Not by a join: PostgreSQL would not look again at what somebody has sent again just now.
    stopped = Q(delivered_at=None, webhook__in=Webhook.objects.filter(stopped_at__lte=before))
    return Delivery.objects.filter(taken | given_up | stopped).delete()[0]


def signature(secret: str, at: int, body: bytes) -> str:
    """What proves that we sent this body at that time: HMAC-SHA-256 of "TIME.BODY" in hexadecimal digits."""
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def _note(action: str, webhook: Webhook, by: Who, **told: int) -> None:
    events.note(action, by=by, about=events.about_of(webhook), webhook=webhook.pk, name=str(webhook), **told)


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
            "Webhook-Id": delivery.told_id,
            "Webhook-Signature": f"t={at},v1={signature(secret, at, body)}",
        },
    )
