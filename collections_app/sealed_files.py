"""Files in the storage, encrypted under their collection's data key.

The storage may be a folder or a bucket: nothing here knows a local path. A file is written once, under a name
of its own that nobody can guess, and never changed.
"""

import io
import re
import secrets
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import BinaryIO, cast

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils import timezone

from collections_app import data_keys, vault
from collections_app.models import CollectedTable, Collection, Document, ReportFile
from collections_app.storage_outages import StoredContent, storage_asked

OURS = re.compile(r"[\w-]+/[0-9a-f]{12,32}/[^/]+")
# A file younger than any unit of work may still be about to be referred to.
LONGEST_UNIT = timedelta(hours=1)


class FileReplaced(FileNotFoundError):
    """What is gone is not lost: it was replaced or taken away since its row was read."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} was replaced or taken away a moment ago. Ask for it again.")


@dataclass
class Stored:
    """Where a file went, known once it was written whole; `size` counts the bytes in the storage."""

    storage_name: str
    size: int = 0


def place(collection_id: int, storage_name: str) -> str:
    """Where a stored file belongs, so that it opens under no other name and for no other collection."""
    return f"collection:{collection_id}:file:{storage_name}"


@contextmanager
def writing(collection: Collection, name: str) -> Iterator[tuple[vault.SealingWriter, Stored]]:
    """A stream to write into, and where it will lie.

    Nothing of it is in the storage before all was written, and what waits on this machine meanwhile is
    encrypted too and has no name. On any exception nothing stays behind. Raises StorageAway in an outage,
    and another OSError on a full disk.
    """
    stored = Stored(f"{collection.reference}/{secrets.token_hex(16)}/{name}.sealed")
    key = data_keys.data_key_of(collection.pk)
    with tempfile.TemporaryFile(dir=settings.DATA_DIR) as spool:
        binary = cast(BinaryIO, spool)
        writer = vault.SealingWriter(binary, key=key, place=place(collection.pk, stored.storage_name))
        try:
            yield writer, stored
            writer.close()
        finally:
            writer.abandon()
        stored.size = spool.tell()
        spool.seek(0)
        _put(stored.storage_name, binary)


def _put(storage_name: str, content: BinaryIO) -> None:
    with storage_asked():
        try:
            default_storage.save(storage_name, File(content))
        except BaseException:
            # Half a file must not wait for the sweeper, least of all when the disk is full.
            default_storage.delete(storage_name)
            raise


def reading(collection_id: int, storage_name: str) -> io.BufferedReader:
    """The plain content of a stored file as a stream, in constant memory; close it.

    Raises data_keys.KeyUnavailable, FileNotFoundError, StorageAway in an outage, and vault.VaultError
    where it was changed.
    """
    key = data_keys.data_key_of(collection_id)
    with storage_asked():
        source = StoredContent(default_storage.open(storage_name))
    reader = vault.UnsealingReader(source, key=key, place=place(collection_id, storage_name))
    return io.BufferedReader(reader, buffer_size=vault.CHUNK_BYTES)


def sweep(storage_names: Iterable[str]) -> None:
    """Deletes files; one that is gone already is no mistake."""
    for name in storage_names:
        default_storage.delete(name)


def names_of(collection: Collection) -> list[str]:
    """The names of all files of a collection in the storage, whether or not a row refers to them."""
    return list(_names_under(collection.reference))


def orphans_sweep() -> int:
    """Deletes our files that no row refers to; returns how many.

    A worker that died or was overtaken after it wrote them leaves such files.
    """
    known = set(ReportFile.objects.values_list("storage_name", flat=True))
    known.update(CollectedTable.objects.values_list("storage_name", flat=True))
    known.update(Document.objects.values_list("storage_name", flat=True))
    before = timezone.now() - LONGEST_UNIT
    orphans = [
        name
        for name in _names_under("")
        if name not in known and OURS.fullmatch(name) and default_storage.get_modified_time(name) < before
    ]
    sweep(orphans)
    return len(orphans)


def _names_under(folder: str) -> Iterator[str]:
    """The names of all files in the storage, whoever put them there."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}".lstrip("/") for name in files)
    for name in folders:
        yield from _names_under(f"{folder}/{name}".lstrip("/"))
