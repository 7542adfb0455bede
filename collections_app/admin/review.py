"""The part of a collection's page where the lender's people talk about it, ask, and decide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from collections_app import signatures
from collections_app.admin.access import Desk
from collections_app.admin.moments import moment
from collections_app.data_keys import KeyUnavailable
from collections_app.events import Who
from collections_app.models import Collection, Decision
from collections_app.services import reviewing
from collections_app.services.seeing import changed_since


@dataclass(frozen=True)
class Said:
    """A note, or a question with its answer."""

    who: str
    at: str
    words: str
    answer: str = ""
    answered: str = ""


@dataclass(frozen=True)
class Verdict:
    """A decision in words. `holds` says whether its signature is this instance's and fits what was seen."""

    title: str
    who: str
    at: str
    words: str
    files: int
    documents: int
    holds: bool
    changed: tuple[str, ...]


TITLES = {"accept": "Accepted", "decline": "Declined", "return": "Returned for correction"}
VERDICTS = ("accept", "decline")
PROPOSED = {"accept": "Proposed to accept", "decline": "Proposed to decline"}


def review_context(collection: Collection, desk: Desk) -> dict[str, Any]:
    """What was said and decided, and what this person may do now; nothing once it was erased."""
    try:
        said = {
            "notes": [
                Said(note.author, moment(note.at, collection.lender), note.words)
                for note in collection.notes.all()
            ],
            "questions": list(_questions(collection)),
            "decisions": [_verdict(collection, decision) for decision in collection.decisions.all()],
        }
    except KeyUnavailable:
        return {"may_review": False}
    is_shared = collection.status == Collection.Status.SUBMITTED
    undecided = is_shared and collection.review not in reviewing.DECIDED
    may = desk.may_review
    return {
        **said,
        "shows_review": may or is_shared or any(said.values()),
        "may_review": may,
        "may_ask": may and undecided,
        "may_decide": undecided and may_decide(collection, desk),
        "may_return": may and undecided and not collection.review,
        "four_eyes": collection.lender.wants_four_eyes,
        "proposed": collection.review.endswith("?"),
        "still_missing": reviewing.missing_documents(collection) if undecided else [],
    }


def may_decide(collection: Collection, desk: Desk) -> bool:
    """Whether this person may accept or decline: a manager; with four eyes an analyst may propose it."""
    first = collection.lender.wants_four_eyes and not collection.review.endswith("?")
    return desk.may_approve or (first and desk.may_review)


def _questions(collection: Collection) -> Any:
    for question in collection.questions.all():
        answered = moment(question.answered_at, collection.lender) if question.answered_at else ""
        yield Said(
            question.asked_by,
            moment(question.asked_at, collection.lender),
            question.words,
            question.answer,
            answered,
        )


def _verdict(collection: Collection, decision: Decision) -> Verdict:
    seen = decision.seen
    is_current = collection.status == Collection.Status.SUBMITTED and decision.verdict != "return"
    return Verdict(
        title=(TITLES if decision.is_final else PROPOSED)[decision.verdict],
        who=decision.author,
        at=moment(decision.at, collection.lender),
        words=decision.words,
        files=len(seen["files"]),
        documents=len(seen["documents"]),
        holds=signatures.holds(signatures.canonical(seen), decision.signed_by, decision.signature),
        changed=tuple(changed_since(collection, seen)) if is_current else (),
    )


def act(collection: Collection, what: str, words: str, by: Who) -> str:
    """Does what a form of the review asks for; returns what to tell. Raises ValidationError.

    KeyError for a form that there is not.
    """
    acts: dict[str, tuple[Callable[[], Any], str]] = {
        "note": (
            lambda: reviewing.note_add(collection=collection, words=words, by=by),
            "The note is kept.",
        ),
        "ask": (
            lambda: reviewing.question_ask(collection=collection, words=words, by=by),
            "The question stands behind the borrower's link, and a mail tells of it.",
        ),
        "documents": (
            lambda: reviewing.documents_ask(collection=collection, lines=words.splitlines(), by=by),
            "The documents are asked for, and a mail tells of it.",
        ),
        "return": (
            lambda: reviewing.collection_return(collection=collection, words=words, by=by),
            "It is given back to the borrower, and a mail tells of it.",
        ),
        "accept": (
            lambda: reviewing.collection_decide(collection=collection, verdict="accept", words=words, by=by),
            "Kept and signed.",
        ),
        "decline": (
            lambda: reviewing.collection_decide(collection=collection, verdict="decline", words=words, by=by),
            "Kept and signed.",
        ),
    }
    do, told = acts[what]
    do()
    return told
