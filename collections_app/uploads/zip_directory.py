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


@dataclass(frozen=True)
class Directory:
    """Where the directory lies and how many entries it announces; `is_last` when nothing follows it."""

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
    end = tail_begins + found
    begins = end - length
    if begins < 0 or not count:
        return None
    file.seek(begins)
    if file.read(len(ENTRY_MARK)) != ENTRY_MARK:
        return None
    is_last = offset == begins and end + END.size + comment == size
    return Directory(offset, length, count, is_last)
