"""Documents that the borrower uploads: looked through, scanned, sealed, and only then there."""

import hashlib
import io
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collections_app import events, sealed_files, states
from collections_app.documents import documents_of
from collections_app.events import Who
from collections_app.models import Collection, Document, DocumentRequest, Event
from collections_app.services import notifying
from collections_app.states import AnswersClosed
from collections_app.storage_outages import StorageAway
from collections_app.uploads import scanning
from collections_app.uploads.inspection import inspect
from collections_app.uploads.limits import CHUNK_BYTES, MOST_BYTES_OF_A_COLLECTION, MOST_DOCUMENTS
from collections_app.uploads.names import free_name, shown
from collections_app.uploads.refusal import UploadRefused

OPEN = (Collection.Status.STARTED, Collection.Status.COLLECTING, Collection.Status.SUBMITTED)


@dataclass(frozen=True)
class Kept:
    """A file in the storage that no row refers to yet."""

    storage_name: str
    sha256: str
    size: int
    is_scanned: bool


def document_add(
    *,
    collection: Collection,
    file: BinaryIO,
    name: str,
    request: DocumentRequest | None,
    by: Who,
    replaces: Document | None = None,
) -> Document:
    """Keeps an uploaded file, for what was asked for or beside it; in place of another if told so.

    `file` can be read anywhere in it. Raises UploadRefused with one plain sentence, leaving no trace of the
    file, and AnswersClosed when the collection takes no documents any more.
    """
    _require_room(collection, request, replaces)
    inspect(file, name, collection.lender.upload_rules)
    if scanning.is_set_up():
        scanning.check_viruses(file, name)
    kept = _keep(collection, file, name)
    try:
        return _enter(collection, kept, name, request, by, replaces)
    except BaseException:
        sealed_files.sweep([kept.storage_name])
        raise


@transaction.atomic
def document_remove(*, document: Document, by: Who) -> None:
    """Raises UploadRefused once the lender has opened it, AnswersClosed when nothing can change any more."""
    _lock(document.collection)
    _forget(document, by)
    events.record(document.collection, "document.removed", by=by, request=_asked_as(document.request))


def document_open(*, document: Document, by: Who) -> io.BufferedReader:
    """The content of a document for download; it is recorded.

    Raises data_keys.KeyUnavailable, FileNotFoundError, sealed_files.FileReplaced where the borrower took it
    away since the row was read, StorageAway and vault.VaultError.
    """
    try:
        content = sealed_files.reading(document.collection_id, document.storage_name)
    except FileNotFoundError:
        if Document.objects.filter(pk=document.pk).exists():
            raise
        raise sealed_files.FileReplaced(document.name) from None
    with transaction.atomic():
        if by.kind != Event.Actor.BORROWER:
            unopened = Document.objects.filter(pk=document.pk, first_opened_at=None)
            unopened.update(first_opened_at=timezone.now())
        events.record(document.collection, "document.downloaded", by=by, file=document.name)
    return content


def documents_forget(*, collection: Collection) -> None:
    """Deletes all documents, rows and files: nobody has seen them, and nobody shall."""
    names = list(collection.documents.values_list("storage_name", flat=True))
    collection.documents.all().delete()
    transaction.on_commit(partial(sealed_files.sweep, names))


def _require_room(collection: Collection, request: DocumentRequest | None, replaces: Document | None) -> None:
    """What can be told before the file is looked at; told again once the row is written."""
    if collection.status not in OPEN:
        raise AnswersClosed("This collection takes no documents any more.")
    if request is None and replaces is None and not documents_of(collection).takes_others:
        raise UploadRefused(_("Only the documents that are listed here can be uploaded."))
    if replaces is None and _is_full(collection, request):
        most = collection.lender.upload_rules.most_documents
        raise UploadRefused(
            ngettext(
                "At most %(most)d document can be kept here, and it is there already. Remove it first.",
                "At most %(most)d documents can be kept here, and they are there already. Remove one first.",
                most,
            )
            % {"most": most}
        )


def _is_full(collection: Collection, request: DocumentRequest | None) -> bool:
    """What was asked for by name has room for one file, however few documents the lender takes."""
    count = collection.documents.count()
    if count < collection.lender.upload_rules.most_documents:
        return False
    return request is None or count >= MOST_DOCUMENTS or collection.documents.filter(request=request).exists()


def _keep(collection: Collection, file: BinaryIO, name: str) -> Kept:
    """Seals the file chunk by chunk into the storage, under a name that tells nothing."""
    digest = hashlib.sha256()
    size = 0
    file.seek(0)
    try:
        with sealed_files.writing(collection, "document") as (target, stored):
            while chunk := file.read(CHUNK_BYTES):
                target.write(chunk)
                digest.update(chunk)
                size += len(chunk)
    except (StorageAway, OSError):
        raise UploadRefused(
            _("“%(name)s” could not be kept just now, through no fault of yours. Try again later.")
            % {"name": shown(name)}
        ) from None
    return Kept(stored.storage_name, digest.hexdigest(), size, scanning.is_set_up())


@transaction.atomic
def _enter(
    collection: Collection,
    kept: Kept,
    name: str,
    request: DocumentRequest | None,
    by: Who,
    replaces: Document | None,
) -> Document:
    """Writes the row, unless another upload took the room meanwhile."""
    _lock(collection)
    _require_room(collection, request, replaces)
    present = list(collection.documents.all())
    same = next((each for each in present if each.sha256 == kept.sha256), None)
    if same:
        raise UploadRefused(
            _("“%(name)s” is here already, as “%(present)s”. Nothing was added.")
            % {"name": shown(name), "present": shown(same.name)}
        )
    if sum(each.size for each in present) + kept.size > MOST_BYTES_OF_A_COLLECTION:
        raise UploadRefused(
            _("With “%(name)s” the documents of this request would be too large together. Remove one first.")
            % {"name": shown(name)}
        )
    if replaces:
        _forget(replaces, by)
        present = [each for each in present if each.pk != replaces.pk]
        request = replaces.request
    document = Document.holding(
        collection=collection,
        request=request,
        storage_name=kept.storage_name,
        size=kept.size,
        scanned_at=timezone.now() if kept.is_scanned else None,
        name=free_name(name, [each.name for each in present]),
        sha256=kept.sha256,
    )
    document.save(force_insert=True)
    action = "document.replaced" if replaces else "document.added"
    events.record(collection, action, by=by, request=_asked_as(request))
    if not replaces and _completes(collection, request, present):
        notifying.answer_tell(collection=collection)
    return document


def _completes(collection: Collection, request: DocumentRequest | None, before: list[Document]) -> bool:
    """Whether the lender, who looks at the rest already, missed this document and no other."""
    if collection.status != Collection.Status.SUBMITTED or request is None or not request.is_required:
        return False
    was_missing = all(each.request_id != request.pk for each in before)
    return was_missing and not documents_of(collection).missing


def _forget(document: Document, by: Who) -> None:
    """Takes the row and, with the commit, the file away; what the lender has read stays as evidence."""
    held = Document.objects.select_for_update().filter(pk=document.pk).first()
    if held is None:
        raise AnswersClosed("This document is not there any more.")
    if held.first_opened_at:
        raise UploadRefused(
            _("“%(name)s” stays, because %(lender)s has opened it. Upload the newer one beside it.")
            % {"name": shown(held.name), "lender": held.collection.lender.name}
        )
    if held.collection.review:
        raise UploadRefused(
            _("“%(name)s” stays, because %(lender)s has reviewed it. Upload the newer one beside it.")
            % {"name": shown(held.name), "lender": held.collection.lender.name}
        )
    held.delete()
    transaction.on_commit(partial(sealed_files.sweep, [held.storage_name]))


def _lock(collection: Collection) -> None:
    states.lock(collection)
    if collection.status not in OPEN:
        raise AnswersClosed("This collection takes no documents any more.")


def _asked_as(request: DocumentRequest | None) -> str:
    return request.name if request else "another document"
