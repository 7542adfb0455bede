"""A company is known again after SECRET_KEY was changed, and never asked more at once because of it."""

from typing import Any

import pytest

from collections_app import assignment, selectors
from collections_app.admin import comparing
from collections_app.admin.access import Desk
from collections_app.models import Collection, Connection, Lender
from collections_app.services import erasing
from collections_app.services.recognizing import companies_recognize
from tests import factories
from tests.collecting import OPERATOR, sign_in, started

COMPANY = "ACME"


@pytest.fixture
def earlier(lender: Lender, settings: Any) -> Collection:
    """A shared collection of the time before SECRET_KEY was changed."""
    collection = factories.collected_collection(lender)
    settings.SECRET_KEY = "another key " * 6
    return collection


def keys() -> set[str]:
    return set(Connection.objects.values_list("company_key", flat=True))


def test_compare_and_the_suggestions_find_the_earlier_collection_again(
    earlier: Collection, lender: Lender
) -> None:
    now = factories.collected_collection(lender)
    analyst = factories.make_staff(lender)
    desk = Desk(analyst, selectors.staff_member_of(analyst))
    assert (comparing.others_of(now, desk), assignment.earlier_answers(now)) == ([], ())
    found = companies_recognize()
    assert (found.moved, found.left) == (1, 0)
    assert comparing.others_of(now, desk) == [earlier]
    assert assignment.earlier_answers(now) != ()
    assert len(keys()) == 1
    again = companies_recognize()
    assert (again.moved, again.left) == (0, 0)


def test_a_rehearsal_counts_and_changes_nothing(earlier: Collection) -> None:
    before = keys()
    found = companies_recognize(dry_run=True)
    assert (found.moved, found.left) == (0, 1)
    assert keys() == before


def test_a_company_with_a_run_under_way_keeps_its_key_until_that_has_ended(
    lender: Lender, settings: Any
) -> None:
    """Another collection of it would else take two places more at the gateway."""
    factories.collected_collection(lender)
    run = sign_in(started(lender), COMPANY)
    settings.SECRET_KEY = "another key " * 6
    before = keys()
    assert len(before) == 1
    found = companies_recognize()
    assert (found.moved, found.left) == (0, 1)
    assert keys() == before == {run.units.get().company_key}
    run.status = "cancelled"
    run.save()
    assert (companies_recognize().moved, keys() & before) == (1, set())


def test_what_was_erased_is_left_and_asks_for_nothing(earlier: Collection) -> None:
    erasing.data_key_destroy(collection=earlier, by=OPERATOR, why="asked for")
    found = companies_recognize()
    assert (found.moved, found.left) == (0, 0)
