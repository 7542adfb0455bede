"""The layout of a request: its template's or the earlier request's, else the lender's usual one."""

import json
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from collections_app.models import Collection, Lender
from collections_app.services import refreshing, reporting
from collections_app.services.asking import CollectionRequest
from collections_app.services.invitations import collection_invite
from tests import factories
from tests.collecting import OPERATOR, invite
from tests.collections_app.mapping import spread, stored


@pytest.fixture
def lender(db: None) -> Lender:
    """A lender whose usual layout is the first version of it."""
    lender = factories.make_lender()
    lender.usual_mapping = stored(lender)
    lender.save()
    return lender


def asked_again(earlier: Collection) -> Collection:
    dates = {"date_from": date(2026, 4, 1), "date_to": date(2026, 6, 30)}
    asked = CollectionRequest(**refreshing.request_again(earlier) | dates)
    return collection_invite(asked, by=OPERATOR, send_mail=False).collection


def test_what_is_collected_has_the_usual_layout_at_once(lender: Lender) -> None:
    collection = invite(lender).collection
    factories.collect_at_once(collection)
    file = collection.files.get(name=reporting.STATEMENTS)
    with reporting.file_read(file) as content:
        mapped = json.loads(content.read())["mapped"]
    assert mapped["template"] == "RMA spread"


def test_a_request_keeps_the_layout_that_was_usual_when_it_was_made(lender: Lender) -> None:
    first = invite(lender).collection
    newer = stored(lender, spread(version=2))
    assert invite(lender).collection.mapping == first.mapping
    lender.usual_mapping = newer
    lender.save()
    assert invite(lender).collection.mapping == newer
    first.refresh_from_db()
    assert first.mapping and first.mapping.version == 1


def test_a_request_template_may_have_a_layout_of_its_own(lender: Lender) -> None:
    other = stored(lender, spread(name="Loan review"))
    own, plain = (factories.make_request_template(lender, mapping=each) for each in (other, None))
    assert invite(lender, template=own).collection.mapping == other
    assert invite(lender, template=plain).collection.mapping == lender.usual_mapping


def test_a_refresh_keeps_its_layout_and_gets_the_usual_one_only_where_it_had_none(lender: Lender) -> None:
    with_one, without = (factories.collected_collection(lender) for _ in range(2))
    Collection.objects.filter(pk=with_one.pk).update(mapping=lender.usual_mapping)
    lender.usual_mapping = stored(lender, spread(version=2))
    lender.save()
    versions = [asked_again(Collection.objects.get(pk=each.pk)).mapping for each in (with_one, without)]
    assert [each and each.version for each in versions] == [1, 2]


@pytest.mark.parametrize("choose", ["usual_mapping", "mapping"])
def test_another_lenders_layout_is_refused(lender: Lender, choose: str) -> None:
    foreign = stored(factories.make_lender())
    row: Any = lender if choose == "usual_mapping" else factories.make_request_template(lender)
    setattr(row, choose, foreign)
    with pytest.raises(ValidationError, match="belongs to another lender"):
        row.full_clean()
