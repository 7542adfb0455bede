from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from collections_app.admin.moments import moment
from collections_app.admin.standing import Standing, standing_of, with_standing
from collections_app.links import MOST_OPENINGS
from collections_app.models import Collection, Question, Run
from tests import factories

S = Collection.Status
R = Run.Status


def standing(collection: Collection) -> Standing:
    return standing_of(with_standing(Collection.objects.all()).get(pk=collection.pk))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"status": S.INVITED}, "The borrower has not opened the link yet."),
        ({"status": S.STARTED}, "The borrower has opened the link and not yet agreed to what is shared."),
        (
            {"status": S.STARTED, "unlisted_system": "Xero"},
            "The borrower keeps its books in another system: Xero.",
        ),
        ({"status": S.SUBMITTED}, "The reports are here."),
        ({"status": S.WITHDRAWN}, "Withdrawn: the link no longer works."),
    ],
)
def test_a_collection_without_a_run_is_told_by_its_answers(
    fields: dict[str, Any], sentence: str, db: None
) -> None:
    assert standing(factories.make_collection(**fields)).sentence == sentence


@pytest.mark.parametrize(
    ("status", "fields", "sentence"),
    [
        (R.QUEUED, {}, "Collecting the reports: 0 of 5 parts done."),
        (R.RUNNING, {}, "Collecting the reports: 0 of 5 parts done."),
        (R.WAITING, {}, "Collecting the reports: waits, because Sage Intacct is not answering."),
        (
            R.NEEDS_BORROWER,
            {"problem": "permission_missing"},
            "Waits for the borrower: the user lacks a permission that the reports need.",
        ),
        (
            R.NEEDS_OPERATOR,
            {"problem": "sender_refused"},
            "Stopped: Sage Intacct refused this service's own sign-in.",
        ),
        (R.DONE, {}, "The last parts are being stored."),
    ],
)
def test_a_collection_under_way_is_told_by_its_run(
    status: str, fields: dict[str, Any], sentence: str, db: None
) -> None:
    collection = factories.make_collection(status=S.COLLECTING)
    factories.make_run(collection, Run.Kind.COLLECT, status=status, **fields)
    assert standing(collection).sentence == sentence


def test_the_newest_run_that_was_not_cancelled_counts(db: None) -> None:
    collection = factories.make_collection(status=S.STARTED)
    factories.make_run(collection, Run.Kind.VERIFY, status=R.NEEDS_BORROWER, problem="sign_in_refused")
    factories.make_run(collection, Run.Kind.VERIFY, status=R.CANCELLED)
    assert "did not accept" in standing(collection).sentence


def test_an_expired_link_is_the_lenders_turn(db: None) -> None:
    collection = factories.make_collection()
    collection.links.update(expires_at=timezone.now() - timedelta(days=1))
    told = standing(collection)
    assert told.sentence.startswith("The link expired on ")
    assert told.next_action == "Make a new link and send it to the borrower."
    assert told.waits_for == "lender"


def test_who_is_asked_is_waited_for_as_long_as_the_link_lets_it_answer(db: None) -> None:
    now = timezone.now()
    collection = factories.make_collection(status=S.SUBMITTED, shared_at=now - timedelta(days=89))
    Question.objects.create(collection=collection, asked_by="Ana", sealed=b"")
    collection.links.update(expires_at=now - timedelta(days=75))
    told = standing(collection)
    assert told.sentence == "The borrower has not sent all that you asked for: an answer, or a document."
    assert moment(now + timedelta(days=1), collection.lender) in told.next_action
    Collection.objects.update(shared_at=now - timedelta(days=91))
    told = standing(collection)
    assert told.sentence == f"The link expired on {moment(now - timedelta(days=1), collection.lender)}."
    assert told.waits_for == "lender"


@pytest.mark.parametrize(
    "closed",
    [{"revoked_at": timezone.now()}, {"opened_count": MOST_OPENINGS}],
    ids=["switched off", "opened too often"],
)
def test_a_link_that_was_closed_is_not_said_to_have_expired(closed: dict[str, Any], db: None) -> None:
    collection = factories.make_collection()
    collection.links.update(**closed)
    assert standing(collection).sentence == "No link works."
    assert standing(collection).waits_for == "lender"


def test_a_borrower_who_must_act_needs_a_link_that_works(db: None) -> None:
    collection = factories.make_collection(status=S.COLLECTING)
    factories.make_run(collection, Run.Kind.COLLECT, status=R.NEEDS_BORROWER, problem="password_gone")
    assert "The link works until" in standing(collection).next_action
    collection.links.update(expires_at=timezone.now())
    assert standing(collection).waits_for == "lender"
