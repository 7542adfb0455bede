"""Makes links of the events that are there already; used by the migration 0013 alone.

It repeats what `collections_app.audit` does today, because a migration must not change with it.
"""

import hashlib
import hmac
import json
from datetime import UTC
from typing import Any

from collections_app import vault

AT_ONCE = 1000


def link_everything(apps: Any, schema_editor: Any) -> None:
    key = vault.new_data_key()
    chain = apps.get_model("collections_app", "AuditChain")(
        pk=1, wrapped=vault.seal_bytes(key, place="audit:key")
    )
    events = apps.get_model("collections_app", "Event").objects
    links: list[Any] = []
    for event in events.order_by("pk").iterator(chunk_size=AT_ONCE):
        event.signature = signature(key, event)
        event.position = chain.position = chain.position + 1
        said = f"{event.position}:{event.pk}:{chain.seal}:{event.signature}"
        event.link_seal = chain.seal = digest(key, "link 1", said)
        links.append(event)
        if len(links) == AT_ONCE:
            events.bulk_update(links, ["signature", "position", "link_seal"], batch_size=200)
            links.clear()
    events.bulk_update(links, ["signature", "position", "link_seal"], batch_size=200)
    if chain.position:
        chain.proof = digest(key, "end 1", f"{chain.position}:{chain.seal}")
    chain.save(force_insert=True)


def signature(key: bytes, event: Any) -> str:
    said = [
        event.collection_id,
        event.about,
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.actor_kind,
        event.actor,
        event.action,
        hashlib.sha256(event.sealed).hexdigest() if event.sealed is not None else "",
    ]
    return digest(key, "event 1", json.dumps(said, ensure_ascii=True, separators=(",", ":")))


def digest(key: bytes, purpose: str, text: str) -> str:
    return hmac.digest(key, f"{purpose}\0{text}".encode(), "sha256").hex()
