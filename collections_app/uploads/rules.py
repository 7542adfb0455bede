"""What a lender takes of all that can be looked through."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from collections_app.uploads.limits import MEGABYTE, MOST_BYTES, MOST_DOCUMENTS

# The words are the same in every language.
KINDS = {
    "pdf": "PDF",
    "xlsx": "Excel (.xlsx)",
    "docx": "Word (.docx)",
    "csv": "CSV",
    "png": "PNG",
    "jpg": "JPG",
    "zip": "ZIP",
}
MORE_EXTENSIONS = {"jpg": ("jpeg",)}
MOST_MEGABYTES = MOST_BYTES // MEGABYTE


@dataclass(frozen=True)
class UploadRules:
    """Which kinds of files are taken, how large each may be, and how many in all."""

    kinds: tuple[str, ...] = tuple(KINDS)
    most_megabytes: int = MOST_MEGABYTES
    most_documents: int = MOST_DOCUMENTS

    @property
    def most_bytes(self) -> int:
        return self.most_megabytes * MEGABYTE

    @property
    def extensions(self) -> tuple[str, ...]:
        """The endings of names, in small letters, without the dot."""
        return tuple(each for kind in self.kinds for each in (kind, *MORE_EXTENSIONS.get(kind, ())))

    @property
    def words(self) -> str:
        """The kinds as a borrower reads them."""
        return ", ".join(KINDS[kind] for kind in self.kinds)


EVERYTHING = UploadRules()


def rules_of(*, kinds: Iterable[str], megabytes: int, documents: int) -> UploadRules:
    """What is stored for a lender, within what this service can do; no kinds are all of them."""
    chosen = set(kinds)
    return UploadRules(
        kinds=tuple(kind for kind in KINDS if kind in chosen) or EVERYTHING.kinds,
        most_megabytes=min(megabytes, MOST_MEGABYTES),
        most_documents=min(documents, MOST_DOCUMENTS),
    )


def validate_kinds(kinds: Any) -> None:
    """Raises ValidationError unless it is a list of kinds that there are, and not of ZIP files alone."""
    if not isinstance(kinds, list) or not set(kinds) <= set(KINDS):
        raise ValidationError(f"Choose from these kinds of files: {', '.join(KINDS)}.")
    if set(kinds) == {"zip"}:
        raise ValidationError("A ZIP file holds files of the other kinds: choose one of them, too.")
