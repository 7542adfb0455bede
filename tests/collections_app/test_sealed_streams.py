"""Files of any length, encrypted chunk by chunk: they open whole and unchanged, or not at all."""

import io
import os
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collections_app import vault

KEY = bytes(range(32))
HEAD = 1 + vault.SALT_BYTES
CHUNK = vault.SEALED_CHUNK_BYTES
THREE_CHUNKS = os.urandom(2 * vault.CHUNK_BYTES + 1000)


def sealed(content: bytes, *, key: bytes = KEY, place: str = "here", piece: int = 70_001) -> bytes:
    target = io.BytesIO()
    with vault.SealingWriter(target, key=key, place=place) as writer:
        for start in range(0, len(content), piece):
            assert writer.write(content[start : start + piece]) == len(content[start : start + piece])
    return target.getvalue()


def opened(stream: bytes, *, key: bytes = KEY, place: str = "here") -> bytes:
    with vault.UnsealingReader(io.BytesIO(stream), key=key, place=place) as reader:
        return reader.readall()


@pytest.mark.parametrize(
    "length", [0, 1, vault.CHUNK_BYTES - 1, vault.CHUNK_BYTES, vault.CHUNK_BYTES + 1, 3 * vault.CHUNK_BYTES]
)
def test_a_stream_of_any_length_comes_back(length: int) -> None:
    content = os.urandom(length)
    assert opened(sealed(content)) == content


@given(pieces=st.lists(st.binary(max_size=300), max_size=20))
def test_a_stream_comes_back_however_it_was_written(pieces: list[bytes]) -> None:
    target = io.BytesIO()
    with vault.SealingWriter(target, key=KEY, place="here") as writer:
        for piece in pieces:
            writer.write(piece)
    assert opened(target.getvalue()) == b"".join(pieces)


def test_the_same_stream_twice_has_nothing_in_common() -> None:
    first, second = sealed(b"figures" * 100), sealed(b"figures" * 100)
    assert first[HEAD:] != second[HEAD:]


CHANGED: dict[str, Callable[[bytes], bytes]] = {
    "cut in a chunk": lambda stream: stream[:-1],
    "cut between chunks": lambda stream: stream[: HEAD + 2 * CHUNK],
    "cut to its head": lambda stream: stream[:HEAD],
    "cut in its head": lambda stream: stream[:5],
    "empty": lambda stream: b"",
    "longer": lambda stream: stream + b"\0",
    "chunks exchanged": lambda stream: (
        stream[:HEAD] + stream[HEAD + CHUNK : HEAD + 2 * CHUNK] + stream[HEAD : HEAD + CHUNK]
    ),
    "first chunk left out": lambda stream: stream[:HEAD] + stream[HEAD + CHUNK :],
    "another version": lambda stream: b"\x01" + stream[1:],
    "another salt": lambda stream: stream[:1] + bytes(vault.SALT_BYTES) + stream[HEAD:],
    "chunks of another stream": lambda stream: stream[:HEAD] + sealed(THREE_CHUNKS)[HEAD:],
}


@pytest.mark.parametrize("change", CHANGED)
def test_a_changed_stream_does_not_open(change: str) -> None:
    with pytest.raises(vault.VaultError, match="damaged, or was moved"):
        opened(CHANGED[change](sealed(THREE_CHUNKS)))


@given(st.data())
def test_no_bit_can_be_changed(data: st.DataObject) -> None:
    stream = bytearray(sealed(b"1234.56,Acme"))
    position = data.draw(st.integers(0, len(stream) - 1))
    stream[position] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(vault.VaultError):
        opened(bytes(stream))


def test_a_stream_opens_at_its_place_and_with_its_key_alone() -> None:
    stream = sealed(b"figures")
    with pytest.raises(vault.VaultError):
        opened(stream, place="there")
    with pytest.raises(vault.VaultError):
        opened(stream, key=bytes(32))


def test_an_abandoned_stream_never_opens() -> None:
    target = io.BytesIO()
    writer = vault.SealingWriter(target, key=KEY, place="here")
    writer.write(THREE_CHUNKS)
    writer.abandon()
    with pytest.raises(vault.VaultError):
        opened(target.getvalue())


def test_nothing_that_was_changed_is_handed_out() -> None:
    stream = bytearray(sealed(THREE_CHUNKS))
    stream[HEAD + CHUNK + 10] ^= 1
    with vault.UnsealingReader(io.BytesIO(bytes(stream)), key=KEY, place="here") as reader:
        assert reader.read(vault.CHUNK_BYTES) == THREE_CHUNKS[: vault.CHUNK_BYTES]
        with pytest.raises(vault.VaultError):
            reader.read(1)


@given(content=st.binary(max_size=200), place=st.text(max_size=20))
def test_bytes_under_a_data_key_come_back_at_their_place(content: bytes, place: str) -> None:
    kept = vault.seal_under(KEY, content, place=place)
    assert vault.unseal_under(KEY, memoryview(kept), place=place) == content
    with pytest.raises(vault.VaultError):
        vault.unseal_under(KEY, kept, place=place + "x")
    with pytest.raises(vault.VaultError):
        vault.unseal_under(bytes(32), kept, place=place)
    with pytest.raises(vault.VaultError):
        vault.unseal_under(KEY, kept[:-1], place=place)
    with pytest.raises(vault.VaultError):
        vault.unseal_under(KEY, b"\x01" + kept[1:], place=place)
