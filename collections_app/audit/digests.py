"""The keyed digests of events and of the chain. What they cover is part of the format: never change it.

The signature of an event is made when it is written and covers all that it says. The seal is made when the
event becomes a link of the chain and covers its position, its signature and the seal before it.
"""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import NamedTuple


class Signed(NamedTuple):
    """What an event says, as it is stored."""

    collection_id: int | None
    about: str
    at: datetime
    actor_kind: str
    actor: str
    action: str
    sealed: bytes | memoryview | None


def signature_of(key: bytes, event: Signed) -> str:
    """64 hexadecimal digits."""
    said = [
        event.collection_id,
        event.about,
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.actor_kind,
        event.actor,
        event.action,
        hashlib.sha256(event.sealed).hexdigest() if event.sealed is not None else "",
    ]
    return _digest(key, "event 1", json.dumps(said, ensure_ascii=True, separators=(",", ":")))


def seal_of(key: bytes, *, position: int, before: str, event_id: int, signature: str) -> str:
    """64 hexadecimal digits; `before` is the seal of the link before, empty for the first."""
    return _digest(key, "link 1", f"{position}:{event_id}:{before}:{signature}")


def proof_of(key: bytes, *, position: int, seal: str) -> str:
    """64 hexadecimal digits, for the end of the chain."""
    return _digest(key, "end 1", f"{position}:{seal}")


def _digest(key: bytes, purpose: str, text: str) -> str:
    return hmac.digest(key, f"{purpose}\0{text}".encode(), "sha256").hex()
