"""Which file names are taken: those that every system can store and every person can read."""

import re
import unicodedata
from collections.abc import Collection as Names
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from collections_app.uploads.limits import LONGEST_NAME
from collections_app.uploads.refusal import UploadRefused

# Windows takes these for devices, whatever their ending.
DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])", re.IGNORECASE)
FORBIDDEN = frozenset('/\\:*?"<>|')
# What a page shows of a name that it cannot show as it is.
SHOWN_CHARACTERS = 60


def check_name(name: str) -> None:
    """Raises UploadRefused for a name that could hide, overwrite or misdirect something."""
    if not name.strip(" ."):
        raise UploadRefused(_("The file has no name. Give it one and upload it again."))
    if len(name) > LONGEST_NAME:
        raise UploadRefused(
            _("The name of the file “%(name)s” is too long. Shorten it to at most %(most)d characters.")
            % {"name": shown(name), "most": LONGEST_NAME}
        )
    if any(is_unprintable(character) for character in name) or FORBIDDEN & set(name):
        raise UploadRefused(
            _("The name “%(name)s” has characters that a file name must not have. Rename the file.")
            % {"name": shown(name)}
        )
    if DEVICES.fullmatch(name.partition(".")[0].strip()) or name != name.strip(" ."):
        raise UploadRefused(
            _("Some computers cannot store a file of the name “%(name)s”. Rename the file.")
            % {"name": shown(name)}
        )


def is_unprintable(character: str) -> bool:
    """Control and format characters, among them those that turn the direction of writing; half characters."""
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def shown(name: str) -> str:
    """A name as a sentence may repeat it, whatever it holds."""
    readable = "".join("�" if is_unprintable(character) else character for character in name)
    return readable if len(readable) <= SHOWN_CHARACTERS else readable[: SHOWN_CHARACTERS - 1] + "…"


def extension_of(name: str) -> str:
    """The ending after the last dot, in small letters, without the dot."""
    return PurePosixPath(name).suffix.lower().removeprefix(".")


def free_name(name: str, taken: Names[str]) -> str:
    """The name, with a number behind it where it is taken: telephones call every photo the same."""
    used = {each.casefold() for each in taken}
    stem, dot, extension = name.rpartition(".")
    number, free = 2, name
    while free.casefold() in used:
        free = f"{stem} ({number}){dot}{extension}"
        number += 1
    return free
