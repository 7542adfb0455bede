"""The credit file: one zip of everything that was shared and said, with a signed list of its contents.

It is written while it is sent: nothing of it lies on this machine in the clear.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.core.exceptions import ValidationError
from django.utils import timezone

from collections_app import data_keys, events, readiness, sealed_files, signatures
from collections_app.documents import shared_documents, shared_files
from collections_app.events import Who
from collections_app.models import Collection
from collections_app.services import reporting
from collections_app.services.seeing import what_is_there

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

MANIFEST = "manifest.json"
CHUNK = 256 * 1024
# They are compressed already.
PACKED = (".xlsx", ".pdf", ".zip", ".docx", ".png", ".jpg", ".jpeg")


def credit_file_stream(*, collection: Collection, by: Who) -> Iterator[bytes]:
    """The zip, piece by piece; the export is recorded before the first.

    Raises ValidationError when nothing is shared and while the reports are rebuilt,
    data_keys.KeyUnavailable, FileNotFoundError, and vault.VaultError for content that was changed: the zip
    then breaks off and opens nowhere.
    """
    if collection.status != Collection.Status.SUBMITTED:
        raise ValidationError("Nothing is shared, so there is nothing to export.")
    data_keys.data_key_of(collection.pk)
    if readiness.is_being_rebuilt(collection):
        raise ValidationError("The reports are being rebuilt just now. Export when the new ones are here.")
    written = _documents(collection)
    events.record(collection, "credit_file.exported", by=by)
    return _stream(collection, written, by, timezone.now())


def _stream(collection: Collection, written: dict[str, Any], by: Who, now: datetime) -> Iterator[bytes]:
    outlet = _Outlet()
    listed: list[dict[str, Any]] = []
    with ZipFile(cast(Any, outlet), "w", ZIP_DEFLATED) as bundle:
        for name, content in _contents(collection, written):
            digest, size = hashlib.sha256(), 0
            with content, bundle.open(_entry(collection, name, now), "w", force_zip64=True) as entry:
                while piece := content.read(CHUNK):
                    digest.update(piece)
                    size += len(piece)
                    entry.write(piece)
                    yield outlet.take()
            listed.append({"name": name, "size": size, "sha256": digest.hexdigest()})
        manifest = {
            "schema": 1,
            "reference": collection.reference,
            "lender": collection.lender.name,
            "borrower": collection.borrower_name,
            "exported_at": now.isoformat(),
            "exported_by": by.name,
            "files": listed,
        }
        bundle.writestr(_entry(collection, MANIFEST, now), signed(manifest))
    yield outlet.take()


def signed(manifest: dict[str, Any]) -> bytes:
    """The manifest with the signature of its canonical form beside it."""
    signed_by, signature = signatures.sign(signatures.canonical(manifest))
    envelope = {
        "manifest": manifest,
        "signature": {
            "algorithm": "Ed25519 over the manifest as JSON with sorted keys and without spaces, in UTF-8",
            "signed_by": signed_by,
            "public_key": signatures.public_keys()[signed_by],
            "signature": signature,
        },
    }
    return json.dumps(envelope, ensure_ascii=False, indent=1).encode()


def _entry(collection: Collection, name: str, now: datetime) -> ZipInfo:
    entry = ZipInfo(f"{collection.reference}/{name}", now.timetuple()[:6])
    entry.compress_type = ZIP_STORED if name.lower().endswith(PACKED) else ZIP_DEFLATED
    return entry


def _contents(collection: Collection, written: dict[str, Any]) -> Iterator[tuple[str, io.BufferedIOBase]]:
    for file in shared_files(collection):
        # Sending takes a while, and another person may have the reports rebuilt meanwhile. No zip holds some
        # of these and some of those: it breaks off, and is asked for again.
        yield f"reports/{file.name}", reporting.file_read(file)
    for document in shared_documents(collection):
        yield f"documents/{document.name}", sealed_files.reading(collection.pk, document.storage_name)
    for name, content in written.items():
        text = json.dumps(content, ensure_ascii=False, indent=1)
        yield f"{name}.json", io.BytesIO(text.encode())


def _documents(collection: Collection) -> dict[str, Any]:
    """What is rows here and becomes files: what was there to see, what was done, what was decided."""
    there = what_is_there(collection)
    return {
        "request": {
            name: there[name]
            for name in ("schema", "reference", "lender", "borrower", "from", "to", "shared_at")
        },
        "consent": {"consent": there["consent"], "attestation": there["attestation"]},
        "checks": [check.found for check in collection.checks.all()],
        "explanations": there["explanations"],
        "questions": there["questions"],
        "decisions": [
            {"seen": each.seen, "signed_by": each.signed_by, "signature": each.signature}
            for each in collection.decisions.all()
        ],
        "timeline": [
            {
                "at": event.at.isoformat(),
                "actor_kind": event.actor_kind,
                "actor": event.actor,
                "action": event.action,
                "data": event.data_still_kept(),
            }
            for event in collection.events.all()
        ],
    }


class _Outlet(io.RawIOBase):
    """What the zip was written into since it was last emptied."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, content: Buffer) -> int:
        self._pieces.append(bytes(content))
        return memoryview(content).nbytes

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken
