"""The end of a ZIP archive, read before anything trusts it.

The standard library reads a directory of any length into memory and forgives bytes before, between and behind
the parts; a file that different programs unpack differently hides something from one of them.
"""

import struct
from dataclasses import dataclass
from typing import BinaryIO

END_MARK, ENTRY_MARK, LOCAL_MARK = b"PK\x05\x06", b"PK\x01\x02", b"PK\x03\x04"
# The mark; the numbers of disks and of entries on this one; entries; the directory's length and offset; the
# length of the comment behind it.
END = struct.Struct("<4s6sHLLH")
LONGEST_COMMENT = 0xFFFF
# Before the end of a large archive: its figures once more, with room for large ones, and where those lie. The
# library goes by them wherever they are.
WIDE_END_MARK, LOCATOR_MARK = b"PK\x06\x06", b"PK\x06\x07"
WIDE_END = struct.Struct("<4s28xQQQ")
LOCATOR_SIZE = 20


@dataclass(frozen=True)
class Directory:
    """Where the directory lies and how many entries it announces.

    `is_last` when nothing follows it but an end of the ordinary kind, which every program reads alike.
    """

    offset: int
    size: int
    count: int
    is_last: bool


def directory_of(file: BinaryIO) -> Directory | None:
    """The directory by which a program would unpack `file`; None for a file that is no archive."""
    size = file.seek(0, 2)
    tail_begins = max(0, size - END.size - LONGEST_COMMENT)
    file.seek(tail_begins)
    tail = file.read()
    found = tail.rfind(END_MARK)
    if found < 0 or len(tail) - found < END.size:
        return None
    _mark, _disks, count, length, offset, comment = END.unpack(tail[found : found + END.size])
    end = ends = tail_begins + found
    wide = _wide_end(file, end)
    if wide:
        count, length, offset = wide
        ends = end - LOCATOR_SIZE - WIDE_END.size
    begins = ends - length
    if begins < 0 or not count:
        return None
    file.seek(begins)
    if file.read(len(ENTRY_MARK)) != ENTRY_MARK:
        return None
    is_last = not wide and offset == begins and end + END.size + comment == size
    return Directory(offset, length, count, is_last)


def _wide_end(file: BinaryIO, end: int) -> tuple[int, int, int] | None:
    """Entries, length and offset as the wide end says, where there is one before the ordinary end."""
    at = end - LOCATOR_SIZE - WIDE_END.size
    if at < 0:
        return None
    file.seek(at)
    found = file.read(WIDE_END.size + LOCATOR_SIZE)
    mark, count, length, offset = WIDE_END.unpack(found[: WIDE_END.size])
    if mark != WIDE_END_MARK or not found[WIDE_END.size :].startswith(LOCATOR_MARK):
        return None
    return count, length, offset
