"""Whose turn it is, and since when: the same by the list, by the words of a row and by reminders, in every
state.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.utils import timezone

from collections_app import links
from collections_app.admin.standing import standing_of, with_standing
from collections_app.admin.worklist import VIEWED, condition, counts
from collections_app.models import Collection, Document, DocumentRequest, Event, Link, Question, Run
from collections_app.services import reminding
from collections_app.turns import (
    DECIDED,
    TURNS,
    UNFINISHED,
    Situation,
    Turn,
    situation_of,
    waiting_since,
    with_situations,
)
from tests import factories

C, R, Review = Collection.Status, Run.Status, Collection.Review
SYSTEMS = ({"accounting_system": "sage-intacct"}, {"unlisted_system": "Xero"})
NOT_TURN = "it is not the borrower's turn."
# The days until a link ends, and how often it was opened.
LINKS = {"works": (1, 0), "expired": (-1, 0), "used up": (1, links.MOST_OPENINGS)}
DOCUMENTS_ASKED: dict[str, Any] = {"actor_kind": "staff", "action": "review.documents_asked"}
# What may be asked of what was shared: some of it nobody waits for.
WAITED_FOR = ("a question", "a document")
ASKED = (*WAITED_FOR, "an optional document", "a document that came", "a document before it was shared")


@dataclass(frozen=True)
class State:
    """All that decides whose turn it is. `link` is one of LINKS; None for none, or a revoked one."""

    status: str
    run: str | None
    link: str | None
    fields: dict[str, Any]
    asked: str = ""
    shared_days: int = 1

    @property
    def link_works(self) -> bool:
        lately = self.status == C.SUBMITTED and self.shared_days < links.COMPLETED_DAYS
        return self.link == "works" or (self.link == "expired" and lately)


def every_state() -> Iterator[State]:
    for run, link in product((None, *R.values), (None, *LINKS)):
        yield State(C.INVITED, run, link, {})
        yield State(C.WITHDRAWN, run, link, {})
        for system in SYSTEMS:
            yield State(C.STARTED, run, link, system)
        for previews in (False, True):
            yield State(C.COLLECTING, run, link, {"previews": previews})
        for review, system in product(Review.values, SYSTEMS):
            yield State(C.SUBMITTED, run, link, {"review": review, **system})
        for review, asked, days in product(Review.values, ASKED, (1, 100)):
            yield State(C.SUBMITTED, run, link, {"review": review, **SYSTEMS[0]}, asked, days)


@pytest.fixture
def states(db: None) -> dict[int, State]:
    """Each state as a collection, by its key, with an older run that was cancelled."""
    made = {next(factories.numbers): state for state in every_state()}
    lender, now = factories.make_lender(), timezone.now()
    template = factories.make_collection(lender, linked=False)
    Collection.objects.bulk_create(
        Collection(
            pk=key, reference=f"T{key}", lender=lender, status=state.status, borrower_name="Birch",
            borrower_email="birch@borrower.test", date_from=template.date_from, date_to=template.date_to,
            reports=template.reports, shared_at=now - timedelta(days=state.shared_days), **state.fields,
        )
        for key, state in made.items()
    )  # fmt: skip
    Run.objects.bulk_create(
        Run(collection_id=key, kind=_kind(state), status=status)
        for key, state in made.items()
        for status in ([state.run, R.CANCELLED] if state.run else [])
    )
    Link.objects.bulk_create(
        Link(
            collection_id=key,
            token_hash=os.urandom(32),
            expires_at=now + timedelta(days=days),
            opened_count=opened,
        )
        for key, state in made.items()
        for days, opened in ([LINKS[state.link]] if state.link else [])
    )
    _ask(made)
    return made


def _ask(made: dict[int, State]) -> None:
    """What was asked of what was shared, without the services, which refuse most of these states."""
    Question.objects.bulk_create(
        Question(collection_id=key, asked_by="Ana", sealed=b"")
        for key, state in made.items()
        if state.asked == "a question"
    )
    wanted = {key: state for key, state in made.items() if "document" in state.asked}
    requests = DocumentRequest.objects.bulk_create(
        DocumentRequest(
            collection_id=key, position=1, name="Lease", is_required=state.asked != "an optional document"
        )
        for key, state in wanted.items()
    )
    Document.objects.bulk_create(
        Document(collection_id=request.collection_id, request=request, storage_name="x", size=1, sealed=b"")
        for request in requests
        if wanted[request.collection_id].asked == "a document that came"
    )
    Event.objects.bulk_create(
        Event(
            collection_id=key,
            **DOCUMENTS_ASKED,
            at=timezone.now() - timedelta(days=200 if "before" in state.asked else 0),
        )
        for key, state in wanted.items()
    )


def _kind(state: State) -> str:
    kinds = {C.COLLECTING: Run.Kind.COLLECT, C.SUBMITTED: Run.Kind.REBUILD}
    return kinds.get(C(state.status), Run.Kind.VERIFY)


def view(name: str, states: dict[int, State]) -> set[int]:
    rows = with_situations(Collection.objects.filter(pk__in=states)).filter(condition(name, timezone.now()))
    return set(rows.values_list("pk", flat=True))


def situations(states: dict[int, State]) -> dict[int, Situation]:
    rows = with_situations(Collection.objects.filter(pk__in=states))
    return {key: Situation(told) for key, told in rows.values_list("pk", "situation")}


def test_the_list_and_the_words_of_each_row_say_the_same_in_every_state(states: dict[int, State]) -> None:
    told = {row.pk: standing_of(row) for row in with_standing(Collection.objects.filter(pk__in=states))}
    assert all(standing.sentence and standing.next_action for standing in told.values())
    for name, turns in VIEWED.items():
        assert view(name, states) == {key for key, standing in told.items() if standing.waits_for in turns}
    counted = counts(Collection.objects.filter(pk__in=states))
    assert counted == {name: len(view(name, states)) for name in counted}


def test_reminders_go_to_those_alone_who_are_told_to_be_waited_for(states: dict[int, State]) -> None:
    found = situations(states)
    one_of_each = {(situation, states[key].status): key for key, situation in found.items()}
    for (situation, _status), key in one_of_each.items():
        collection = Collection.objects.get(pk=key)
        assert situation_of(collection) is situation
        reason = reminding.why_not(collection)
        assert (reason == NOT_TURN) == (
            situation.turn is not Turn.BORROWER and situation is not Situation.NO_LINK
        )
        if situation is Situation.NO_LINK:
            assert reason == "no link works; make a new one."
        elif situation.turn is Turn.BORROWER:
            assert reason == ""


def test_there_is_a_state_for_each_situation_and_a_turn_for_each(states: dict[int, State]) -> None:
    assert set(situations(states).values()) == set(Situation) == set(TURNS)


def test_what_everybody_takes_for_granted_holds_in_every_state(states: dict[int, State]) -> None:
    for key, situation in situations(states).items():
        state = states[key]
        over = state.status == C.WITHDRAWN or state.fields.get("review") in (*DECIDED, Review.ERASED)
        assert (situation.turn in (Turn.DONE, Turn.NOBODY)) == over, state
        if not state.link_works:
            assert situation.turn is not Turn.BORROWER, state
        if state.status in UNFINISHED and "unlisted_system" not in state.fields:
            assert (situation.turn is Turn.OPERATOR) == (state.run == R.NEEDS_OPERATOR), state
            assert (situation is Situation.WORKING) == (state.run in Run.LIVE), state
        if state.status == C.SUBMITTED and not over:
            assert (situation is Situation.ASKED) == (state.asked in WAITED_FOR and state.link_works), state
            assert (situation is Situation.NO_LINK) == (state.asked in WAITED_FOR and not state.link_works)
        if state.status == C.COLLECTING and state.run == R.DONE:
            previews = state.fields["previews"] and state.link_works
            assert (situation.turn is Turn.BORROWER) == bool(previews), state


@pytest.mark.parametrize(
    ("happened", "days"),
    [
        ([], 40),
        (["opened"], 30),
        (["returned"], 20),
        (["opened", "returned", "question"], 10),
        (["question", "documents"], 5),
        (["answered"], 40),
    ],
    ids=str,
)
def test_a_borrower_is_waited_for_since_it_came_last_or_was_asked_last(
    happened: list[str], days: int, db: None
) -> None:
    now = timezone.now()
    collection = factories.make_collection(status=C.SUBMITTED, shared_at=now - timedelta(days=35))
    collection.links.update(issued_at=now - timedelta(days=40))
    asked: dict[str, Any] = {"collection": collection, "asked_by": "Ana", "sealed": b""}
    for what in happened:
        if what == "opened":
            collection.links.update(last_opened_at=now - timedelta(days=30))
        elif what == "returned":
            Collection.objects.update(returned_at=now - timedelta(days=20))
        elif what == "documents":
            Event.objects.create(collection=collection, at=now - timedelta(days=5), **DOCUMENTS_ASKED)
        else:
            question = Question.objects.create(**asked, answered_at=now if what == "answered" else None)
            Question.objects.filter(pk=question.pk).update(asked_at=now - timedelta(days=10))
    since = Collection.objects.annotate(since=waiting_since()).values_list("since", flat=True).get()
    assert (now - since).days == days
