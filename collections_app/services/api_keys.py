"""Keys of lenders' own systems: made, found, replaced, revoked."""

import hashlib
import re
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from collections_app import events
from collections_app.events import Who
from collections_app.models import ApiKey, Event, Lender

PATTERN = re.compile(r"sbk_[0-9a-f]{64}")
LONGEST_DAYS = 365
# How exactly it is known when a key was used last; each request would write a row otherwise.
USE_NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def key_create(*, lender: Lender, name: str, scopes: Iterable[str], days: int, by: Who) -> tuple[ApiKey, str]:
    """A new key, and its text, which is shown this once. Raises ValidationError."""
    chosen = list(dict.fromkeys(scopes))
    unknown = [scope for scope in chosen if scope not in ApiKey.Scope.values]
    if unknown or not chosen:
        raise ValidationError(f"Name one or more of these scopes: {', '.join(ApiKey.Scope.values)}.")
    if not 1 <= days <= LONGEST_DAYS:
        raise ValidationError(f"A key lives from 1 to {LONGEST_DAYS} days.")
    text = f"sbk_{secrets.token_hex(32)}"
    key = ApiKey(
        lender=lender,
        name=" ".join(name.split()),
        key_hash=_hash(text),
        scopes=chosen,
        expires_at=timezone.now() + timedelta(days=days),
    )
    key.full_clean(exclude=["key_hash"])
    key.save(force_insert=True)
    events.note(
        "api_key.created", by=by, about=events.about_of(key), key=key.pk, name=key.name, scopes=chosen
    )
    return key, text


@transaction.atomic
def key_rotate(*, key: ApiKey, days: int, grace: timedelta, by: Who) -> tuple[ApiKey, str]:
    """A new key with the same scopes; the old one works until the grace is over. Raises ValidationError."""
    if not is_good(key):
        raise ValidationError("This key works no more: make a new one with createapikey.")
    until = min(key.expires_at, timezone.now() + grace)
    ApiKey.objects.filter(pk=key.pk).update(expires_at=until)
    made = key_create(lender=key.lender, name=key.name, scopes=key.scopes, days=days, by=by)
    events.note(
        "api_key.replaced",
        by=by,
        about=events.about_of(key),
        key=key.pk,
        name=key.name,
        by_key=made[0].pk,
        until=until.isoformat(timespec="seconds"),
    )
    return made


@transaction.atomic
def key_revoke(*, key: ApiKey, by: Who) -> bool:
    """The key works no more from now on. False when it was revoked before."""
    if not ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now()):
        return False
    events.note("api_key.revoked", by=by, about=events.about_of(key), key=key.pk, name=key.name)
    return True


def key_find(text: str) -> ApiKey | None:
    """The key of that text, if it works; its use is noted."""
    if not PATTERN.fullmatch(text):
        return None
    key = ApiKey.objects.select_related("lender").filter(key_hash=_hash(text)).first()
    if key is None or not is_good(key):
        return None
    unnoted = Q(last_used_at=None) | Q(last_used_at__lt=timezone.now() - USE_NOTED_EVERY)
    ApiKey.objects.filter(unnoted, pk=key.pk).update(last_used_at=timezone.now())
    return key


def is_good(key: ApiKey) -> bool:
    return key.revoked_at is None and key.expires_at > timezone.now()


def who(key: ApiKey) -> Who:
    """How the record names a system with this key."""
    return Who(Event.Actor.STAFF, f"API key {key.pk} ({key.name})")


def _hash(text: str) -> bytes:
    """A plain hash is enough: nobody can guess 256 bits."""
    return hashlib.sha256(text.encode()).digest()
