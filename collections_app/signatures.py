"""Signing what leaves this instance or is frozen in it, with Ed25519, and telling whether a signature holds.

The keys are kept as the vault's are: in the environment, newest first, and nowhere else. A signature names
its key by the fingerprint of the public half, so that an old one can be checked after a change of keys.
"""

from __future__ import annotations

import base64
import hashlib
import json
from binascii import Error as Base64Error
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from collections_app import vault

FINGERPRINT_DIGITS = 32
# In front of SIGNING_KEYS: the vault's keys sign as if none were set, and a first own one is only known.
VAULT = "vault"


class SigningKeyError(Exception):
    """SIGNING_KEYS holds something that is not a key."""


def canonical(document: dict[str, Any]) -> bytes:
    """The one spelling of a document that is signed: sorted keys, no spaces, UTF-8."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def sign(content: bytes) -> tuple[str, str]:
    """The fingerprint of the newest key, and its signature of the content in base64."""
    name, key = next(iter(_keys().items()))
    return name, base64.b64encode(key.sign(content)).decode()


def holds(content: bytes, signed_by: str, signature: str) -> bool:
    """Whether this instance signed exactly this content; False too for a key that it no longer has."""
    key = _keys().get(signed_by)
    if key is None:
        return False
    try:
        key.public_key().verify(base64.b64decode(signature, validate=True), content)
    except (InvalidSignature, Base64Error, ValueError):
        return False
    return True


def public_keys() -> dict[str, str]:
    """The public halves in base64 by fingerprint, for whoever checks a signature without this instance."""
    return {name: base64.b64encode(_public(key)).decode() for name, key in _keys().items()}


def _keys() -> dict[str, Ed25519PrivateKey]:
    """The signing keys by fingerprint, newest first. Raises SigningKeyError.

    Where none are set each key of the vault stands for one, so that an instance signs from its first day.
    What those signed stays good once there are own ones: as long as the vault's key is in VAULT_KEYS or,
    taken out of there, behind the own ones in SIGNING_KEYS. They go on signing where VAULT stands first.
    """
    vaults = [_derived(key) for key in vault.keys().values()]
    own = [_seed(text) for text in settings.SIGNING_KEYS if text.strip() != VAULT]
    first = vaults if settings.SIGNING_KEYS[:1] == [VAULT] else []
    seeds = [*first, *own, *vaults, *map(_derived, own)]
    keys = map(Ed25519PrivateKey.from_private_bytes, seeds)
    return {hashlib.sha256(_public(key)).hexdigest()[:FINGERPRINT_DIGITS]: key for key in keys}


def _seed(text: str) -> bytes:
    try:
        seed = base64.urlsafe_b64decode(text.strip())
    except (Base64Error, ValueError):
        seed = b""
    if len(seed) != 32:
        raise SigningKeyError(
            "SIGNING_KEYS must be 32 random bytes each, in URL-safe base64, separated by commas."
        )
    return seed


def _derived(vault_key: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, None, b"signing key of the instance").derive(vault_key)


def _public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
