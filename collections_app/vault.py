"""Encrypts what is kept. With `signatures` the only user of `cryptography`.

AES-256-GCM throughout. Passwords, sessions and the data keys of collections are sealed under a key of
VAULT_KEYS: one byte of version, four bytes that name the key, twelve bytes of nonce, then the sealed text.
What was collected is sealed under its collection's data key: `seal_under` for rows, SealingWriter for files.
Everything is bound to a place (which row, which field), so a ciphertext copied elsewhere does not open.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import os
from binascii import Error as Base64Error
from typing import TYPE_CHECKING, BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

VERSION, UNDER_DATA_KEY, STREAM = b"\x01", b"\x02", b"\x03"
KEY_NAME_BYTES = 4
NONCE_BYTES = 12
SALT_BYTES = 16
TAG_BYTES = 16
CHUNK_BYTES = 256 * 1024
SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES
LAST, NOT_LAST = b"last", b"not last"
DAMAGED_CONTENT = "Stored content is damaged, or was moved from another place."


class VaultError(Exception):
    """Something cannot be opened: its key is gone from VAULT_KEYS, or it was moved or damaged."""


class UnknownKeyError(VaultError):
    """The key is not in VAULT_KEYS: no longer, or not yet, where another process was given it first."""


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
    return seal_bytes(text.encode(), place=place)


def seal_bytes(content: bytes, *, place: str) -> bytes:
    """Encrypts `content` under the newest key, bound to `place`."""
    name, key = next(iter(keys().items()))
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + name + nonce + AESGCM(key).encrypt(nonce, content, place.encode())


def unseal(sealed: bytes | memoryview, *, place: str) -> str:
    """Decrypts what `seal` made for the same place. Raises VaultError."""
    return unseal_bytes(sealed, place=place).decode()


def unseal_bytes(sealed: bytes | memoryview, *, place: str) -> bytes:
    """Decrypts what `seal_bytes` made for the same place. Raises VaultError."""
    sealed = bytes(sealed)
    name, rest = sealed[1 : 1 + KEY_NAME_BYTES], sealed[1 + KEY_NAME_BYTES :]
    key = keys().get(name)
    if sealed[:1] != VERSION or key is None:
        raise UnknownKeyError("A stored secret was encrypted under a key that is not in VAULT_KEYS.")
    try:
        return AESGCM(key).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], place.encode())
    except (InvalidTag, ValueError):
        raise VaultError("A stored secret is damaged or was moved from another row.") from None


def wrapped_by_newest(sealed: bytes | memoryview) -> bool:
    """Whether `seal` would use the same key today; False for what `rotatevaultkey` must still move."""
    return bytes(sealed[1 : 1 + KEY_NAME_BYTES]) == next(iter(keys()))


def reseal(sealed: bytes | memoryview, *, place: str) -> bytes:
    """The same secret under the newest key. Raises VaultError."""
    return seal_bytes(unseal_bytes(sealed, place=place), place=place)


def new_data_key() -> bytes:
    """32 random bytes, the key of one collection's data."""
    return os.urandom(32)


def seal_under(key: bytes, content: bytes, *, place: str) -> bytes:
    """Encrypts `content` under a data key, bound to `place`."""
    nonce = os.urandom(NONCE_BYTES)
    return UNDER_DATA_KEY + nonce + AESGCM(key).encrypt(nonce, content, place.encode())


def unseal_under(key: bytes, sealed: bytes | memoryview, *, place: str) -> bytes:
    """Decrypts what `seal_under` made with the same key for the same place. Raises VaultError."""
    sealed = bytes(sealed)
    nonce, rest = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    if sealed[:1] != UNDER_DATA_KEY:
        raise VaultError(DAMAGED_CONTENT)
    try:
        return AESGCM(key).decrypt(nonce, rest, place.encode())
    except (InvalidTag, ValueError):
        raise VaultError(DAMAGED_CONTENT) from None


def fingerprint(key: bytes, text: str, *, purpose: str) -> str:
    """A keyed digest of `text`, 64 hexadecimal digits: equal texts are found again, none can be read back."""
    return hmac.new(key, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()


class SealingWriter(io.RawIOBase):
    """Encrypts a stream of any length in chunks, in constant memory.

    The file is one byte of version, sixteen bytes of salt, then the chunks. Each file has a key of its own,
    derived from the data key, the salt and the place; the nonce is the number of the chunk, and the last
    chunk is sealed as the last. So a file that was cut, extended, reordered or moved to another place does
    not open. `close` seals the last chunk; `abandon`, and any exception, ends without one: what was written
    then never opens.
    """

    def __init__(self, target: BinaryIO, *, key: bytes, place: str) -> None:
        super().__init__()
        salt = os.urandom(SALT_BYTES)
        self._target = target
        self._chunks = _Chunks(key, salt, place)
        self._pending = bytearray()
        target.write(STREAM + salt)

    def writable(self) -> bool:
        return True

    def write(self, content: Buffer) -> int:
        """Takes all of `content`. The last chunk must be known as such, so one byte at least is held back."""
        self._pending += content
        while len(self._pending) > CHUNK_BYTES:
            self._target.write(self._chunks.seal(self._pending[:CHUNK_BYTES], last=False))
            del self._pending[:CHUNK_BYTES]
        return memoryview(content).nbytes

    def close(self) -> None:
        if not self.closed:
            self._target.write(self._chunks.seal(self._pending, last=True))
            self._pending.clear()
        super().close()

    def abandon(self) -> None:
        self._pending.clear()
        super().close()

    def __exit__(self, kind: object, *rest: object) -> None:
        if kind is not None:
            self.abandon()
        self.close()


class Source(Protocol):
    """What sealed content is read from."""

    def read(self, size: int, /) -> bytes: ...

    def close(self) -> None: ...


class UnsealingReader(io.RawIOBase):
    """Decrypts what a SealingWriter wrote, chunk by chunk; nothing is handed out before it is proved genuine.

    Reading raises VaultError where the file was changed or ends too early. The source is closed with it.
    """

    def __init__(self, source: Source, *, key: bytes, place: str) -> None:
        super().__init__()
        self._source = source
        head = source.read(1 + SALT_BYTES)
        if head[:1] != STREAM or len(head) != 1 + SALT_BYTES:
            raise VaultError(DAMAGED_CONTENT)
        self._chunks = _Chunks(key, head[1:], place)
        self._ahead = source.read(SEALED_CHUNK_BYTES)
        self._plain = memoryview(b"")
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        if not self._plain and not self._ended:
            self._open_next()
        room = memoryview(buffer).cast("B")
        count = min(len(room), len(self._plain))
        room[:count] = self._plain[:count]
        self._plain = self._plain[count:]
        return count

    def _open_next(self) -> None:
        sealed, self._ahead = self._ahead, self._source.read(SEALED_CHUNK_BYTES)
        self._ended = not self._ahead
        self._plain = memoryview(self._chunks.unseal(sealed, last=self._ended))

    def close(self) -> None:
        if not self.closed:
            self._source.close()
        super().close()


class _Chunks:
    """The key and the counter of one sealed file."""

    def __init__(self, key: bytes, salt: bytes, place: str) -> None:
        derived_key = HKDF(hashes.SHA256(), 32, salt, b"sealed file\0" + place.encode()).derive(key)
        self._cipher = AESGCM(derived_key)
        self._count = 0

    def seal(self, plain: Buffer, *, last: bool) -> bytes:
        return self._cipher.encrypt(self._nonce(), bytes(plain), LAST if last else NOT_LAST)

    def unseal(self, sealed: bytes, *, last: bool) -> bytes:
        try:
            return self._cipher.decrypt(self._nonce(), sealed, LAST if last else NOT_LAST)
        except (InvalidTag, ValueError):
            raise VaultError(DAMAGED_CONTENT) from None

    def _nonce(self) -> bytes:
        self._count += 1
        return self._count.to_bytes(NONCE_BYTES, "big")
