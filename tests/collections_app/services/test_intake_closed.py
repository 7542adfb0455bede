"""Too late: no door stays open once the request is withdrawn or under way."""

from collections.abc import Callable

import pytest

from collections_app import states
from collections_app.models import Account, Collection, Connection, Run
from collections_app.services import intake, invitations
from intacct.sandbox import Sandbox
from tests.collecting import (
    BORROWER,
    OPERATOR,
    UNASSIGNED,
    actions,
    ready,
    sign_in,
    submitted,
    work,
)

CASH = "Cash and Cash Equivalents"


def withdraw(collection: Collection) -> None:
    invitations.collection_withdraw(collection=Collection.objects.get(pk=collection.pk), by=OPERATOR)


ANSWERS: dict[str, Callable[[Collection], object]] = {
    "system": lambda c: intake.system_choose(collection=c, key="sage-intacct", by=BORROWER),
    "unlisted system": lambda c: intake.unlisted_system_report(collection=c, name="Other", by=BORROWER),
    "review": lambda c: intake.review_confirm(collection=c, by=BORROWER),
    "connect": lambda c: intake.connect_confirm(collection=c, by=BORROWER),
    "permission type": lambda c: intake.permission_type_choose(
        collection=c, permission_type="role-based", by=BORROWER
    ),
    "sign-in": sign_in,
    "scope": lambda c: intake.scope_choose(collection=c, kind="company", identifier="", by=BORROWER),
    "categories": lambda c: intake.categories_assign(
        collection=c, answers={UNASSIGNED: "Inventory"}, by=BORROWER
    ),
}


def test_no_answer_is_taken_once_the_request_was_withdrawn(collection: Collection, gateway: Sandbox) -> None:
    """The page was loaded before, so its collection still looks open."""
    ready(collection)
    stale = {name: Collection.objects.get(pk=collection.pk) for name in ANSWERS}
    withdraw(collection)
    before = actions(collection)
    for name, answer in ANSWERS.items():
        with pytest.raises(states.AnswersClosed):
            answer(stale[name])
        assert actions(collection) == before, name
    assert not collection.runs.filter(status__in=Run.LIVE).exists()
    assert Connection.objects.get(collection=collection).secret is None
    assert Account.objects.numbered(collection, UNASSIGNED).assigned_category == CASH


def test_no_answer_is_taken_while_the_collection_is_under_way(
    collection: Collection, gateway: Sandbox
) -> None:
    ready(collection)
    stale = {name: Collection.objects.get(pk=collection.pk) for name in ANSWERS}
    run = intake.collection_submit(collection=collection, by=BORROWER)
    for name, answer in ANSWERS.items():
        with pytest.raises(states.AnswersClosed):
            answer(stale[name])
        run.refresh_from_db()
        assert run.status == Run.Status.QUEUED, name
    assert Account.objects.numbered(collection, UNASSIGNED).assigned_category == CASH


def test_a_submitted_collection_takes_no_new_sign_in(collection: Collection, gateway: Sandbox) -> None:
    work(submitted(collection))
    collection.refresh_from_db()
    with pytest.raises(states.AnswersClosed):
        sign_in(collection)
    assert Connection.objects.get(collection=collection).secret is None
