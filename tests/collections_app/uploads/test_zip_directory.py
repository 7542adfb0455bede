"""How long a directory is, before anything reads it whole."""

import io
import struct
import zipfile

import pytest

from collections_app.uploads.archives import Room, check_archive
from collections_app.uploads.refusal import UploadRefused
from collections_app.uploads.zip_directory import directory_of

WIDE = struct.Struct("<4sQ2H2L4Q")
LOCATOR = struct.Struct("<4sLQL")
END = struct.Struct("<4s4H2LH")


def with_two_ends(entries: int) -> tuple[bytes, int]:
    """A zip whose ordinary end announces its last entry alone, and whose wide end announces all of them."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for number in range(entries):
            made.writestr(f"{number}.txt", b"")
        last = zipfile.ZipInfo("last.txt")
        last.comment = b"x" * (WIDE.size + LOCATOR.size)
        made.writestr(last, b"")
    content = target.getvalue()
    length, offset = struct.unpack("<2L", content[-10:-2])
    begins, end = content.rindex(b"PK\1\2"), len(content) - END.size
    whole = length - WIDE.size - LOCATOR.size
    wide = WIDE.pack(b"PK\6\6", 44, 45, 45, 0, 0, entries + 1, entries + 1, whole, offset)
    locator = LOCATOR.pack(b"PK\6\7", 0, end - WIDE.size - LOCATOR.size, 1)
    last_alone = END.pack(b"PK\5\6", 0, 0, 1, 1, end - begins, begins, 0)
    return content[: end - WIDE.size - LOCATOR.size] + wide + locator + last_alone, whole


def test_a_wide_end_counts_because_the_library_goes_by_it() -> None:
    content, whole = with_two_ends(500)
    assert len(zipfile.ZipFile(io.BytesIO(content)).namelist()) == 501
    directory = directory_of(io.BytesIO(content))
    assert directory and (directory.size, directory.count) == (whole, 501)


def test_an_upload_with_two_ends_is_refused_because_programs_differ_in_which_they_believe() -> None:
    content, _ = with_two_ends(3)
    with pytest.raises(UploadRefused, match="damaged"):
        check_archive(io.BytesIO(content), "papers.zip", Room(), lambda *_: None)
