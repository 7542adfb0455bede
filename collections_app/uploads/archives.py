"""Archives, ZIP files and the office files that are such, looked through to the last byte."""

import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from django.conf import settings
from django.utils.translation import gettext as _

from collections_app.uploads.limits import (
    CHUNK_BYTES,
    DEEPEST,
    MOST_BYTES_OF_A_DIRECTORY,
    MOST_FILES_IN_AN_ARCHIVE,
    MOST_UNPACKED,
)
from collections_app.uploads.names import check_name, is_unprintable
from collections_app.uploads.refusal import UploadRefused
from collections_app.uploads.zip_directory import LOCAL_MARK, directory_of

LOCAL = struct.Struct("<4s22xHH")
ENCRYPTED, STRONGLY_ENCRYPTED, MASKED = 0x1, 0x40, 0x2000
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What macOS and Windows put into every archive they make.
LITTER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


@dataclass
class Room:
    """What may still be unpacked of one uploaded file, whatever is nested in it, and how deep it is now."""

    left: int = MOST_UNPACKED
    depth: int = 0


@dataclass(frozen=True)
class Member:
    """A file inside an archive, unpacked."""

    name: str
    content: BinaryIO


def members_of(file: BinaryIO, name: str, room: Room, *, most: int) -> Iterator[Member]:
    """Unpacks every file of an archive, one at a time, into a file without a name.

    Raises UploadRefused for an archive that is encrypted, too large unpacked, or not what it seems.
    """
    if room.depth > DEEPEST:
        raise _nested(name)
    entries = _entries(file, name, most)
    with zipfile.ZipFile(file) as archive:
        for entry in entries:
            if entry.is_dir():
                continue
            with tempfile.TemporaryFile(dir=settings.DATA_DIR) as target:
                content = cast(BinaryIO, target)
                _unpack(archive, entry, content, name, room)
                yield Member(entry.filename, content)


def check_archive(
    file: BinaryIO, name: str, room: Room, inspect: Callable[[BinaryIO, str, Room], None]
) -> None:
    """A ZIP file may hold what may be uploaded by itself, and no other archive. Raises UploadRefused."""
    room.depth += 1
    for member in members_of(file, name, room, most=MOST_FILES_IN_AN_ARCHIVE):
        shown = member.name.rpartition("/")[2]
        if _is_litter(member.name):
            continue
        if shown.lower().endswith(".zip"):
            raise _nested(name)
        check_name(shown)
        inspect(member.content, shown, room)
    room.depth -= 1


def _is_litter(path: str) -> bool:
    return path.startswith(LITTER[0]) or path.rpartition("/")[2] in LITTER[1:]


def _entries(file: BinaryIO, name: str, most: int) -> list[zipfile.ZipInfo]:
    """The entries, each where the directory says and apart from the others."""
    directory = directory_of(file)
    file.seek(0)
    if directory is None or not directory.is_last or file.read(len(LOCAL_MARK)) != LOCAL_MARK:
        raise _damaged(name)
    if directory.size > MOST_BYTES_OF_A_DIRECTORY or directory.count > most:
        raise _too_much(name)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, ValueError, struct.error):
        raise _damaged(name) from None
    if len(entries) > most:
        raise _too_much(name)
    for entry in entries:
        _check_entry(entry, name)
    _check_places(file, entries, directory.offset, name)
    return entries


def _check_entry(entry: zipfile.ZipInfo, name: str) -> None:
    if entry.flag_bits & (ENCRYPTED | STRONGLY_ENCRYPTED | MASKED):
        raise UploadRefused(
            _("“%(name)s” is protected by a password. Save it without one and upload it again.")
            % {"name": name}
        )
    path = entry.orig_filename
    parts = path.replace("\\", "/").split("/")
    escapes = path.startswith(("/", "\\")) or ".." in parts or ":" in path or "\0" in path
    mode = entry.external_attr >> 16
    is_special = stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR)
    if escapes or is_special or any(map(is_unprintable, path)):
        raise UploadRefused(
            _("“%(name)s” holds a file that would be unpacked elsewhere than it seems. Pack it anew.")
            % {"name": name}
        )
    if entry.compress_type not in METHODS:
        raise UploadRefused(
            _("“%(name)s” is packed in a way that cannot be checked. Pack it as an ordinary ZIP file.")
            % {"name": name}
        )


def _check_places(file: BinaryIO, entries: list[zipfile.ZipInfo], end: int, name: str) -> None:
    """Entries that share their bytes, or have another name where they lie, are made to deceive."""
    names = [entry.filename.casefold() for entry in entries]
    if len(set(names)) < len(names):
        raise _damaged(name)
    before = 0
    for entry in sorted(entries, key=lambda each: each.header_offset):
        file.seek(entry.header_offset)
        head = file.read(LOCAL.size)
        if len(head) < LOCAL.size or entry.header_offset < before:
            raise _damaged(name)
        mark, name_length, extra_length = LOCAL.unpack(head)
        encoding = "utf-8" if entry.flag_bits & 0x800 else "cp437"
        if mark != LOCAL_MARK or file.read(name_length) != entry.orig_filename.encode(encoding, "replace"):
            raise _damaged(name)
        before = entry.header_offset + LOCAL.size + name_length + extra_length + entry.compress_size
    if before > end:
        raise _damaged(name)


def _unpack(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: BinaryIO, name: str, room: Room
) -> None:
    """Writes the entry's content; as much of it as there really is counts, not what the directory says."""
    if entry.file_size > room.left:
        raise _too_much(name)
    try:
        with archive.open(entry) as source:
            while chunk := source.read(CHUNK_BYTES):
                room.left -= len(chunk)
                if room.left < 0:
                    raise _too_much(name)
                target.write(chunk)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, ValueError):
        raise _damaged(name) from None
    target.seek(0)


def _damaged(name: str) -> UploadRefused:
    return UploadRefused(
        _("“%(name)s” is damaged, or not what its name says. Open it, save it anew, and upload that.")
        % {"name": name}
    )


def _too_much(name: str) -> UploadRefused:
    return UploadRefused(
        _("“%(name)s” holds more than can be checked. Upload what is in it one by one.") % {"name": name}
    )


def _nested(name: str) -> UploadRefused:
    return UploadRefused(
        _("“%(name)s” holds another archive. Unpack that one and upload the files themselves.")
        % {"name": name}
    )
