"""The secure link: how a token is made, recognised, found and refused.

A token is `clk_`, 43 characters of base 62 (over 256 bits of randomness) and 6 of a checksum. The prefix lets
scanners and our log filter find it; the checksum lets rubbish be refused without asking the database.
"""

import hashlib
import re
import secrets
import string
import zlib
from datetime import datetime, timedelta
from enum import Enum

from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.utils import timezone

from collections_app.models import Collection, Link
from collections_app.models.lender import LONGEST_LINK_DAYS

ALPHABET = string.digits + string.ascii_letters
PATTERN = re.compile(r"clk_[0-9A-Za-z]{49}")
RANDOM_CHARACTERS = 43
CHECKSUM_CHARACTERS = 6
# Mail scanners open links too, so the first opening is not the last; a number far above honest use is a leak.
MOST_OPENINGS = 500
# The end page says what was shared, who looked at it and how to withdraw, so it outlives a link of two weeks,
# which ends about when the work does. Not for ever: whoever finds the old mail could download the copy.
COMPLETED_DAYS = 90


class LinkState(Enum):
    """What a once-issued link is good for now."""

    OPEN = "open"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    USED_UP = "used up"
    ERASED = "erased"


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


def days_check(days: int) -> None:
    """Raises ValidationError for a link that would live too long, or not at all."""
    if not 1 <= days <= LONGEST_LINK_DAYS:
        raise ValidationError(f"A link lives between 1 and {LONGEST_LINK_DAYS} days.")


def issue(collection: Collection, *, days: int | None = None) -> tuple[Link, str]:
    """A new link and its token, which is stored nowhere; earlier links of the collection stop working.

    It works as long as its lender's links do, unless told otherwise.
    """
    collection.links.filter(revoked_at=None).update(revoked_at=timezone.now())
    token = make_token()
    expires_at = timezone.now() + timedelta(days=days or collection.lender.link_days)
    link = Link.objects.create(collection=collection, token_hash=token_hash(token), expires_at=expires_at)
    return link, token


def find(token: str) -> Link | None:
    """The link that `token` was issued for, whatever its state; None for rubbish and strangers alike."""
    if not PATTERN.fullmatch(token) or checksum(token[:-CHECKSUM_CHARACTERS]) != token[-CHECKSUM_CHARACTERS:]:
        return None
    return _with_collection().filter(token_hash=token_hash(token)).first()


def numbered(link_id: int) -> Link | None:
    """The link of this number in the database, which a session remembers and no address ever holds."""
    return _with_collection().filter(pk=link_id).first()


def _with_collection() -> QuerySet[Link]:
    return Link.objects.select_related("collection__lender", "collection__data_key")


def state(link: Link) -> LinkState:
    data_key = getattr(link.collection, "data_key", None)
    if data_key and data_key.wrapped is None:
        return LinkState.ERASED
    if link.revoked_at or link.collection.status == Collection.Status.WITHDRAWN:
        return LinkState.WITHDRAWN
    if works_until(link) <= timezone.now():
        return LinkState.EXPIRED
    if link.opened_count >= MOST_OPENINGS:
        return LinkState.USED_UP
    return LinkState.OPEN


def works_until(link: Link) -> datetime:
    """When the link stops: one that leads to the end page works longer, for its borrower to look back."""
    return end_of(link.expires_at, link.collection)


def end_of(expires_at: datetime, collection: Collection) -> datetime:
    """When a link of the collection stops that was made to work until then."""
    if collection.status != Collection.Status.SUBMITTED or collection.shared_at is None:
        return expires_at
    return max(expires_at, collection.shared_at + timedelta(days=COMPLETED_DAYS))


def count_opening(link: Link) -> int:
    """Counts one more opening; returns how many there were with it. The caller locks the collection."""
    Link.objects.filter(pk=link.pk).update(opened_count=F("opened_count") + 1, last_opened_at=timezone.now())
    return Link.objects.values_list("opened_count", flat=True).get(pk=link.pk)


def newest(collection: Collection) -> Link | None:
    """The link that was issued last, whatever its state."""
    return collection.links.order_by("-issued_at", "-pk").first()
