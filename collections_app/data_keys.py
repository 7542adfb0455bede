"""Opening the data keys of collections. A key is held no longer than the rows or the file it opens."""

from collections.abc import Iterable

from collections_app import vault
from collections_app.models.data_key import DataKey


class KeyUnavailable(Exception):
    """What was collected cannot be read, because its data key is not there."""


class KeyDestroyed(KeyUnavailable):
    """The data key was destroyed: what was collected was erased on purpose."""


class KeyMissing(KeyUnavailable):
    """The collection never had a data key."""


def place(collection_id: int) -> str:
    """Where a wrapped data key belongs, so that it opens nowhere else."""
    return f"collection:{collection_id}:data-key"


def data_key_create(collection_id: int) -> DataKey:
    """A new data key for a new collection."""
    wrapped = vault.seal_bytes(vault.new_data_key(), place=place(collection_id))
    return DataKey.objects.create(collection_id=collection_id, wrapped=wrapped)


def data_key_of(collection_id: int) -> bytes:
    """The data key, 32 bytes.

    Raises KeyDestroyed, KeyMissing, and vault.VaultError when the key that wraps it left VAULT_KEYS.
    """
    stored = DataKey.objects.filter(collection_id=collection_id).first()
    if stored is None:
        raise KeyMissing("This collection has no data key, so nothing of it can be read.")
    if stored.wrapped is None:
        when = f" on {stored.destroyed_at:%Y-%m-%d}" if stored.destroyed_at else ""
        raise KeyDestroyed(
            f"What was collected for this request was erased{when} and cannot be read any more."
        )
    return vault.unseal_bytes(stored.wrapped, place=place(collection_id))


def destroyed(collection_id: int) -> bool:
    """Whether what was collected was erased on purpose."""
    return DataKey.objects.filter(collection_id=collection_id, wrapped=None).exists()


def destroyed_among(collection_ids: Iterable[int]) -> frozenset[int]:
    """Those whose data was erased on purpose, in one query."""
    stored = DataKey.objects.filter(collection_id__in=set(collection_ids), wrapped=None)
    return frozenset(stored.values_list("collection_id", flat=True))


def data_keys_of(collection_ids: Iterable[int]) -> dict[int, bytes]:
    """The data keys that are there, by collection, in one query; those that are not are left out."""
    stored = DataKey.objects.filter(collection_id__in=set(collection_ids)).exclude(wrapped=None)
    found = {}
    for collection_id, wrapped in stored.values_list("collection_id", "wrapped"):
        try:
            found[collection_id] = vault.unseal_bytes(wrapped or b"", place=place(collection_id))
        except vault.VaultError:
            continue  # Whoever reads such a row is told by `data_key_of`.
    return found
