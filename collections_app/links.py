"""The secure link: how a token is made, recognised, found and refused.

A token is `clk_`, 43 characters of base 62 (over 256 bits of randomness) and 6 of a checksum. The prefix lets
scanners and our log filter find it; the checksum lets rubbish be refused without asking the database.
"""

import hashlib
import re
import secrets
import string
import zlib
from datetime import timedelta
from enum import Enum

from django.db.models import F
from django.utils import timezone

from collections_app.models import Collection, Link

ALPHABET = string.digits + string.ascii_letters
PATTERN = re.compile(r"clk_[0-9A-Za-z]{49}")
RANDOM_CHARACTERS = 43
CHECKSUM_CHARACTERS = 6
DEFAULT_DAYS = 14
# Mail scanners open links too, so the first opening is not the last; a number far above honest use is a leak.
MOST_OPENINGS = 500


class LinkState(Enum):
    """What a once-issued link is good for now."""

    OPEN = "open"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    USED_UP = "used up"


def checksum(text: str) -> str:
    number = zlib.crc32(text.encode())
    digits = ""
    for _ in range(CHECKSUM_CHARACTERS):
        number, digit = divmod(number, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    return digits


def make_token() -> str:
    body = "clk_" + "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_CHARACTERS))
    return body + checksum(body)


def token_hash(token: str) -> bytes:
    """A plain hash is enough: nobody can guess 256 bits."""
    return hashlib.sha256(token.encode()).digest()


def issue(collection: Collection, *, days: int = DEFAULT_DAYS) -> tuple[Link, str]:
    """A new link and its token, which is stored nowhere; earlier links of the collection stop working."""
    collection.links.filter(revoked_at=None).update(revoked_at=timezone.now())
    token = make_token()
    expires_at = timezone.now() + timedelta(days=days)
    link = Link.objects.create(collection=collection, token_hash=token_hash(token), expires_at=expires_at)
    return link, token


def find(token: str) -> Link | None:
    """The link that `token` was issued for, whatever its state; None for rubbish and strangers alike."""
    if not PATTERN.fullmatch(token) or checksum(token[:-CHECKSUM_CHARACTERS]) != token[-CHECKSUM_CHARACTERS:]:
        return None
    return Link.objects.select_related("collection__lender").filter(token_hash=token_hash(token)).first()


def state(link: Link) -> LinkState:
    if link.revoked_at or link.collection.status == Collection.Status.WITHDRAWN:
        return LinkState.WITHDRAWN
    if link.expires_at <= timezone.now():
        return LinkState.EXPIRED
    if link.opened_count >= MOST_OPENINGS:
        return LinkState.USED_UP
    return LinkState.OPEN


def count_opening(link: Link) -> None:
    Link.objects.filter(pk=link.pk).update(opened_count=F("opened_count") + 1, last_opened_at=timezone.now())
