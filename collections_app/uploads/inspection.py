"""Whether a file may be kept: by its name, its size and its own bytes, through every archive in it."""

from collections.abc import Callable
from functools import partial
from typing import BinaryIO

from django.utils.translation import gettext as _

from collections_app.uploads.archives import Room, check_archive
from collections_app.uploads.kinds import check_jpeg, check_pdf, check_png, check_text
from collections_app.uploads.names import check_name, extension_of, shown
from collections_app.uploads.office_files import check_office_file
from collections_app.uploads.refusal import UploadRefused
from collections_app.uploads.rules import EVERYTHING, UploadRules

PLAIN_KINDS: dict[str, Callable[[BinaryIO, str], None]] = {
    "pdf": check_pdf,
    "csv": check_text,
    "png": check_png,
    "jpg": check_jpeg,
    "jpeg": check_jpeg,
}
OFFICE_KINDS = ("xlsx", "docx")
# Formats in which macros can hide from a check as simple as ours, and what takes their place.
REPLACED = {"xls": "xlsx", "xlsm": "xlsx", "xlsb": "xlsx", "xlt": "xlsx", "doc": "docx", "docm": "docx"}


def inspect(file: BinaryIO, name: str, rules: UploadRules = EVERYTHING) -> None:
    """Looks a whole file through. Raises UploadRefused, in one plain sentence, for what is not taken.

    The rules hold for what is in a ZIP file, too. What is embedded in an office file is a part of it.
    """
    check_name(name)
    _inspect(rules, file, name, Room())


def _inspect(rules: UploadRules, file: BinaryIO, name: str, room: Room) -> None:
    extension = extension_of(name)
    name = shown(name)
    size = file.seek(0, 2)
    if not size:
        raise UploadRefused(_("“%(name)s” is empty. Check the file and upload it again.") % {"name": name})
    if size > rules.most_bytes:
        raise _too_large(name, rules)
    if REPLACED.get(extension) in rules.extensions:
        raise UploadRefused(
            _("“%(name)s” is in a format that can hold macros. Save it as .%(kind)s and upload that.")
            % {"name": name, "kind": REPLACED[extension]}
        )
    if extension not in rules.extensions:
        raise _not_taken(name, rules)
    if extension in PLAIN_KINDS:
        PLAIN_KINDS[extension](file, name)
    elif extension in OFFICE_KINDS:
        check_office_file(file, name, room)
    else:
        check_archive(file, name, room, partial(_inspect, rules))


def _not_taken(name: str, rules: UploadRules) -> UploadRefused:
    if "pdf" in rules.kinds:
        return UploadRefused(
            _("“%(name)s” is not of a kind that is taken here. Save it as a PDF and upload that.")
            % {"name": name}
        )
    return UploadRefused(
        _("“%(name)s” is not of a kind that is taken here. Save it as one of these: %(kinds)s.")
        % {"name": name, "kinds": rules.words}
    )


def _too_large(name: str, rules: UploadRules) -> UploadRefused:
    return UploadRefused(
        _("“%(name)s” is larger than %(most)d MB. Split it, or make it smaller, and upload it again.")
        % {"name": name, "most": rules.most_megabytes}
    )
