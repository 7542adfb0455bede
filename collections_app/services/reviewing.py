"""What the lender's people do with a collection that was shared: note, ask, return, decide.

Whoever decides has seen something: every file, document, check and answer that was there is listed with its
SHA-256, signed with the instance's key, and kept with the decision.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from collections_app import data_keys, events, readiness, signatures, states
from collections_app.documents import documents_of
from collections_app.events import Who
from collections_app.models import Attestation, Collection, Connection, Decision, Lender, Note, Question
from collections_app.services import linking, notifying
from collections_app.services.document_requests import document_requests_add, wanted_documents
from collections_app.services.seeing import changed_since_page, what_is_there

LONGEST_WORDS = 4_000
MOST_OPEN_QUESTIONS = 20
Review, Verdict = Collection.Review, Decision.Verdict
DECIDED = (Review.ACCEPTED, Review.DECLINED)
PROPOSALS = {Verdict.ACCEPT: Review.ACCEPT_PROPOSED, Verdict.DECLINE: Review.DECLINE_PROPOSED}
OUTCOMES = {Verdict.ACCEPT: Review.ACCEPTED, Verdict.DECLINE: Review.DECLINED}


@transaction.atomic
def note_add(*, collection: Collection, words: str, by: Who) -> Note:
    """A note that the borrower never sees.

    Raises ValidationError for no words, for too many, and once what was collected was erased.
    """
    _require_kept(collection)
    note = Note.holding(collection=collection, author=by.name, words=_worded(words, "Write the note first."))
    note.save(force_insert=True)
    events.record(collection, "review.noted", by=by)
    return note


@transaction.atomic
def question_ask(*, collection: Collection, words: str, by: Who) -> Question:
    """A question behind the borrower's link, of which a mail tells.

    Raises ValidationError, also where no link can work.
    """
    _lock_undecided(collection)
    if collection.questions.filter(answered_at=None).count() >= MOST_OPEN_QUESTIONS:
        raise ValidationError("So many questions are open that the borrower should answer some first.")
    question = Question.holding(
        collection=collection, asked_by=by.name, words=_worded(words, "Write the question first.")
    )
    question.save(force_insert=True)
    linking.link_extend(collection=collection, by=by)
    events.record(collection, "review.asked", by=by)
    notifying.question_tell(collection=collection)
    return question


@transaction.atomic
def questions_answer(*, collection: Collection, answers: dict[str, str], by: Who) -> int:
    """The borrower's answers by the key of the question; empty ones change nothing. Returns how many.

    The lender is told once nothing is open. Raises ValidationError, keeping none, for words that are too
    long. What was answered stays as it was.
    """
    states.lock(collection)
    answered = 0
    for question in collection.questions.filter(answered_at=None, key__in=list(answers)):
        words = _tidy(answers[question.key])
        if not words:
            continue
        if len(words) > LONGEST_WORDS:
            raise ValidationError(f"Shorten the answer to at most {LONGEST_WORDS:,} characters.")
        question.answer, question.answered_at = words, timezone.now()
        question.save()
        answered += 1
    if answered:
        events.record(collection, "review.answered", by=by, number=answered)
        if not collection.questions.filter(answered_at=None).exists():
            notifying.answer_tell(collection=collection)
    return answered


@transaction.atomic
def documents_ask(*, collection: Collection, lines: Iterable[str], by: Who) -> int:
    """Asks for more documents by name, of which a mail tells; returns how many.

    Until each required one is there, it is the borrower's turn. Raises ValidationError, also where no link
    can work.
    """
    _lock_undecided(collection)
    wanted = wanted_documents(lines)
    if not wanted:
        raise ValidationError("Name at least one document.")
    document_requests_add(collection=collection, wanted=wanted)
    names = ", ".join(each.name for each in wanted)
    linking.link_extend(collection=collection, by=by)
    events.record(collection, "review.documents_asked", by=by, names=names)
    notifying.question_tell(collection=collection)
    return len(wanted)


@transaction.atomic
def collection_return(*, collection: Collection, words: str, by: Who, shown: str) -> Decision:
    """Gives the collection back: the borrower reads why, corrects, signs in and presses Connect once more.

    All answers stay. What was shared cannot be opened meanwhile. `shown` is what the person saw, see
    `seeing.fingerprint`. Raises ValidationError without a reason, where it is not waiting for a decision or
    one is proposed, where no link can work, while its reports are rebuilt, and when something is other than
    what the person saw.
    """
    _lock_undecided(collection)
    if collection.review:
        raise ValidationError("A verdict is proposed, so this is no longer returned. A manager decides.")
    _require_files_that_stay(collection)
    _require_what_was_seen(collection, shown)
    reason = _worded(words, "Say what has to be corrected: the borrower reads it.")
    if collection.unlisted_system and not collection.accounting_system:
        raise ValidationError("Documents alone were shared. Ask for another document instead.")
    linking.link_extend(collection=collection, by=by)
    decision = _decision(collection, Verdict.RETURN, reason, by, is_final=True)
    Attestation.objects.filter(collection=collection).delete()
    Connection.objects.filter(collection=collection).update(verified_at=None)
    states.move_collection(
        collection,
        Collection.Status.STARTED,
        by=by,
        action="collection.returned",
        returned_at=decision.at,
        review=Review.OPEN,
        failed_checks=None,
    )
    notifying.return_tell(collection=collection)
    return decision


@transaction.atomic
def collection_decide(
    *, collection: Collection, verdict: str, words: str, by: Who, may_approve: bool, shown: str
) -> Decision:
    """Accepts or declines; where the lender wants four eyes the first to say so proposes.

    A proposal is made final by another person with the same verdict; with the other one it is replaced. The
    same verdict of the same person again changes nothing. Only who may approve makes anything final;
    `shown` is what the person saw, see `seeing.fingerprint`. Raises ValidationError.
    """
    states.lock(collection)
    if verdict not in OUTCOMES:
        raise ValidationError("Choose to accept or to decline.")
    earlier = collection.decisions.exclude(verdict=Verdict.RETURN).last()
    standing = collection.review and earlier
    if standing and earlier and (earlier.author, earlier.verdict) == (by.name, verdict):
        if not earlier.is_final:
            raise ValidationError("You have proposed this. Somebody else of your team must agree.")
        return earlier
    _require_undecided(collection)
    _require_files_that_stay(collection)
    reason = _worded(words, "Say why, in a sentence at least: it is kept with the decision.")
    confirms = bool(standing and earlier and earlier.verdict == verdict)
    four_eyes = Lender.objects.values_list("wants_four_eyes", flat=True).get(pk=collection.lender_id)
    is_final = confirms or not four_eyes
    if is_final and not may_approve:
        # Asked here as well as on the page: of two proposals at the same moment the second one would confirm.
        raise ValidationError("A manager of the lender decides.")
    _require_what_was_seen(collection, shown)
    decision = _decision(collection, verdict, reason, by, is_final=is_final)
    outcome = (OUTCOMES if is_final else PROPOSALS)[Verdict(verdict)]
    Collection.objects.filter(pk=collection.pk).update(review=outcome)
    collection.refresh_from_db()
    events.record(collection, f"review.{verdict}{'' if is_final else '_proposed'}", by=by)
    return decision


def _decision(collection: Collection, verdict: str, words: str, by: Who, *, is_final: bool) -> Decision:
    """The verdict together with what there was to see, signed."""
    at = timezone.now()
    seen: dict[str, Any] = {
        **what_is_there(collection),
        "verdict": verdict,
        "decided_by": by.name,
        "decided_at": at.isoformat(),
        "words": words,
        "is_final": is_final,
    }
    signed_by, signature = signatures.sign(signatures.canonical(seen))
    decision = Decision.holding(
        collection=collection,
        at=at,
        author=by.name,
        verdict=verdict,
        is_final=is_final,
        signed_by=signed_by,
        signature=signature,
        words=words,
        seen=seen,
    )
    decision.save(force_insert=True)
    return decision


def _worded(words: str, otherwise: str) -> str:
    tidy = _tidy(words)
    if not tidy:
        raise ValidationError(otherwise)
    if len(tidy) > LONGEST_WORDS:
        raise ValidationError(f"Write at most {LONGEST_WORDS:,} characters.")
    return tidy


def _tidy(words: str) -> str:
    return words.replace("\r\n", "\n").replace("\0", "").strip()


def _lock_undecided(collection: Collection) -> None:
    states.lock(collection)
    _require_undecided(collection)


def _require_kept(collection: Collection) -> None:
    if data_keys.destroyed(collection.pk):
        raise ValidationError("What was collected was erased: nothing is asked, noted or decided any more.")


def _require_undecided(collection: Collection) -> None:
    _require_kept(collection)
    if collection.status != Collection.Status.SUBMITTED:
        raise ValidationError("Nothing is shared yet, or not any more: there is nothing to decide.")
    if collection.review in DECIDED:
        raise ValidationError("This collection is decided. What was decided stays.")


def missing_documents(collection: Collection) -> list[str]:
    """What was asked for and is required and not there."""
    return [request.name for request in documents_of(collection).missing]


def _require_what_was_seen(collection: Collection, shown: str) -> None:
    """The verdict lists what is there as what was seen."""
    changed = changed_since_page(collection, shown)
    if changed:
        raise ValidationError(
            f"Since you opened this page, something changed: {', '.join(changed)}. Look at it, then decide."
        )


def _require_files_that_stay(collection: Collection) -> None:
    """A verdict lists the files that were seen, and a returned collection has none that are still made."""
    if readiness.is_being_rebuilt(collection):
        raise ValidationError(
            "The reports are being rebuilt just now. Decide when the new ones are here; the top of the page "
            "says so."
        )
