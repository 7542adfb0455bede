"""Connect: refused while something is missing, done once however often it is pressed."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from collections_app import states
from collections_app.models import Account, Collection, Run
from collections_app.services import intake, invitations
from intacct.sandbox import Sandbox
from tests.collecting import (
    BORROWER,
    OPERATOR,
    UNASSIGNED,
    actions,
    examined,
    ready,
    sign_in,
    submitted,
    work,
)
from tests.parallel import at_once

CASH = "Cash and Cash Equivalents"


def withdraw(collection: Collection) -> None:
    invitations.collection_withdraw(collection=Collection.objects.get(pk=collection.pk), by=OPERATOR)


def test_connect_is_refused_while_something_is_missing(collection: Collection, gateway: Sandbox) -> None:
    examined(collection)
    with pytest.raises(intake.NotReady) as refusal:
        intake.collection_submit(collection=collection, by=BORROWER)
    assert refusal.value.reasons == [
        "These accounts have a balance or activity and need a category: 0950 Petty cash."
    ]
    collection.refresh_from_db()
    assert (collection.status, collection.submitted_at) == (Collection.Status.STARTED, None)


def test_connect_twice_gives_one_run(collection: Collection, gateway: Sandbox) -> None:
    stale = Collection.objects.get(pk=ready(collection).pk)
    first = intake.collection_submit(collection=collection, by=BORROWER)
    assert intake.collection_submit(collection=stale, by=BORROWER) == first
    assert intake.collection_submit(collection=collection, by=BORROWER) == first
    assert collection.runs.filter(kind=Run.Kind.COLLECT).count() == 1
    assert actions(collection).count("collection.collecting") == 1


def test_connect_at_once_from_twenty_pages_gives_one_run(
    transactional_db: None, collection: Collection, gateway: Sandbox
) -> None:
    ready(collection)

    def connect() -> int:
        loaded = Collection.objects.get(pk=collection.pk)
        return intake.collection_submit(collection=loaded, by=BORROWER).pk

    results = at_once(20, connect)
    run = collection.runs.get(kind=Run.Kind.COLLECT)
    assert results == [run.pk] * 20
    assert actions(collection).count("collection.collecting") == 1
    assert actions(collection).count("run.queued") == 3


def test_connect_after_the_end_returns_the_finished_run(collection: Collection, gateway: Sandbox) -> None:
    run = work(submitted(collection))
    collection.refresh_from_db()
    assert intake.collection_submit(collection=collection, by=BORROWER) == run


def test_connect_on_a_withdrawn_request_is_closed(collection: Collection, gateway: Sandbox) -> None:
    stale = Collection.objects.get(pk=ready(collection).pk)
    withdraw(collection)
    for seen in (stale, Collection.objects.get(pk=collection.pk)):
        with pytest.raises(states.AnswersClosed):
            intake.collection_submit(collection=seen, by=BORROWER)
    assert not collection.runs.filter(kind=Run.Kind.COLLECT).exists()


def test_a_category_taken_back_at_the_same_moment_cannot_slip_past_connect(
    transactional_db: None, collection: Collection, gateway: Sandbox
) -> None:
    ready(collection)
    acts = iter(["connect", "take back"] * 5)

    def act() -> object:
        loaded = Collection.objects.get(pk=collection.pk)
        if next(acts) == "connect":
            return intake.collection_submit(collection=loaded, by=BORROWER)
        return intake.categories_assign(collection=loaded, answers={UNASSIGNED: ""}, by=BORROWER)

    results = at_once(10, act)
    refusals = [result for result in results if isinstance(result, BaseException)]
    assert {type(refusal) for refusal in refusals} <= {intake.NotReady, states.AnswersClosed}
    collection.refresh_from_db()
    assigned = Account.objects.numbered(collection, UNASSIGNED).assigned_category
    assert (collection.status == Collection.Status.COLLECTING) == bool(assigned)


def test_the_worker_is_rung_for_only_after_the_commit(
    collection: Collection, gateway: Sandbox, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as rings:
        sign_in(collection)
    assert len(rings) == 1


def test_nothing_is_left_of_a_refused_answer(collection: Collection) -> None:
    before = actions(collection), timezone.now()
    with pytest.raises(ValidationError):
        intake.system_choose(collection=collection, key="", by=BORROWER)
    assert actions(collection) == before[0]
