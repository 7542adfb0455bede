"""Whether a file may be kept: by its name, its size and its own bytes, through every archive in it."""

from collections.abc import Callable
from typing import BinaryIO

from django.utils.translation import gettext as _

from collections_app.uploads.archives import Room, check_archive
from collections_app.uploads.kinds import check_jpeg, check_pdf, check_png, check_text
from collections_app.uploads.limits import MEGABYTE, MOST_BYTES
from collections_app.uploads.names import check_name, extension_of, shown
from collections_app.uploads.office_files import check_office_file
from collections_app.uploads.refusal import UploadRefused

PLAIN_KINDS: dict[str, Callable[[BinaryIO, str], None]] = {
    "pdf": check_pdf,
    "csv": check_text,
    "png": check_png,
    "jpg": check_jpeg,
    "jpeg": check_jpeg,
}
OFFICE_KINDS = ("xlsx", "docx")
EXTENSIONS = (*PLAIN_KINDS, *OFFICE_KINDS, "zip")
# Formats in which macros can hide from a check as simple as ours, and what takes their place.
REPLACED = {"xls": "xlsx", "xlsm": "xlsx", "xlsb": "xlsx", "xlt": "xlsx", "doc": "docx", "docm": "docx"}


def inspect(file: BinaryIO, name: str) -> None:
    """Looks a whole file through. Raises UploadRefused, in one plain sentence, for what is not taken."""
    check_name(name)
    _inspect(file, name, Room())


def _inspect(file: BinaryIO, name: str, room: Room) -> None:
    extension = extension_of(name)
    name = shown(name)
    size = file.seek(0, 2)
    if not size:
        raise UploadRefused(_("“%(name)s” is empty. Check the file and upload it again.") % {"name": name})
    if size > MOST_BYTES:
        raise too_large(name)
    if extension in REPLACED:
        raise UploadRefused(
            _("“%(name)s” is in a format that can hold macros. Save it as .%(kind)s and upload that.")
            % {"name": name, "kind": REPLACED[extension]}
        )
    if extension in PLAIN_KINDS:
        PLAIN_KINDS[extension](file, name)
    elif extension in OFFICE_KINDS:
        check_office_file(file, name, room)
    elif extension == "zip":
        check_archive(file, name, room, _inspect)
    else:
        raise UploadRefused(
            _("“%(name)s” is not of a kind that is taken here. Save it as a PDF and upload that.")
            % {"name": name}
        )


def too_large(name: str) -> UploadRefused:
    return UploadRefused(
        _("“%(name)s” is larger than %(most)d MB. Split it, or make it smaller, and upload it again.")
        % {"name": shown(name), "most": MOST_BYTES // MEGABYTE}
    )
