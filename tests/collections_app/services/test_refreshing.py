"""Refreshing a request: what is copied, what is refused, and what is written down."""

import json
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from collections_app.models import Collection, Lender
from collections_app.services import refreshing
from collections_app.services.asking import CollectionRequest
from collections_app.services.document_requests import WantedDocument, as_lines, wanted_documents
from collections_app.services.invitations import Invitation, collection_invite
from tests import factories
from tests.collecting import OPERATOR, actions
from tests.collections_app.mapping import SPREAD, stored

DOCUMENTS = [WantedDocument("Tax return", "All pages"), WantedDocument("Insurance", is_required=False)]


@pytest.fixture
def earlier(lender: Lender) -> Collection:
    asked = CollectionRequest(
        lender=lender,
        borrower_name="Birchwood Bicycle Works",
        borrower_email="owner@birchwood.example",
        lender_reference="L-77",
        purpose="For the quarterly review.",
        contact_name="Dana Reyes",
        contact_phone="+1 416 555 0100",
        basis="cash",
        adjustment_books=["GAAP"],
        reports=["balance_sheet", "trial_balance"],
        documents=DOCUMENTS,
        allows_other_documents=True,
        date_from=date(2026, 1, 1),
        date_to=date(2026, 3, 31),
    )
    invitation = collection_invite(asked, by=OPERATOR, send_mail=False)
    collection = Collection.objects.get(pk=invitation.collection.pk)
    collection.mapping = stored(lender, json.dumps(json.loads(SPREAD)))
    factories.collect_at_once(collection, language="es")
    return Collection.objects.get(pk=collection.pk)


def refreshed(earlier: Collection, **changes: Any) -> Invitation:
    asked = CollectionRequest(**refreshing.request_again(earlier) | changes)
    return collection_invite(asked, by=OPERATOR, send_mail=False)


def test_all_that_was_asked_is_asked_again_for_the_period_that_follows(earlier: Collection) -> None:
    later = Collection.objects.get(pk=refreshed(earlier).collection.pk)
    same = (
        "lender",
        "borrower_name",
        "borrower_email",
        "lender_reference",
        "purpose",
        "contact_name",
        "contact_phone",
        "basis",
        "adjustment_books",
        "reports",
        "allows_other_documents",
        "language",
        "mapping",
    )
    assert [getattr(later, name) for name in same] == [getattr(earlier, name) for name in same]
    assert (later.date_from, later.date_to) == (date(2026, 4, 1), date(2026, 6, 30))
    asked = later.document_requests.values_list("name", "explanation", "is_required")
    assert list(asked) == [("Tax return", "All pages", True), ("Insurance", "", False)]
    assert (later.status, later.refreshes) == (Collection.Status.INVITED, earlier)
    assert later.links.count() == 1


def test_both_records_tell_of_it(earlier: Collection) -> None:
    later = refreshed(earlier).collection
    assert actions(later) == ["collection.invited", "refresh.made"]
    assert later.events.get(action="refresh.made").data == {"of": earlier.reference}
    assert earlier.events.get(action="collection.refreshed").data == {"reference": later.reference}


def test_another_lender_cannot_refresh_it(earlier: Collection) -> None:
    with pytest.raises(ValidationError, match="belongs to another lender"):
        refreshed(earlier, lender=factories.make_lender())
    assert Collection.objects.count() == 1


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (Collection.Status.WITHDRAWN, "was withdrawn"),
        (Collection.Status.COLLECTING, "is not complete"),
        (Collection.Status.INVITED, "is not complete"),
    ],
)
def test_only_what_is_complete_is_refreshed(earlier: Collection, status: str, why: str) -> None:
    Collection.objects.filter(pk=earlier.pk).update(status=status)
    earlier.refresh_from_db()
    with pytest.raises(ValidationError, match=why):
        refreshed(earlier)
    assert Collection.objects.count() == 1


def test_documents_are_written_as_they_are_read() -> None:
    assert wanted_documents(as_lines(DOCUMENTS).splitlines()) == DOCUMENTS
