"""What a file is by its own bytes, for the kinds that are not archives."""

import codecs
import re
import struct
from typing import BinaryIO

from django.utils.translation import gettext as _

from collections_app.uploads.limits import CHUNK_BYTES, MOST_PIXELS
from collections_app.uploads.refusal import UploadRefused
from collections_app.uploads.zip_directory import directory_of

PDF, PNG, JPEG = b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
PNG_END = b"\x00\x00\x00\x00IEND\xaeB\x60\x82"
# Behind the end mark some programs leave blanks and lines.
PDF_TAIL, PDF_HEAD = 2048, 1024
CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f]")


def check_pdf(file: BinaryIO, name: str) -> None:
    file.seek(0)
    _require(file.read(len(PDF)) == PDF, name)
    size = file.seek(0, 2)
    file.seek(max(0, size - PDF_TAIL))
    _require(b"%%EOF" in file.read(), name)
    _refuse_second_kind(file, name)


def check_png(file: BinaryIO, name: str) -> None:
    file.seek(0)
    head = file.read(24)
    _require(head.startswith(PNG) and head[12:16] == b"IHDR" and len(head) == 24, name)
    width, height = struct.unpack(">II", head[16:24])
    if width * height > MOST_PIXELS:
        raise UploadRefused(
            _("The picture “%(name)s” has too many pixels. Make it smaller and upload it again.")
            % {"name": name}
        )
    file.seek(-min(len(PNG_END), file.seek(0, 2)), 2)
    _require(file.read() == PNG_END, name)


def check_jpeg(file: BinaryIO, name: str) -> None:
    """Telephones add data of their own behind the picture, so its end is not looked at."""
    file.seek(0)
    _require(file.read(len(JPEG)) == JPEG, name)
    _refuse_second_kind(file, name)


def check_text(file: BinaryIO, name: str) -> None:
    """Text has no control characters, in whichever of the usual encodings it is written."""
    file.seek(0)
    start = file.read(4)
    encoding = "utf-16" if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        _require(_is_text(file, encoding), name)
    except UnicodeDecodeError:
        # What Excel writes on a Windows computer of the West; it knows a character for nearly every byte.
        _require(encoding != "utf-16" and _is_text(file, "latin-1"), name)
    _require(not start.startswith(PDF[:4]), name)
    _refuse_second_kind(file, name)


def _is_text(file: BinaryIO, encoding: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    while chunk := file.read(CHUNK_BYTES):
        if CONTROL.search(decoder.decode(chunk)):
            return False
    decoder.decode(b"", final=True)
    return True


def _refuse_second_kind(file: BinaryIO, name: str) -> None:
    """A file that is two things at once shows one to whoever checks it and the other to whoever opens it."""
    file.seek(0)
    head = file.read(PDF_HEAD)
    if directory_of(file) or PDF in head[1:]:
        raise UploadRefused(
            _("“%(name)s” is two kinds of file in one. Save or export it anew, and upload that.")
            % {"name": name}
        )


def _require(is_so: bool, name: str) -> None:
    if not is_so:
        raise UploadRefused(
            _("“%(name)s” is damaged, or not what its name says. Open it, save it anew, and upload that.")
            % {"name": name}
        )
