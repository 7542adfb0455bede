"""Whose answers a request may remember: the same lender's, the same company's, and only what is kept."""

from typing import Any

import pytest

from collections_app import remembering
from collections_app.models import Collection, Connection, Lender
from collections_app.remembering import Memory
from collections_app.services import erasing
from tests import factories
from tests.collecting import OPERATOR


@pytest.fixture
def earlier(lender: Lender) -> Collection:
    return factories.collected_collection(lender)


def later(earlier: Collection, lender: Lender | None = None, **company: Any) -> Collection:
    """A request that refreshes the earlier one, signed in."""
    collection = factories.make_collection(lender or earlier.lender, refreshes=earlier)
    factories.collect_at_once(collection, status=Collection.Status.STARTED)
    connection = Connection.objects.get(collection=collection)
    for name, value in company.items():
        setattr(connection, name, value)
    connection.save()
    for account in collection.accounts.all():
        account.assigned_category = ""
        account.save()
    return Collection.objects.get(pk=collection.pk)


def remembered(collection: Collection) -> dict[str, str]:
    return dict(remembering.categories_of_last_time(collection, collection.accounts.all()))


def scope(collection: Collection) -> str | None:
    found = remembering.scope_of_last_time(collection, collection.scope_options.all())
    return found.name if found else None


@pytest.mark.parametrize("company_id", ["ACME", "acme", " Acme "])
def test_the_same_company_is_remembered_however_its_id_is_typed(earlier: Collection, company_id: str) -> None:
    collection = later(earlier, company_id=company_id)
    assert remembering.memory_of(collection) is Memory.SAME_COMPANY
    assert remembered(collection) == {"500": "Payroll Expense"}
    assert scope(collection) == "Acme Incorporated"


@pytest.mark.parametrize(
    ("company", "memory"),
    [
        ({"company_id": "ACME2"}, Memory.OTHER_COMPANY),
        ({"company_id": ""}, Memory.OTHER_COMPANY),
        ({"verified_at": None}, Memory.NOT_YET),
    ],
)
def test_another_or_an_unproved_company_is_not(
    earlier: Collection, company: dict[str, Any], memory: Memory
) -> None:
    collection = later(earlier, **company)
    assert remembering.memory_of(collection) is memory
    assert (remembered(collection), scope(collection)) == ({}, None)


def test_nothing_is_ever_remembered_of_another_lender(earlier: Collection) -> None:
    collection = later(earlier, factories.make_lender())
    assert remembering.memory_of(collection) is Memory.NOTHING
    assert (remembered(collection), scope(collection)) == ({}, None)


@pytest.mark.parametrize("status", [Collection.Status.WITHDRAWN, Collection.Status.STARTED])
def test_nothing_is_remembered_of_what_is_not_shared(earlier: Collection, status: str) -> None:
    collection = later(earlier)
    Collection.objects.filter(pk=earlier.pk).update(status=status)
    collection = Collection.objects.get(pk=collection.pk)
    assert (remembered(collection), scope(collection)) == ({}, None)


def test_nothing_is_remembered_of_what_was_erased(earlier: Collection) -> None:
    collection = later(earlier)
    erasing.data_key_destroy(collection=earlier, by=OPERATOR, why="asked for")
    assert remembering.memory_of(collection) is Memory.NOTHING
    assert (remembered(collection), scope(collection)) == ({}, None)


def test_an_account_that_has_a_category_by_now_keeps_it(earlier: Collection) -> None:
    collection = later(earlier)
    wages = collection.accounts.all().numbered(collection, "500")
    wages.category = "Payroll Expense"
    wages.save()
    assert remembered(collection) == {}


def test_how_many_accounts_there_are_costs_no_queries(
    earlier: Collection, django_assert_max_num_queries: Any
) -> None:
    collection = later(earlier)
    accounts = list(collection.accounts.all())
    with django_assert_max_num_queries(14):
        remembering.categories_of_last_time(collection, accounts)
