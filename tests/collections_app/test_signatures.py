import base64
import os
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from collections_app import signatures


def new_key() -> str:
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


def test_a_signature_holds_for_its_content_alone() -> None:
    name, signature = signatures.sign(b"as it was")
    assert signatures.holds(b"as it was", name, signature)
    assert not signatures.holds(b"as it is", name, signature)
    for odd in ("", "not base64!", base64.b64encode(b"short").decode()):
        assert not signatures.holds(b"as it was", name, odd)


def test_an_older_key_still_proves_and_a_stranger_never_does(settings: Any) -> None:
    older, newer = new_key(), new_key()
    settings.SIGNING_KEYS = [older]
    name, signature = signatures.sign(b"x")
    settings.SIGNING_KEYS = [newer, older]
    assert signatures.holds(b"x", name, signature)
    assert signatures.sign(b"x")[0] != name
    settings.SIGNING_KEYS = [newer]
    assert not signatures.holds(b"x", name, signature)


def test_what_a_key_of_the_vault_signed_holds_when_there_is_an_own_one_and_when_the_vault_has_another(
    settings: Any,
) -> None:
    settings.SIGNING_KEYS = []
    own, [vaults, *_] = new_key(), settings.VAULT_KEYS
    name, signature = signatures.sign(b"x")
    settings.SIGNING_KEYS = [own]
    assert signatures.holds(b"x", name, signature)
    assert signatures.sign(b"x")[0] != name
    settings.VAULT_KEYS = [new_key()]
    assert not signatures.holds(b"x", name, signature)
    settings.SIGNING_KEYS = [own, vaults]
    assert signatures.holds(b"x", name, signature)


def test_a_first_own_key_is_known_before_it_signs(settings: Any) -> None:
    """Web servers are restarted one after the other, for either step."""
    own, [vaults, *_] = new_key(), settings.VAULT_KEYS
    settings.SIGNING_KEYS = []
    before = signatures.sign(b"x")
    settings.SIGNING_KEYS = ["vault", own]
    assert signatures.sign(b"x") == before
    settings.SIGNING_KEYS = [own]
    name, signature = signatures.sign(b"x")
    assert name != before[0]
    settings.SIGNING_KEYS = ["vault", own]
    assert signatures.holds(b"x", name, signature)
    settings.SIGNING_KEYS, settings.VAULT_KEYS = ["vault", vaults], [new_key()]
    assert signatures.holds(b"x", *before)
    assert signatures.sign(b"x")[0] != before[0]


def test_anybody_can_check_with_the_public_half() -> None:
    name, signature = signatures.sign(b"x")
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(signatures.public_keys()[name]))
    public.verify(base64.b64decode(signature), b"x")


@pytest.mark.parametrize("bad", ["short", "ÄÖÜ", base64.b64encode(b"x" * 31).decode()])
def test_what_is_no_key_is_refused_in_words(bad: str, settings: Any) -> None:
    settings.SIGNING_KEYS = [bad]
    with pytest.raises(signatures.SigningKeyError, match="32 random bytes"):
        signatures.sign(b"x")
