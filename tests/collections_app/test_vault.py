"""Secrets at rest: only the right key opens them, and only in the place they were sealed for."""

import base64
import os
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collections_app import vault


def new_key() -> str:
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


@given(st.text(), st.text())
def test_what_is_sealed_comes_back_in_its_place(text: str, place: str) -> None:
    try:
        text.encode(), place.encode()
    except UnicodeEncodeError:
        return
    assert vault.unseal(vault.seal(text, place=place), place=place) == text


def test_a_secret_does_not_open_in_another_place() -> None:
    sealed = vault.seal("Reader-Secret-1", place="connection:1:secret")
    with pytest.raises(vault.VaultError, match="moved from another row"):
        vault.unseal(sealed, place="connection:2:secret")


def test_the_text_is_nowhere_in_the_ciphertext_and_two_seals_differ() -> None:
    first, second = (vault.seal("Reader-Secret-1", place="here") for _ in range(2))
    assert b"Reader" not in first
    assert first != second


def test_a_secret_of_a_lost_key_says_so_and_nothing_else(settings: Any) -> None:
    sealed = vault.seal("Reader-Secret-1", place="here")
    settings.VAULT_KEYS = [new_key()]
    with pytest.raises(vault.VaultError, match="not in VAULT_KEYS") as refusal:
        vault.unseal(sealed, place="here")
    assert "Reader" not in str(refusal.value)


def test_a_new_key_in_front_opens_what_the_old_one_sealed(settings: Any) -> None:
    old, new = new_key(), new_key()
    settings.VAULT_KEYS = [old]
    before = vault.seal("sealed before", place="here")
    settings.VAULT_KEYS = [new, old]
    after = vault.seal("sealed after", place="here")
    assert vault.unseal(before, place="here") == "sealed before"
    settings.VAULT_KEYS = [new]
    assert vault.unseal(after, place="here") == "sealed after"
    with pytest.raises(vault.VaultError):
        vault.unseal(before, place="here")


@given(st.data())
def test_a_damaged_ciphertext_never_opens(data: st.DataObject) -> None:
    sealed = bytearray(vault.seal("Reader-Secret-1", place="here"))
    position = data.draw(st.integers(0, len(sealed) - 1))
    sealed[position] ^= data.draw(st.integers(1, 255))
    with pytest.raises(vault.VaultError):
        vault.unseal(bytes(sealed), place="here")


def test_a_cut_ciphertext_never_opens() -> None:
    sealed = vault.seal("Reader-Secret-1", place="here")
    for length in range(len(sealed)):
        with pytest.raises(vault.VaultError):
            vault.unseal(sealed[:length], place="here")


def test_a_ciphertext_as_another_database_gives_it_opens() -> None:
    sealed = vault.seal("Reader-Secret-1", place="here")
    assert vault.unseal(memoryview(sealed), place="here") == "Reader-Secret-1"


@pytest.mark.parametrize(
    "text", ["", "short", "not base64 at all!", "é" * 43, base64.urlsafe_b64encode(b"x" * 31).decode()]
)
def test_something_that_is_no_key_is_refused_by_the_settings_name(settings: Any, text: str) -> None:
    settings.VAULT_KEYS = [new_key(), text]
    with pytest.raises(vault.VaultKeyError, match="VAULT_KEYS must be 32 random bytes") as refusal:
        vault.seal("Reader-Secret-1", place="here")
    assert not text or text not in str(refusal.value)


def test_blanks_around_a_key_do_no_harm(settings: Any) -> None:
    key = new_key()
    settings.VAULT_KEYS = [key]
    sealed = vault.seal("Reader-Secret-1", place="here")
    settings.VAULT_KEYS = [f" {key}\n"]
    assert vault.unseal(sealed, place="here") == "Reader-Secret-1"
