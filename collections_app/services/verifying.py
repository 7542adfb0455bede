"""Whether a file is what was collected here: a credit file, its manifest, or a report.

Nothing of what is asked about is kept.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections import Counter
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collections_app import signatures
from collections_app.models import ReportFile
from collections_app.services.credit_file import MANIFEST
from collections_app.uploads.limits import MOST_BYTES_OF_A_DIRECTORY
from collections_app.uploads.zip_directory import directory_of

Outcome = Literal["genuine", "changed", "unknown"]
CHUNK = 256 * 1024
LONGEST_MANIFEST = 4 * 1024 * 1024
# A zip that unpacks to more was not made here, and is not unpacked to find out.
MOST_UNPACKED = 4 * 1024**3
MOST_NAMED = 10
# What Python's own reader makes of a damaged zip, or of one in a way of packing that it does not know.
UNREADABLE = (
    BadZipFile,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    zlib.error,
)


@dataclass(frozen=True)
class Finding:
    """What the file is, in sentences. `listed` are the files of a manifest with their SHA-256."""

    outcome: Outcome
    sentences: tuple[str, ...]
    reference: str = ""
    listed: tuple[tuple[str, str], ...] = ()


def file_verify(file: BinaryIO) -> Finding:
    """Reads the file from its beginning; `file` can be read anywhere in it."""
    start = file.read(4)
    file.seek(0)
    if start.startswith(b"PK"):
        found = _bundle(file)
        if found:
            return found
        file.seek(0)
    elif start.lstrip()[:1] == b"{":
        found = _manifest(file.read(LONGEST_MANIFEST + 1))
        if found:
            return found
        file.seek(0)
    return _report(file)


def _bundle(file: BinaryIO) -> Finding | None:
    """None for a zip without a manifest: a workbook is one too."""
    directory = directory_of(file)
    if directory is None:
        return None
    if directory.size > MOST_BYTES_OF_A_DIRECTORY:
        return Finding("unknown", (_("It lists more files than were ever exported."),))
    try:
        with ZipFile(file) as bundle:
            names = [entry.filename for entry in bundle.infolist() if not entry.is_dir()]
            at = next((name for name in names if name.count("/") == 1 and name.endswith(f"/{MANIFEST}")), "")
            if not at or bundle.getinfo(at).file_size > LONGEST_MANIFEST:
                return None
            envelope = _envelope(bundle.read(at))
            if envelope is None:
                return None
            if not _is_ours(envelope):
                return _forged()
            return _compared(bundle, at.removesuffix(MANIFEST), names, envelope["manifest"])
    except UNREADABLE:
        return None


def _compared(bundle: ZipFile, folder: str, names: list[str], manifest: dict[str, Any]) -> Finding:
    listed = {folder + each["name"]: each["sha256"] for each in manifest["files"]}
    present = [name for name in names if name != folder + MANIFEST]
    if sum(bundle.getinfo(name).file_size for name in present) > MOST_UNPACKED:
        return Finding("changed", (_("It unpacks to more than was ever exported."),), manifest["reference"])
    faults = []
    twice = {name for name, count in Counter(present).items() if count > 1}
    changed = [name for name in present if name in listed and _digest_in(bundle, name) != listed[name]]
    for words, found in (
        (_("Changed since it was exported: %(names)s."), sorted({*changed, *twice})),
        (_("Missing: %(names)s."), sorted(set(listed) - set(present))),
        (_("Added since: %(names)s."), sorted(set(present) - set(listed))),
    ):
        if found:
            faults.append(words % {"names": _named(found, folder)})
    about = _about(manifest)
    if faults:
        return Finding("changed", (about, *faults), manifest["reference"])
    whole = ngettext(
        "The one file in it is as it was collected and exported.",
        "All %(count)d files in it are as they were collected and exported.",
        len(listed),
    ) % {"count": len(listed)}
    return Finding("genuine", (about, whole), manifest["reference"])


def _digest_in(bundle: ZipFile, name: str) -> str:
    """The SHA-256 of an entry; empty where its content is damaged."""
    digest = hashlib.sha256()
    try:
        with bundle.open(name) as entry:
            while piece := entry.read(CHUNK):
                digest.update(piece)
    except UNREADABLE:
        return ""
    return digest.hexdigest()


def _named(names: list[str], folder: str) -> str:
    shown = ", ".join(name.removeprefix(folder) for name in names[:MOST_NAMED])
    return shown if len(names) <= MOST_NAMED else f"{shown}, …"


def _manifest(content: bytes) -> Finding | None:
    """None for a file that is no manifest, such as statements.json."""
    envelope = _envelope(content) if len(content) <= LONGEST_MANIFEST else None
    if envelope is None:
        return None
    if not _is_ours(envelope):
        return _forged()
    manifest = envelope["manifest"]
    listed = tuple((each["name"], each["sha256"]) for each in manifest["files"])
    told = _("The manifest is genuine. A file with one of these SHA-256 sums is what was exported.")
    return Finding("genuine", (_about(manifest), told), manifest["reference"], listed)


def _envelope(content: bytes) -> dict[str, Any] | None:
    """The manifest with its signature, None for anything of another shape."""
    try:
        envelope = json.loads(content)
        manifest, signature = envelope["manifest"], envelope["signature"]
        shaped = (
            all(isinstance(manifest[name], str) for name in ("reference", "exported_at"))
            and all(isinstance(signature[name], str) for name in ("signed_by", "signature"))
            and all(isinstance(each[name], str) for each in manifest["files"] for name in ("name", "sha256"))
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return envelope if shaped else None


def _is_ours(envelope: dict[str, Any]) -> bool:
    try:
        content = signatures.canonical(envelope["manifest"])
    except (ValueError, RecursionError):
        return False
    signature = envelope["signature"]
    return signatures.holds(content, signature["signed_by"], signature["signature"])


def _forged() -> Finding:
    return Finding(
        "changed",
        (
            _(
                "The signature of its manifest does not hold: the manifest was changed, or was signed by "
                "another service or with a key that is no longer known here."
            ),
        ),
    )


def _about(manifest: dict[str, Any]) -> str:
    words = _("Credit file of the collection %(reference)s, exported on %(day)s.")
    return words % {"reference": manifest["reference"], "day": manifest["exported_at"][:10]}


def _report(file: BinaryIO) -> Finding:
    digest = hashlib.sha256()
    while piece := file.read(CHUNK):
        digest.update(piece)
    kept = ReportFile.objects.select_related("collection").filter(sha256=digest.hexdigest()).first()
    if kept is None:
        return Finding(
            "unknown",
            (
                _(
                    "Nothing that is kept here has this content. It was changed, or it comes from another "
                    "service, or the reports were made again since. A document that a borrower uploaded can "
                    "be checked inside its credit file alone."
                ),
            ),
        )
    reference = kept.collection.reference
    words = _("This is %(name)s of the collection %(reference)s, exactly as it is kept here since %(day)s.")
    told = words % {"name": kept.name, "reference": reference, "day": f"{kept.created_at:%Y-%m-%d}"}
    return Finding("genuine", (told,), reference)
