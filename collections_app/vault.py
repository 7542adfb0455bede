"""Encrypts what must be kept secret for a while. The only user of `cryptography`.

AES-256-GCM. A ciphertext is: one byte of version, four bytes that name the key, twelve bytes of nonce, then
the sealed text. It is bound to a place (which row, which field), so a ciphertext copied elsewhere does not
open.
"""

import base64
import hashlib
import os
from binascii import Error as Base64Error

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

VERSION = b"\x01"
KEY_NAME_BYTES = 4
NONCE_BYTES = 12


class VaultError(Exception):
    """A secret cannot be opened: its key is gone from VAULT_KEYS, or the ciphertext was moved or damaged."""


class VaultKeyError(Exception):
    """VAULT_KEYS holds something that is not a key."""


def keys() -> dict[bytes, bytes]:
    """The vault's keys by name, newest first.

    Raises VaultKeyError for anything that is not 32 bytes in base64.
    """
    named = {}
    for text in settings.VAULT_KEYS:
        try:
            key = base64.urlsafe_b64decode(text.strip())
        except (Base64Error, ValueError):
            key = b""
        if len(key) != 32:
            raise VaultKeyError(
                "VAULT_KEYS must be 32 random bytes each, in URL-safe base64, separated by commas."
            )
        named[hashlib.sha256(key).digest()[:KEY_NAME_BYTES]] = key
    return named


def seal(text: str, *, place: str) -> bytes:
    """Encrypts `text` under the newest key, bound to `place`."""
    name, key = next(iter(keys().items()))
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + name + nonce + AESGCM(key).encrypt(nonce, text.encode(), place.encode())


def unseal(sealed: bytes | memoryview, *, place: str) -> str:
    """Decrypts what `seal` made for the same place. Raises VaultError."""
    sealed = bytes(sealed)
    name, rest = sealed[1 : 1 + KEY_NAME_BYTES], sealed[1 + KEY_NAME_BYTES :]
    key = keys().get(name)
    if sealed[:1] != VERSION or key is None:
        raise VaultError("A stored secret was encrypted under a key that is no longer in VAULT_KEYS.")
    try:
        return AESGCM(key).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], place.encode()).decode()
    except (InvalidTag, ValueError):
        raise VaultError("A stored secret is damaged or was moved from another row.") from None
