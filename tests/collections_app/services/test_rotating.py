"""Vault keys are replaced while everything goes on, and the old ones are then of no use."""

import base64
from collections.abc import Callable
from typing import Any

import pytest

from collections_app import data_keys, vault
from collections_app.models import AuditChain, Collection, Connection, DataKey, Lender
from collections_app.services import credentials, rotating
from collections_app.services.rotating import vault_rotate
from tests import factories
from tests.collecting import PASSWORD, invite, sign_in, started

OLD, NEW = (base64.urlsafe_b64encode(bytes([number]) * 32).decode() for number in (1, 2))
UseKeys = Callable[..., None]


@pytest.fixture
def use_keys(settings: Any) -> UseKeys:
    def use(*keys: str) -> None:
        settings.VAULT_KEYS = list(keys)

    use(OLD)
    return use


@pytest.fixture
def signed_in(use_keys: UseKeys, lender: Lender) -> Collection:
    """A collection whose password and session are held under the old key, beside its own and the audit's."""
    collection = started(lender)
    sign_in(collection)
    connection = Connection.objects.get()
    credentials.session_keep(connection=connection, session="session-1")
    return collection


def test_after_a_rotation_the_old_key_is_not_needed(signed_in: Collection, use_keys: UseKeys) -> None:
    before = [event.data for event in signed_in.events.all()]
    use_keys(NEW, OLD)
    rotation = vault_rotate()
    assert (rotation.moved, rotation.left, rotation.problems) == (4, 0, [])
    use_keys(NEW)
    opened = credentials.credentials_open(connection=Connection.objects.get())
    assert (opened.password, opened.session) == (PASSWORD, "session-1")
    assert [event.data for event in signed_in.events.all()] == before


def test_a_worker_without_the_new_key_signs_in_anew_instead_of_stopping(
    signed_in: Collection, use_keys: UseKeys
) -> None:
    """Workers are restarted in turn: one that has the new key keeps its session under it."""
    use_keys(NEW, OLD)
    credentials.session_keep(connection=Connection.objects.get(), session="session-2")
    use_keys(OLD)
    opened = credentials.credentials_open(connection=Connection.objects.get())
    assert (opened.password, opened.session) == (PASSWORD, "")


def test_a_second_rotation_finds_nothing_to_do(signed_in: Collection, use_keys: UseKeys) -> None:
    use_keys(NEW, OLD)
    vault_rotate()
    kept = bytes(DataKey.objects.get().wrapped or b"")
    assert vault_rotate().moved == 0
    assert bytes(DataKey.objects.get().wrapped or b"") == kept


def test_a_rehearsal_counts_and_changes_nothing(signed_in: Collection, use_keys: UseKeys) -> None:
    use_keys(NEW, OLD)
    kept = bytes(DataKey.objects.get().wrapped or b"")
    rotation = vault_rotate(dry_run=True)
    assert (rotation.moved, rotation.left) == (0, 4)
    assert bytes(DataKey.objects.get().wrapped or b"") == kept


def test_an_old_key_taken_out_too_early_is_named_and_nothing_is_destroyed(
    signed_in: Collection, use_keys: UseKeys
) -> None:
    use_keys(NEW)
    for read in (
        lambda: data_keys.data_key_of(signed_in.pk),
        lambda: credentials.credentials_open(connection=Connection.objects.get()),
        lambda: signed_in.events.filter(action="credentials.saved").get().data,
    ):
        with pytest.raises(vault.VaultError, match="not in VAULT_KEYS") as refusal:
            read()
        assert str(refusal.value).count(".") == 1
    rotation = vault_rotate()
    assert (rotation.moved, rotation.left) == (0, 4)
    assert rotation.problems == ["A stored secret was encrypted under a key that is not in VAULT_KEYS."]
    use_keys(NEW, OLD)
    assert vault_rotate().left == 0
    assert credentials.credentials_open(connection=Connection.objects.get()).password == PASSWORD


def test_a_password_replaced_during_a_rotation_stays_the_new_one(
    signed_in: Collection, use_keys: UseKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_keys(NEW, OLD)
    reseal = vault.reseal

    def typed_meanwhile(sealed: bytes, *, place: str) -> bytes:
        moved = reseal(sealed, place=place)
        if place.endswith(":secret"):
            connection = Connection.objects.get()
            credentials.credentials_seal(connection=connection, password="Newer-Secret-1")
        return moved

    monkeypatch.setattr(vault, "reseal", typed_meanwhile)
    rotation = vault_rotate()
    assert rotation.left == 0
    use_keys(NEW)
    assert credentials.credentials_open(connection=Connection.objects.get()).password == "Newer-Secret-1"


def test_a_password_destroyed_during_a_rotation_stays_destroyed(
    signed_in: Collection, use_keys: UseKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_keys(NEW, OLD)
    reseal = vault.reseal

    def destroyed_meanwhile(sealed: bytes, *, place: str) -> bytes:
        Connection.objects.update(secret=None, session=None)
        return reseal(sealed, place=place)

    monkeypatch.setattr(vault, "reseal", destroyed_meanwhile)
    assert vault_rotate().left == 0
    assert Connection.objects.get().secret is None


def test_a_rotation_that_was_stopped_goes_on_where_it_was(
    use_keys: UseKeys, lender: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        invite(lender)
    use_keys(NEW, OLD)
    moved = rotating._move
    done: list[Any] = []

    def stopped_after_the_first(held: Any, rotation: Any) -> None:
        if done:
            raise KeyboardInterrupt
        moved(held, rotation)
        done.append(held)

    with monkeypatch.context() as patched:
        patched.setattr(rotating, "_move", stopped_after_the_first)
        with pytest.raises(KeyboardInterrupt):
            vault_rotate()
    rotation = vault_rotate()
    assert (rotation.moved, rotation.left) == (3, 0)


def test_what_was_erased_stays_erased(use_keys: UseKeys, lender: Lender) -> None:
    collection = factories.make_collection(lender)
    DataKey.objects.filter(collection=collection).update(wrapped=None)
    AuditChain.objects.all().delete()
    use_keys(NEW, OLD)
    assert (vault_rotate().moved, DataKey.objects.get().wrapped) == (0, None)
