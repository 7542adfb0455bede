"""Making links of events. It happens after the commit that wrote them, so that no work waits for it."""

import logging
from typing import Any

from django.db import DatabaseError, connection, transaction

from collections_app.audit import digests, keys
from collections_app.audit.digests import Signed
from collections_app.models import AuditChain, Event
from collections_app.vault import VaultError

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 1000
COLUMNS = ("pk", "signature", *Signed._fields)


def events_chain() -> int:
    """Links every event that is committed and not linked yet; returns how many.

    Whoever comes here has the end of the chain alone, for milliseconds, and holds nothing else meanwhile: so
    no two links get one position, and nobody can wait for each other in a ring. An event without a valid
    signature stays outside, where `verifyaudit` finds it. Raises vault.VaultError without the audit key.
    """
    linked = 0
    while (count := _chain_some()) == MOST_AT_ONCE:
        linked += count
    return linked + count


def events_chain_soon() -> None:
    """Links after the surrounding transaction. What fails is made up for by the clock."""
    if not any(entry[1] is _chain_quietly for entry in connection.run_on_commit):
        transaction.on_commit(_chain_quietly)


def _chain_quietly() -> None:
    try:
        events_chain()
    except (DatabaseError, VaultError) as error:
        logger.warning("Events were not linked yet (%s); the clock will do it.", type(error).__name__)


@transaction.atomic
def _chain_some() -> int:
    key = keys.audit_key()
    chain = AuditChain.objects.select_for_update().get(pk=AuditChain.ONLY)
    position, seal = chain.position, chain.seal
    links = []
    for row in Event.objects.filter(position=None).order_by("pk").values(*COLUMNS).iterator():
        if not _is_genuine(key, row):
            continue
        position += 1
        seal = digests.seal_of(
            key, position=position, before=seal, event_id=row["pk"], signature=row["signature"]
        )
        links.append(Event(pk=row["pk"], position=position, link_seal=seal))
        if len(links) == MOST_AT_ONCE:
            break
    if links:
        # The plain manager: the one of Event refuses every update.
        Event._base_manager.bulk_update(links, ["position", "link_seal"])
        proof = digests.proof_of(key, position=position, seal=seal)
        AuditChain.objects.filter(pk=chain.pk).update(position=position, seal=seal, proof=proof)
    return len(links)


def _is_genuine(key: bytes, row: dict[str, Any]) -> bool:
    said = Signed(**{name: row[name] for name in Signed._fields})
    return bool(row["signature"] == digests.signature_of(key, said))
