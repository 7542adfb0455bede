"""The steps of the set-up guide, which of them are ticked, and the links that let a colleague do them.

A set-up token is `sul_`, 43 characters of base 62 (256 bits) and the checksum of all of it. It is made from a
seed that the form carries, under SECRET_KEY: the same form sent twice makes the same link once.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from datetime import timedelta
from enum import Enum

from django.conf import settings
from django.utils import timezone

from collections_app import links, problems
from collections_app.models import Collection, SetUpLink

PREFIX = "sul_"
PATTERN = re.compile(r"sul_[0-9A-Za-z]{49}")
LIFE = timedelta(days=7)

STEPS: dict[str, tuple[str, ...]] = {
    Collection.PermissionType.ROLE_BASED: (
        "permission-type",
        "web-services",
        "sender",
        "contact",
        "permissions",
        "user",
        "mail",
    ),
    Collection.PermissionType.USER_BASED: (
        "permission-type",
        "web-services",
        "sender",
        "contact",
        "user",
        "permissions",
        "mail",
    ),
}
# The step of the guide in which a problem is mended.
MENDED_IN = {
    problems.SENDER_NOT_AUTHORIZED.name: "sender",
    problems.WEB_SERVICES_OFF.name: "web-services",
    problems.PERMISSION_MISSING.name: "permissions",
    problems.SIGN_IN_REFUSED.name: "user",
    problems.ENTITY_REFUSED.name: "user",
}


class SetUpLinkState(Enum):
    """What a once-issued set-up link is good for now."""

    OPEN = "open"
    EXPIRED = "expired"
    CLOSED = "closed"


def steps_of(collection: Collection) -> tuple[str, ...]:
    """The steps for the chosen type of permissions; none before it is chosen."""
    return STEPS.get(collection.permission_type, ())


def ticked(collection: Collection, *, by_colleague: bool) -> Sequence[str]:
    """The ticked steps of the guide as it is now, in its order."""
    ticks = set(collection.set_up_ticks.filter(by_colleague=by_colleague).values_list("step", flat=True))
    return [step for step in steps_of(collection) if step in ticks]


def token_from(seed: str, collection: Collection) -> str:
    """The token of the link that this seed makes for this collection."""
    text = f"set-up link\0{collection.pk}\0{seed}"
    number = int.from_bytes(hmac.digest(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha512))
    body = PREFIX
    for _ in range(links.RANDOM_CHARACTERS):
        number, digit = divmod(number, len(links.ALPHABET))
        body += links.ALPHABET[digit]
    return body + links.checksum(body)


def find(token: str) -> SetUpLink | None:
    """The set-up link of that token, whatever its state; None for rubbish and strangers alike."""
    body, check = token[: -links.CHECKSUM_CHARACTERS], token[-links.CHECKSUM_CHARACTERS :]
    if not PATTERN.fullmatch(token) or links.checksum(body) != check:
        return None
    found = SetUpLink.objects.select_related("collection__lender")
    return found.filter(token_hash=links.token_hash(token)).first()


def state(link: SetUpLink) -> SetUpLinkState:
    closed = (Collection.Status.WITHDRAWN, Collection.Status.SUBMITTED)
    if link.revoked_at or link.collection.status in closed:
        return SetUpLinkState.CLOSED
    if link.expires_at <= timezone.now():
        return SetUpLinkState.EXPIRED
    return SetUpLinkState.OPEN


def current(collection: Collection) -> SetUpLink | None:
    """The set-up link that works now."""
    newest = collection.set_up_links.select_related("collection").first()
    return newest if newest and state(newest) is SetUpLinkState.OPEN else None
