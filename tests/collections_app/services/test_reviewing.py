"""Notes, questions, returns and decisions, as the lender's people and the borrower make them."""

from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from collections_app import signatures
from collections_app.events import Who
from collections_app.models import Collection, Decision, Event, ReportFile
from collections_app.services import rebuilding, reviewing
from collections_app.services.seeing import changed_since
from tests import factories

ANNA, BEN = Who(Event.Actor.STAFF, "anna@staff.test"), Who(Event.Actor.STAFF, "ben@staff.test")
BORROWER = Who.borrower()
Review = Collection.Review


@pytest.fixture
def shared(db: None) -> Collection:
    """A shared collection with a file and a check, without the work of making real ones."""
    collection = factories.make_collection(
        factories.make_lender(contact_email="desk@bank.test"), status=Collection.Status.SUBMITTED
    )
    ReportFile.objects.create(
        collection=collection, name="report.xlsx", storage_name="x", size=3, sha256="ab" * 32
    )
    return collection


def decide(collection: Collection, verdict: str, by: Who = ANNA) -> Decision:
    return reviewing.collection_decide(collection=collection, verdict=verdict, words="Because.", by=by)


def test_what_was_seen_is_frozen_and_signed(shared: Collection) -> None:
    decision = decide(shared, "accept")
    assert shared.review == Review.ACCEPTED
    kept = Decision.objects.get(pk=decision.pk)
    assert kept.seen["files"] == [{"name": "report.xlsx", "size": 3, "sha256": "ab" * 32}]
    assert signatures.holds(signatures.canonical(kept.seen), kept.signed_by, kept.signature)
    tampered = kept.seen | {"borrower": "Somebody else"}
    assert not signatures.holds(signatures.canonical(tampered), kept.signed_by, kept.signature)
    assert shared.events.filter(action="review.accept").exists()


def test_what_is_other_than_it_was_seen_is_told(shared: Collection) -> None:
    seen = decide(shared, "accept").seen
    assert changed_since(shared, seen) == []
    shared.files.update(sha256="cd" * 32)
    assert changed_since(shared, seen) == ["the reports"]


def test_a_decided_collection_stays_as_it_was(shared: Collection) -> None:
    decide(shared, "decline")
    for refused in (
        lambda: decide(shared, "accept", BEN),
        lambda: reviewing.question_ask(collection=shared, words="Why?", by=ANNA),
        lambda: reviewing.collection_return(collection=shared, words="Again.", by=ANNA),
        lambda: rebuilding.reports_rebuild(collection=shared, template=None, by=ANNA),
    ):
        with pytest.raises(ValidationError):
            refused()
    assert shared.review == Review.DECLINED


def test_the_same_verdict_twice_is_one(shared: Collection) -> None:
    assert decide(shared, "accept").pk == decide(shared, "accept").pk


def test_four_eyes_need_two_people_of_one_mind(shared: Collection) -> None:
    shared.lender.wants_four_eyes = True
    shared.lender.save()
    assert not decide(shared, "accept").is_final
    assert shared.review == Review.ACCEPT_PROPOSED
    with pytest.raises(ValidationError, match="Somebody else"):
        decide(shared, "accept")
    assert not decide(shared, "decline", BEN).is_final
    assert shared.review == Review.DECLINE_PROPOSED
    assert decide(shared, "decline", ANNA).is_final
    assert shared.review == Review.DECLINED


@pytest.mark.parametrize("words", ["", "  \n", "x" * 4_001])
def test_a_decision_needs_a_reason_of_a_sensible_length(words: str, shared: Collection) -> None:
    with pytest.raises(ValidationError):
        reviewing.collection_decide(collection=shared, verdict="accept", words=words, by=ANNA)
    assert not shared.decisions.exists()


@pytest.mark.parametrize("status", ["invited", "started", "collecting", "withdrawn"])
def test_nothing_is_decided_before_it_is_shared(status: str, shared: Collection) -> None:
    Collection.objects.filter(pk=shared.pk).update(status=status)
    with pytest.raises(ValidationError):
        decide(shared, "accept")


def test_a_question_is_mailed_without_its_words_and_the_last_answer_tells_the_lender(
    shared: Collection, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        first = reviewing.question_ask(collection=shared, words="Why is cash negative?", by=ANNA)
        second = reviewing.question_ask(collection=shared, words="And rent?", by=ANNA)
    assert {message.to[0] for message in mail.outbox} == {shared.borrower_email}
    assert "cash" not in mail.outbox[0].body
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        reviewing.questions_answer(
            collection=shared, answers={first.key: "A late deposit.", second.key: ""}, by=BORROWER
        )
    assert not mail.outbox
    with django_capture_on_commit_callbacks(execute=True):
        answers = {first.key: "Something else.", second.key: "Moved."}
        assert reviewing.questions_answer(collection=shared, answers=answers, by=BORROWER) == 1
    assert [message.to for message in mail.outbox] == [["desk@bank.test"]]
    assert [each.answer for each in shared.questions.all()] == ["A late deposit.", "Moved."]


def test_more_documents_come_behind_those_asked_for_before(shared: Collection) -> None:
    reviewing.documents_ask(collection=shared, lines=["Tax return", "Lease: all pages (optional)"], by=ANNA)
    reviewing.documents_ask(collection=shared, lines=["Insurance"], by=ANNA)
    assert [each.name for each in shared.document_requests.all()] == ["Tax return", "Lease", "Insurance"]
    with pytest.raises(ValidationError, match="asked for already"):
        reviewing.documents_ask(collection=shared, lines=["tax RETURN"], by=ANNA)


def test_a_returned_collection_is_the_borrowers_again_and_cannot_be_opened_here(
    shared: Collection, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        reviewing.collection_return(collection=shared, words="Post the March accruals.", by=ANNA)
    assert (shared.status, shared.review) == (Collection.Status.STARTED, Review.OPEN)
    assert shared.events.filter(action="collection.returned").exists()
    assert "accruals" not in mail.outbox[0].body
    assert mail.outbox[0].to == [shared.borrower_email]


def test_a_note_is_kept_sealed(shared: Collection) -> None:
    note = reviewing.note_add(collection=shared, words="Ask the branch about him.", by=ANNA)
    assert b"branch" not in bytes(note.sealed)
    assert shared.notes.get().words == "Ask the branch about him."
