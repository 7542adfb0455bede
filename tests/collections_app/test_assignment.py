"""What the product knows about accounts without a category; never anything from another lender."""

import json
from decimal import Decimal
from typing import Any

import pytest

from collections_app import assignment
from collections_app.models import Collection, Connection, Lender
from collections_app.reports.suggestions import Confidence, EarlierAnswer
from collections_app.services import erasing
from tests import factories
from tests.collecting import OPERATOR
from tests.collections_app.mapping import SPREAD, stored

WAGES = EarlierAnswer("500", "Wages", "Payroll Expense", "borrower")


@pytest.fixture
def earlier(lender: Lender) -> Collection:
    """A collection whose borrower answered Payroll Expense for account 500."""
    return factories.collected_collection(lender)


def now(lender: Lender, **changes: Any) -> Collection:
    """A later collection of the same company."""
    collection = factories.collected_collection(lender)
    collection.accounts.all().delete()
    Connection.objects.filter(collection=collection).update(**changes)
    return collection


def test_what_this_company_answered_to_this_lender_before_is_known(earlier: Collection) -> None:
    assert assignment.earlier_answers(now(earlier.lender)) == (WAGES,)


def test_what_was_answered_to_another_lender_is_not(earlier: Collection) -> None:
    assert assignment.earlier_answers(now(factories.make_lender())) == ()


@pytest.mark.parametrize(
    "changes", [{"company_key": "of another company"}, {"company_key": ""}, {"verified_at": None}]
)
def test_what_another_or_an_unproved_company_answered_is_not(
    earlier: Collection, changes: dict[str, Any]
) -> None:
    assert assignment.earlier_answers(now(earlier.lender, **changes)) == ()


@pytest.mark.parametrize(
    "changes", [{"submitted_at": None}, {"status": Collection.Status.WITHDRAWN}], ids=str
)
def test_an_earlier_collection_counts_only_when_connect_was_pressed_and_it_was_not_withdrawn(
    earlier: Collection, changes: dict[str, Any]
) -> None:
    Collection.objects.filter(pk=earlier.pk).update(**changes)
    assert assignment.earlier_answers(now(earlier.lender)) == ()


def test_an_erased_collection_says_nothing(earlier: Collection) -> None:
    erasing.data_key_destroy(collection=earlier, by=OPERATOR, why="asked for")
    assert assignment.earlier_answers(now(earlier.lender)) == ()


def test_a_single_account_of_the_lenders_template_says_a_category_where_its_line_has_one(
    earlier: Collection,
) -> None:
    document = json.loads(SPREAD)
    (cash,) = [each for each in document["mapping"] if each["line"] == "cash"]
    cash["categories"], cash["accounts"] = ["Cash and Cash Equivalents"], ["150", "999"]
    earlier.mapping = stored(earlier.lender, json.dumps(document))
    earlier.save(update_fields=["mapping"])
    said = EarlierAnswer("150", "Old suspense", "Cash and Cash Equivalents", "lender")
    assert assignment.earlier_answers(now(earlier.lender)) == (WAGES, said)


def test_an_answer_for_this_very_account_is_the_best_suggestion(earlier: Collection) -> None:
    collection = factories.collected_collection(earlier.lender)
    wages = collection.accounts.all().numbered(collection, "500")
    wages.assigned_category = ""
    wages.save()
    best = assignment.queue_of(collection).suggestions["500"][0]
    assert (best.category.name, best.confidence) == ("Payroll Expense", Confidence.HIGH)
    assert best.reason == "You chose this for 500 last time."


def test_only_accounts_with_figures_are_asked_about(earlier: Collection) -> None:
    suspense = earlier.accounts.all().numbered(earlier, "150")
    assert assignment.queue_of(earlier).decisions == ()
    suspense.closing = Decimal(5)
    suspense.save()
    earlier.refresh_from_db()
    (decision,) = assignment.queue_of(earlier).decisions
    assert ([account.number for account in decision.accounts], decision.amount) == (["150"], Decimal(5))
