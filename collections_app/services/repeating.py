"""What a lender's system asks for is made once, however often the same request is sent.

The system chooses a key for each of its requests (the header `Idempotency-Key`) and sends it again with the
request when the answer was lost. The mail goes out once at most: a process that dies between the request and
its mail leaves one that nobody mailed, which `was_mailed` tells once it is no longer `is_being_mailed`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from collections_app.events import Who
from collections_app.models import Collection, Lender, SentRequest
from collections_app.services.asking import CollectionRequest
from collections_app.services.invitations import Invitation, collection_invite

# Nobody tries for longer to find out what became of a request.
KEPT = timedelta(days=7)
# The mail goes out while the first sender waits for its answer. A slow server is waited for at each step, see
# EMAIL_TIMEOUT.
LONGEST_MAILING = timedelta(minutes=2)
USED_OTHERWISE = "Idempotency-Key: this key stands for another request. Choose a new one for each request."


@dataclass(frozen=True)
class Sending:
    """A request as it came: its address and body, and its key. Without a key it is like no other."""

    lender: Lender
    key: str
    content: bytes

    @property
    def key_hash(self) -> bytes:
        return sha256(self.key.encode()).digest()

    @property
    def content_hash(self) -> bytes:
        return sha256(self.content).digest()


def invite_once(
    sent: Sending, asked: Callable[[], CollectionRequest], *, by: Who, send_mail: bool
) -> Invitation | Collection:
    """A new request and its link, or the collection that was made when the same was sent before.

    Raises ValidationError for what makes no sense, and for a key that stands for another request.
    """
    earlier = _made_before(sent)
    if earlier:
        return earlier
    try:
        with transaction.atomic():
            invitation = collection_invite(asked(), by=by, send_mail=send_mail)
            if sent.key:
                SentRequest.objects.create(
                    lender=sent.lender,
                    key_hash=sent.key_hash,
                    content_hash=sent.content_hash,
                    collection=invitation.collection,
                )
    except IntegrityError:
        # The same request was sent twice at once, and the other one is made.
        earlier = _made_before(sent)
        if earlier is None:
            raise
        return earlier
    return invitation


def _made_before(sent: Sending) -> Collection | None:
    if not sent.key:
        return None
    same_key = SentRequest.objects.filter(lender=sent.lender, key_hash=sent.key_hash)
    found = same_key.select_related("collection").first()
    if found is None:
        return None
    # Of what was erased nobody can tell any more whether it is the same.
    if found.content_hash and bytes(found.content_hash) != sent.content_hash:
        raise ValidationError(USED_OTHERWISE)
    return found.collection


def was_mailed(collection: Collection) -> bool:
    """Whether the mail server took an invitation of it."""
    return collection.events.filter(action="invitation.mailed").exists()


def is_being_mailed(collection: Collection) -> bool:
    """Whether the invitation that was wanted may still be on its way to the mail server."""
    if collection.created_at < timezone.now() - LONGEST_MAILING:
        return False
    outcomes = ["invitation.mailed", "invitation.mail_failed"]
    return not collection.events.filter(action__in=outcomes).exists()


def sent_requests_forget() -> int:
    """Deletes what was sent longer ago than anybody tries again; returns how many."""
    forgotten, _ = SentRequest.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
    return forgotten
