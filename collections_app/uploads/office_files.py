"""Workbooks and text documents in Microsoft's formats of today: archives of parts, without macros."""

from typing import BinaryIO

from django.utils.translation import gettext as _

from collections_app.uploads.archives import Member, Room, members_of
from collections_app.uploads.limits import MOST_PARTS_OF_AN_OFFICE_FILE
from collections_app.uploads.names import extension_of
from collections_app.uploads.refusal import UploadRefused
from collections_app.uploads.zip_directory import LOCAL_MARK

CONTENT_TYPES = "[content_types].xml"
MAIN_PARTS = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml"}
# Microsoft's older formats, and every office file that a password protects, are containers of this kind.
OLE_CONTAINER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PROGRAM = b"MZ"
MACRO_PARTS = ("vbaproject.bin", "vbadata.xml", "vbaprojectsignature.bin")
MACRO_FOLDERS = ("xl/macrosheets/", "xl/dialogsheets/", "xl/activex/", "word/activex/")
MACRO_TYPES = ("macroenabled", "vbaproject", "excel4macro", "activex")
LONGEST_CONTENT_TYPES = 1024 * 1024


def check_office_file(file: BinaryIO, name: str, room: Room) -> None:
    """Raises UploadRefused for a file of another kind under this name, for one with macros, and for one that
    holds a program or an archive.
    """
    file.seek(0)
    if file.read(len(OLE_CONTAINER)) == OLE_CONTAINER:
        raise UploadRefused(
            _("“%(name)s” is protected by a password, or in an older format. Save it without, and anew.")
            % {"name": name}
        )
    room.depth += 1
    wanted = {CONTENT_TYPES, MAIN_PARTS[extension_of(name)]}
    for part in members_of(file, name, room, most=MOST_PARTS_OF_AN_OFFICE_FILE):
        wanted.discard(part.name.lower())
        _check_part(part, name, room)
    room.depth -= 1
    if wanted:
        raise UploadRefused(
            _("“%(name)s” is damaged, or not what its name says. Open it, save it anew, and upload that.")
            % {"name": name}
        )


def _check_part(part: Member, name: str, room: Room) -> None:
    path = part.name.lower()
    start = part.content.read(len(OLE_CONTAINER))
    part.content.seek(0)
    if path.endswith(MACRO_PARTS) or path.startswith(MACRO_FOLDERS):
        raise _has_macros(name)
    if path == CONTENT_TYPES and _declares_macros(part.content):
        raise _has_macros(name)
    if start.startswith((OLE_CONTAINER, PROGRAM)):
        raise UploadRefused(
            _("“%(name)s” holds an object of another program. Take it out and upload the file again.")
            % {"name": name}
        )
    if start.startswith(LOCAL_MARK):
        if extension_of(path) not in MAIN_PARTS:
            raise UploadRefused(
                _("“%(name)s” holds another archive. Take it out and upload the file again.") % {"name": name}
            )
        check_office_file(part.content, path.rpartition("/")[2], room)


def _declares_macros(content: BinaryIO) -> bool:
    """Whether the list of parts speaks of macros; a list that is not plain UTF-8 is not believed."""
    declared = content.read(LONGEST_CONTENT_TYPES)
    try:
        text = declared.decode("utf-8-sig").lower()
    except UnicodeDecodeError:
        return True
    return "\0" in text or any(word in text for word in MACRO_TYPES)


def _has_macros(name: str) -> UploadRefused:
    return UploadRefused(
        _("“%(name)s” has macros, which are programs. Save it without macros and upload that.")
        % {"name": name}
    )
