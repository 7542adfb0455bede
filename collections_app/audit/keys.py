"""The audit key: 32 random bytes of this instance, sealed by the vault, kept beside the end of the chain."""

from collections_app import vault
from collections_app.models.audit import AuditChain

PLACE = "audit:key"


class _Held:
    """The key as this process has opened it. It never changes; rotating the vault only seals it anew."""

    key: bytes | None = None


def audit_key() -> bytes:
    """The audit key; the first call of an empty instance makes it. Raises vault.VaultError."""
    if _Held.key is not None:
        return _Held.key
    made = vault.seal_bytes(vault.new_data_key(), place=PLACE)
    chain, created = AuditChain.objects.get_or_create(pk=AuditChain.ONLY, defaults={"wrapped": made})
    key = opened(chain)
    if not created:
        # One that was made a moment ago may still be rolled back.
        _Held.key = key
    return key


def opened(chain: AuditChain) -> bytes:
    """The key of that row. Raises vault.VaultError."""
    return vault.unseal_bytes(chain.wrapped, place=PLACE)


def forget() -> None:
    """The next call reads the key again, from whatever database is there then."""
    _Held.key = None
