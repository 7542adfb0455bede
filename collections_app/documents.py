"""Reads about documents: what was asked for, what is there, what is missing."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from collections_app import readiness
from collections_app.models import Collection, Document, DocumentRequest, ReportFile


@dataclass(frozen=True)
class Asked:
    """A document that was asked for by name, and the files that were uploaded for it."""

    request: DocumentRequest
    documents: tuple[Document, ...]

    @property
    def is_missing(self) -> bool:
        return self.request.is_required and not self.documents


@dataclass(frozen=True)
class Documents:
    """All documents of a collection. `takes_others`: those that were not asked for by name are welcome."""

    asked: tuple[Asked, ...]
    others: tuple[Document, ...]
    takes_others: bool

    @property
    def every(self) -> tuple[Document, ...]:
        return tuple(document for asked in self.asked for document in asked.documents) + self.others

    @property
    def missing(self) -> tuple[DocumentRequest, ...]:
        """What is required and not there."""
        return tuple(asked.request for asked in self.asked if asked.is_missing)

    @property
    def is_offered(self) -> bool:
        """Whether the borrower has a reason to come to the page of documents at all."""
        return bool(self.asked or self.others or self.takes_others)


def documents_of(collection: Collection) -> Documents:
    found = list(collection.documents.select_related("request"))
    return Documents(
        asked=tuple(
            Asked(request, tuple(document for document in found if document.request_id == request.pk))
            for request in collection.document_requests.all()
        ),
        others=tuple(document for document in found if document.request_id is None),
        takes_others=collection.allows_other_documents or readiness.documents_only(collection),
    )


def shared_documents(collection: Collection) -> QuerySet[Document]:
    """The documents that the lender may read: none before they are shared, none after a withdrawal."""
    if collection.status != Collection.Status.SUBMITTED:
        return collection.documents.none()
    return collection.documents.select_related("request")


def shared_files(collection: Collection) -> QuerySet[ReportFile]:
    """The files of the reports that the lender may read."""
    if collection.status != Collection.Status.SUBMITTED:
        return collection.files.none()
    return collection.files.all()
