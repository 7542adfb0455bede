"""The documents of a collection for the lender's page: what was asked for, and what was shared."""

from dataclasses import dataclass

from collections_app import data_keys
from collections_app.admin.moments import moment
from collections_app.documents import Asked, documents_of, shared_documents
from collections_app.models import Collection, Document


@dataclass(frozen=True)
class DocumentRow:
    """A document that may be downloaded."""

    key: str
    name: str
    asked_as: str
    size: int
    uploaded: str
    is_scanned: bool


@dataclass(frozen=True)
class DocumentsOnDesk:
    """What the page says: the requests with their state, the documents, and a remark on viruses."""

    requests: tuple[tuple[str, str], ...]
    rows: tuple[DocumentRow, ...]
    has_unscanned: bool
    waiting: int


def documents_on_desk(collection: Collection) -> DocumentsOnDesk | None:
    """None where none were asked for and none are there. What is not shared is counted, never named."""
    found = documents_of(collection)
    if data_keys.destroyed(collection.pk) or not (found.asked or found.every):
        return None
    shared = list(shared_documents(collection))
    rows = tuple(_row(document, collection) for document in shared)
    withdrawn = collection.status == Collection.Status.WITHDRAWN
    return DocumentsOnDesk(
        requests=tuple((asked.request.name, _state(asked)) for asked in found.asked),
        rows=rows,
        has_unscanned=not all(row.is_scanned for row in rows),
        waiting=0 if rows or withdrawn else len(found.every),
    )


def _row(document: Document, collection: Collection) -> DocumentRow:
    return DocumentRow(
        document.key,
        document.name,
        document.request.name if document.request else "Not asked for by name",
        document.size,
        moment(document.uploaded_at, collection.lender),
        document.scanned_at is not None,
    )


def _state(asked: Asked) -> str:
    if asked.documents:
        return "Uploaded"
    return "Still missing" if asked.is_missing else "Optional, not uploaded"
