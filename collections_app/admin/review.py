"""The part of a collection's page where the lender's people talk about it, ask, and decide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from collections_app import selectors, signatures
from collections_app.admin.access import Desk
from collections_app.admin.moments import moment
from collections_app.data_keys import KeyUnavailable
from collections_app.models import Collection, Decision
from collections_app.services import reviewing
from collections_app.services.seeing import changed_since, fingerprint
from collections_app.turns import UNDECIDED


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
KEPT = "Kept and signed."
PROPOSAL_KEPT = "Kept and signed as a proposal: it counts once another person gives the same verdict."
PROPOSED = {"accept": "Proposed to accept", "decline": "Proposed to decline"}


# Of what was erased, or cannot be read.
NOTHING_TO_REVIEW: dict[str, Any] = {"may_review": False}


def review_context(collection: Collection, desk: Desk) -> dict[str, Any]:
    """What was said and decided, and what this person may do now."""
    is_shared = collection.status == Collection.Status.SUBMITTED
    undecided = is_shared and collection.review in UNDECIDED
    may = desk.may_review
    decides, returns = undecided and may_decide(collection, desk), may and undecided and not collection.review
    try:
        shown = fingerprint(collection) if decides or returns else ""
        said = {
            "notes": [
                Said(note.author, moment(note.at, collection.lender), note.words)
                for note in collection.notes.all()
            ],
            "questions": list(_questions(collection)),
            "decisions": [_verdict(collection, decision) for decision in collection.decisions.all()],
        }
    except KeyUnavailable:
        return NOTHING_TO_REVIEW
    return {
        **said,
        "shows_review": may or is_shared or any(said.values()),
        "may_review": may,
        "may_ask": may and undecided,
        "may_decide": decides,
        "may_return": returns,
        "shown": shown,
        "four_eyes": collection.lender.wants_four_eyes,
        "proposed": collection.review.endswith("?"),
        "is_own_proposal": _is_own_proposal(collection, desk),
        "nobody_is_told": may and undecided and not selectors.addresses_for_answers(collection),
        "still_missing": reviewing.missing_documents(collection) if undecided else [],
    }


def may_decide(collection: Collection, desk: Desk) -> bool:
    """Whether this person may accept or decline: a manager; with four eyes an analyst may propose it."""
    first = collection.lender.wants_four_eyes and not collection.review.endswith("?")
    return desk.may_approve or (first and desk.may_review)


def _is_own_proposal(collection: Collection, desk: Desk) -> bool:
    """Whether it waits for somebody else than this person, who proposed last."""
    last = collection.decisions.last() if collection.review.endswith("?") else None
    return last is not None and last.author == desk.who.name


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


def act(collection: Collection, what: str, words: str, desk: Desk, shown: str = "") -> str:
    """Does what a form of the review asks for; returns what to tell. Raises ValidationError.

    `shown` is what the page with the form had shown, see `seeing.fingerprint`. KeyError for a form that there
    is not.
    """
    by = desk.who
    decide = partial(
        reviewing.collection_decide,
        collection=collection,
        words=words,
        by=by,
        may_approve=desk.may_approve,
        shown=shown,
    )
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
            lambda: reviewing.collection_return(collection=collection, words=words, by=by, shown=shown),
            "It is given back to the borrower, and a mail tells of it.",
        ),
        "accept": (partial(decide, verdict="accept"), KEPT),
        "decline": (partial(decide, verdict="decline"), KEPT),
    }
    do, told = acts[what]
    done = do()
    is_proposal = isinstance(done, Decision) and not done.is_final
    return PROPOSAL_KEPT if is_proposal else told
