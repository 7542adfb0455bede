"""Notes, questions, returns and decisions, as the lender's people and the borrower make them."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from collections_app import links, signatures
from collections_app.events import Who
from collections_app.models import (
    Collection,
    Decision,
    Document,
    DocumentRequest,
    Event,
    Lender,
    Link,
    Notice,
    ReportFile,
)
from collections_app.services import documents, rebuilding, reminding, reviewing
from collections_app.services.seeing import changed_since, fingerprint
from collections_app.turns import Situation, situation_of
from portal.templatetags.portal_ui import moment
from tests import factories
from tests.uploaded_files import PDF

ANNA, BEN = Who(Event.Actor.STAFF, "anna@staff.test"), Who(Event.Actor.STAFF, "ben@staff.test")
BORROWER = Who.borrower()
Review = Collection.Review


@pytest.fixture
def shared(db: None) -> Collection:
    """A shared collection with a file and a check, without the work of making real ones."""
    collection = factories.make_collection(
        factories.make_lender(contact_email="desk@bank.test"),
        status=Collection.Status.SUBMITTED,
        shared_at=timezone.now(),
    )
    ReportFile.objects.create(
        collection=collection, name="report.xlsx", storage_name="x", size=3, sha256="ab" * 32
    )
    return collection


def decide(
    collection: Collection,
    verdict: str,
    by: Who = ANNA,
    *,
    words: str = "Because.",
    may_approve: bool = True,
    shown: str = "",
) -> Decision:
    return reviewing.collection_decide(
        collection=collection,
        verdict=verdict,
        words=words,
        by=by,
        may_approve=may_approve,
        shown=shown or fingerprint(collection),
    )


def give_back(collection: Collection, words: str) -> Decision:
    shown = fingerprint(collection)
    return reviewing.collection_return(collection=collection, words=words, by=ANNA, shown=shown)


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
        lambda: give_back(shared, "Again."),
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


def test_of_two_who_only_propose_at_the_same_moment_neither_makes_it_final(shared: Collection) -> None:
    """Both pages were opened, and both presses let in, before either verdict was kept."""
    Lender.objects.update(wants_four_eyes=True)
    assert not decide(shared, "accept", ANNA, may_approve=False).is_final
    with pytest.raises(ValidationError, match="A manager of the lender decides."):
        decide(shared, "accept", BEN, may_approve=False)
    assert (shared.review, shared.decisions.count()) == (Review.ACCEPT_PROPOSED, 1)


def test_what_is_proposed_is_not_returned(shared: Collection) -> None:
    Lender.objects.update(wants_four_eyes=True)
    decide(shared, "decline")
    with pytest.raises(ValidationError, match="no longer returned"):
        give_back(shared, "Once more.")
    assert (shared.status, shared.review) == (Collection.Status.SUBMITTED, Review.DECLINE_PROPOSED)


def accept_as(shown: str, shared: Collection) -> None:
    decide(shared, "accept", shown=shown)


def return_as(shown: str, shared: Collection) -> None:
    reviewing.collection_return(collection=shared, words="Again.", by=ANNA, shown=shown)


@pytest.mark.parametrize("act", [accept_as, return_as])
def test_a_verdict_counts_for_what_the_page_had_shown_and_for_nothing_else(
    act: Callable[[str, Collection], None], shared: Collection
) -> None:
    shown = fingerprint(shared)
    shared.files.update(sha256="cd" * 32)
    for sent in (shown, "an-old-page"):
        with pytest.raises(ValidationError, match="the reports"):
            act(sent, shared)
    assert not shared.decisions.exists()
    act(fingerprint(shared), shared)
    assert shared.decisions.count() == 1


@pytest.mark.parametrize("words", ["", "  \n", "x" * 4_001])
def test_a_decision_needs_a_reason_of_a_sensible_length(words: str, shared: Collection) -> None:
    with pytest.raises(ValidationError):
        decide(shared, "accept", words=words)
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
        give_back(shared, "Post the March accruals.")
    assert (shared.status, shared.review) == (Collection.Status.STARTED, Review.OPEN)
    assert shared.events.filter(action="collection.returned").exists()
    assert "accruals" not in mail.outbox[0].body
    assert mail.outbox[0].to == [shared.borrower_email]


def test_a_note_is_kept_sealed(shared: Collection) -> None:
    note = reviewing.note_add(collection=shared, words="Ask the branch about him.", by=ANNA)
    assert b"branch" not in bytes(note.sealed)
    assert shared.notes.get().words == "Ask the branch about him."


@pytest.mark.parametrize("status", ["queued", "running", "needs_operator"])
def test_nothing_is_decided_or_returned_while_the_reports_are_made_anew(
    status: str, shared: Collection
) -> None:
    run = factories.make_run(shared, "rebuild", status=status)
    with pytest.raises(ValidationError, match="being rebuilt"):
        decide(shared, "accept")
    with pytest.raises(ValidationError, match="being rebuilt"):
        give_back(shared, "Correct May.")
    reviewing.question_ask(collection=shared, words="Who is the landlord?", by=ANNA)
    assert not shared.decisions.exists()
    run.status = "done"
    run.save()
    assert decide(shared, "accept").is_final


ASKS: dict[str, Callable[[Collection], object]] = {
    "question": lambda shared: reviewing.question_ask(collection=shared, words="Who is it?", by=ANNA),
    "documents": lambda shared: reviewing.documents_ask(collection=shared, lines=["Lease"], by=ANNA),
    "return": lambda shared: give_back(shared, "Post May."),
}


def shared_days_ago(shared: Collection, days: int) -> Link:
    """Its link was made for fourteen days, then."""
    at = timezone.now() - timedelta(days=days)
    Collection.objects.filter(pk=shared.pk).update(submitted_at=at, shared_at=at)
    shared.links.update(issued_at=at, expires_at=at + timedelta(days=14))
    return shared.links.get()


def state_now(link: Link) -> links.LinkState:
    found = links.numbered(link.pk)
    assert found
    return links.state(found)


@pytest.mark.parametrize("days", [15, 120])
@pytest.mark.parametrize("ask", ASKS)
def test_whoever_is_asked_something_is_let_in_by_the_same_link_as_long_as_the_mail_says(
    ask: str, days: int, shared: Collection, django_capture_on_commit_callbacks: Any
) -> None:
    link = shared_days_ago(shared, days)
    with django_capture_on_commit_callbacks(execute=True):
        ASKS[ask](shared)
    (message,) = mail.outbox
    until = links.works_until(Link.objects.get())
    assert moment(until, "UTC") in message.body
    for when, state in ((until - timedelta(minutes=1), "OPEN"), (until, "EXPIRED")):
        with time_machine.travel(when, tick=False):
            assert state_now(link).name == state
    assert until > timezone.now() + timedelta(days=13)
    extended = shared.events.get(action="link.extended")
    assert (extended.actor, extended.data["days"]) == (ANNA.name, 14)
    assert extended.data["until"] == Link.objects.get().expires_at.isoformat()


def test_a_link_that_works_some_minutes_longer_is_no_news(shared: Collection) -> None:
    shared.links.update(expires_at=timezone.now() + timedelta(days=13))
    for ask in ("question", "question", "documents"):
        ASKS[ask](shared)
    assert shared.events.filter(action="link.extended").count() == 1
    assert shared.links.get().expires_at > timezone.now() + timedelta(days=13, hours=23)


def test_a_link_that_works_long_enough_is_left_alone(shared: Collection) -> None:
    ends = timezone.now() + timedelta(days=30)
    shared.links.update(expires_at=ends)
    ASKS["return"](shared)
    assert shared.links.get().expires_at == ends
    assert not shared.events.filter(action="link.extended").exists()


@pytest.mark.parametrize(
    "closed",
    [{"revoked_at": timezone.now()}, {"opened_count": links.MOST_OPENINGS}, None],
    ids=["switched off", "opened too often", "none"],
)
@pytest.mark.parametrize("ask", ASKS)
def test_nothing_is_asked_behind_a_link_that_stays_closed(
    ask: str, closed: dict[str, Any] | None, shared: Collection
) -> None:
    shared_days_ago(shared, 15)
    if closed:
        shared.links.update(**closed)
    else:
        shared.links.all().delete()
    before = shared.events.count()
    with pytest.raises(ValidationError, match="No link of this request works: make a new one first"):
        ASKS[ask](shared)
    shared.refresh_from_db()
    assert shared.status == Collection.Status.SUBMITTED
    assert not shared.questions.exists() and not shared.document_requests.exists()
    assert not shared.decisions.exists() and not shared.notices.exists()
    assert shared.events.count() == before


def test_a_document_that_is_asked_for_is_waited_for_until_it_is_there(
    shared: Collection, django_capture_on_commit_callbacks: Any
) -> None:
    DocumentRequest.objects.create(collection=shared, position=1, name="Tax return")
    assert situation_of(shared) is Situation.TO_REVIEW
    reviewing.documents_ask(collection=shared, lines=["Lease", "Photo (optional)"], by=ANNA)
    assert situation_of(shared) is Situation.ASKED
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert reminding.reminder_send(collection=shared, by=ANNA) == ""
    for request in shared.document_requests.filter(is_required=True):
        with django_capture_on_commit_callbacks(execute=True):
            upload(shared, request)
    assert situation_of(shared) is Situation.TO_REVIEW
    (message,) = [message for message in mail.outbox if message.to == ["desk@bank.test"]]
    assert "has sent what you asked for" in message.subject
    assert "no required document is missing" in message.body


def test_the_lender_is_told_of_the_last_required_document_alone(shared: Collection) -> None:
    reviewing.documents_ask(collection=shared, lines=["Lease", "Photo (optional)"], by=ANNA)
    lease, photo = shared.document_requests.all()
    answered = shared.notices.filter(kind=Notice.Kind.ANSWERED)
    upload(shared, photo)
    assert not answered.exists()
    first = upload(shared, lease)
    assert answered.count() == 1
    upload(shared, lease)
    upload(shared, lease, replaces=first)
    assert answered.count() == 1


def test_what_is_uploaded_before_it_is_shared_is_told_with_the_sharing(shared: Collection) -> None:
    request = DocumentRequest.objects.create(collection=shared, position=1, name="Lease")
    Collection.objects.update(status=Collection.Status.STARTED)
    shared.refresh_from_db()
    upload(shared, request)
    assert not shared.notices.exists()


def test_the_mail_of_an_answer_says_what_is_still_missing(
    shared: Collection, django_capture_on_commit_callbacks: Any
) -> None:
    reviewing.documents_ask(collection=shared, lines=["Lease"], by=ANNA)
    question = reviewing.question_ask(collection=shared, words="Who is it?", by=ANNA)
    with django_capture_on_commit_callbacks(execute=True):
        reviewing.questions_answer(collection=shared, answers={question.key: "Ben."}, by=BORROWER)
    assert "a required document is still missing" in mail.outbox[-1].body


def test_who_is_reminded_of_a_question_is_not_told_that_reports_are_missing(
    shared: Collection, django_capture_on_commit_callbacks: Any
) -> None:
    reviewing.question_ask(collection=shared, words="Who is it?", by=ANNA)
    with django_capture_on_commit_callbacks(execute=True):
        assert reminding.reminder_send(collection=shared, by=ANNA) == ""
    message = mail.outbox[-1]
    assert "is waiting for your answer" in message.subject
    for part in (message.body, str(message.alternatives)):  # type: ignore[attr-defined]
        assert "waits for an answer or another document" in part
        assert "not there yet" not in part


def upload(collection: Collection, request: DocumentRequest, replaces: Document | None = None) -> Document:
    content = io.BytesIO(PDF[:-6] + next(factories.numbers).to_bytes(8, "big") + b"\n%%EOF\n")
    return documents.document_add(
        collection=collection, file=content, name="a.pdf", request=request, by=BORROWER, replaces=replaces
    )
