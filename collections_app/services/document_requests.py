"""Asking for documents by name, in the lender's own words."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from collections_app.models import Collection, DocumentRequest

MOST_REQUESTS = 20
OPTIONAL = re.compile(r"\s*\(optional\)$", re.IGNORECASE)
HOW_TO_WRITE = "NAME, or NAME: ONE SENTENCE; “(optional)” behind the name where it is not required"


@dataclass(frozen=True)
class WantedDocument:
    """A document as the lender asks for it."""

    name: str
    explanation: str = ""
    is_required: bool = True


def wanted_documents(lines: Iterable[str]) -> list[WantedDocument]:
    """Each line as HOW_TO_WRITE says; empty ones are left out."""
    return [_wanted(" ".join(line.split())) for line in lines if line.strip()]


def as_lines(wanted: Iterable[WantedDocument]) -> str:
    """The documents as `wanted_documents` reads them, one on each line."""
    return "\n".join(
        f"{each.name}{'' if each.is_required else ' (optional)'}"
        f"{f': {each.explanation}' if each.explanation else ''}"
        for each in wanted
    )


def _wanted(line: str) -> WantedDocument:
    name, _, explanation = line.partition(":")
    return WantedDocument(
        OPTIONAL.sub("", name.strip()), explanation.strip(), not OPTIONAL.search(name.strip())
    )


def wanted_documents_check(wanted: Sequence[WantedDocument]) -> None:
    """Raises ValidationError for too many, for two of one name, for words that are too long, and for a name
    that `wanted_documents` would read otherwise.
    """
    if len(wanted) > MOST_REQUESTS:
        raise ValidationError(f"Ask for at most {MOST_REQUESTS} documents by name.")
    names = [document.name.casefold() for document in wanted]
    if len(set(names)) < len(names):
        raise ValidationError("Two documents have the same name. Give each a name of its own.")
    for document in wanted:
        _validate(DocumentRequest(name=document.name, explanation=document.explanation))
        # It is a line in the form of a refresh.
        if wanted_documents(as_lines([document]).splitlines()) != [document]:
            raise ValidationError(
                f"Write the name “{document.name}” in one line, without a colon and without “(optional)”."
            )


def document_requests_create(*, collection: Collection, wanted: Sequence[WantedDocument]) -> None:
    """Raises ValidationError as `wanted_documents_check` does."""
    _create(collection, wanted, after=0)


def document_requests_add(*, collection: Collection, wanted: Sequence[WantedDocument]) -> None:
    """More of them, behind those that were asked for before. Raises ValidationError as for the first."""
    present = list(collection.document_requests.all())
    names = {request.name.casefold() for request in present}
    for document in wanted:
        if document.name.casefold() in names:
            raise ValidationError(f"“{document.name}” was asked for already.")
    if len(present) + len(wanted) > MOST_REQUESTS:
        raise ValidationError(f"Ask for at most {MOST_REQUESTS} documents by name.")
    _create(collection, wanted, after=max((request.position for request in present), default=0))


def _create(collection: Collection, wanted: Sequence[WantedDocument], *, after: int) -> None:
    wanted_documents_check(wanted)
    for position, document in enumerate(wanted, start=after + 1):
        request = DocumentRequest(
            collection=collection,
            position=position,
            name=document.name,
            explanation=document.explanation,
            is_required=document.is_required,
        )
        request.save(force_insert=True)


def _validate(request: DocumentRequest) -> None:
    longest = DocumentRequest._meta.get_field("name").max_length
    if not 1 <= len(request.name) <= (longest or 0):
        raise ValidationError(f"The name of a document has 1 to {longest} characters.")
    longest = DocumentRequest._meta.get_field("explanation").max_length
    if len(request.explanation) > (longest or 0):
        raise ValidationError(f"The sentence about “{request.name}” has at most {longest} characters.")
