"""What there is to see of a collection at this moment, each thing by its SHA-256."""

from __future__ import annotations

import hashlib
from typing import Any

from collections_app.documents import shared_documents, shared_files
from collections_app.models import Attestation, Collection
from collections_app.signatures import canonical


def what_is_there(collection: Collection) -> dict[str, Any]:
    """Files, documents, checks, explanations, consent and answers, in a form that can be signed.

    Raises data_keys.KeyUnavailable.
    """
    return {
        "schema": 1,
        "reference": collection.reference,
        "lender": collection.lender.name,
        "borrower": collection.borrower_name,
        "from": collection.date_from.isoformat(),
        "to": collection.date_to.isoformat(),
        "shared_at": _moment(collection.shared_at),
        "consent": _consent(collection),
        "attestation": _attestation(collection),
        "files": [
            {"name": file.name, "size": file.size, "sha256": file.sha256} for file in shared_files(collection)
        ],
        "documents": _documents(collection),
        "checks": [
            {"id": check.check_id, "outcome": check.outcome, "sentence": check.found.get("sentence", "")}
            for check in collection.checks.all()
        ],
        "explanations": {given.check_id: given.words for given in collection.explanations.all()},
        "questions": _questions(collection),
    }


SEPARATOR = "-"
# What is compared to tell whether anything is other than it was.
THINGS = {
    "files": "the reports",
    "documents": "the documents",
    "checks": "what the checks found",
    "explanations": "the borrower's explanations",
    "questions": "the questions and answers",
    "attestation": "the attestation",
}


def fingerprint(collection: Collection) -> str:
    """What a page shows of the collection, in a form that a form of that page sends back.

    Raises data_keys.KeyUnavailable.
    """
    there = what_is_there(collection)
    return SEPARATOR.join(_digest(there[name]) for name in THINGS)


def changed_since_page(collection: Collection, shown: str) -> list[str]:
    """What is other than on the page that sent this, in a few words each; all of it if none did."""
    pairs = zip(THINGS.values(), fingerprint(collection).split(SEPARATOR), strict=True)
    sent = shown.split(SEPARATOR)
    if len(sent) != len(THINGS):
        return list(THINGS.values())
    return [words for (words, now), then in zip(pairs, sent, strict=True) if now != then]


def _digest(thing: Any) -> str:
    return hashlib.sha256(canonical({"": thing})).hexdigest()[:32]


def changed_since(collection: Collection, seen: dict[str, Any]) -> list[str]:
    """What is there now and was not seen then, or was seen otherwise: in a few words each."""
    now = what_is_there(collection)
    return [
        words for name, words in THINGS.items() if canonical({"": now[name]}) != canonical({"": seen[name]})
    ]


def _consent(collection: Collection) -> dict[str, Any]:
    return {
        "at": _moment(collection.reviewed_at),
        "version": collection.consent_version,
        "name": collection.consent_name or collection.consent_given_by,
        "title": collection.consent_title,
    }


def _documents(collection: Collection) -> list[dict[str, Any]]:
    return [
        {
            "name": document.name,
            "asked_as": document.request.name if document.request else "",
            "size": document.size,
            "sha256": document.sha256,
            "uploaded_at": _moment(document.uploaded_at),
        }
        for document in shared_documents(collection)
    ]


def _questions(collection: Collection) -> list[dict[str, Any]]:
    return [
        {
            "question": question.words,
            "answer": question.answer,
            "answered_at": _moment(question.answered_at),
        }
        for question in collection.questions.all()
    ]


def _attestation(collection: Collection) -> dict[str, str] | None:
    attested = Attestation.objects.filter(collection=collection).first()
    if attested is None:
        return None
    return {
        "name": attested.name,
        "title": attested.title,
        "at": attested.at.isoformat(),
        "version": attested.text_version,
    }


def _moment(when: Any) -> str | None:
    return when.isoformat() if when else None
