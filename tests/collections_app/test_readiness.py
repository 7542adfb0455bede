"""What is missing before Connect: the pages show it, the service asks again."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from collections_app import readiness
from collections_app.models import Account, Collection, Connection, Run
from collections_app.reports import categories
from tests.collecting import sign_in


def put(row: Run, **fields: object) -> None:
    Run.objects.filter(pk=row.pk).update(**fields)


def account(collection: Collection, number: str, category: str = "", **fields: Any) -> Account:
    told: dict[str, Any] = {"number": number, "title": f"Title {number}", "category": category} | fields
    return Account.objects.create(collection=collection, **told)


@pytest.fixture
def examined(collection: Collection) -> Collection:
    """Everything but the categories is answered."""
    verify = sign_in(collection)
    put(verify, status="done")
    Connection.objects.update(verified_at=timezone.now())
    Collection.objects.filter(pk=collection.pk).update(scope_kind="company")
    Run.objects.create(collection=collection, kind=Run.Kind.EXAMINE, status=Run.Status.DONE)
    collection.refresh_from_db()
    return collection


def test_a_new_collection_lacks_everything_and_says_so(collection: Collection) -> None:
    collection.reviewed_at = None
    assert readiness.missing(collection) == [
        "What will be shared has not been agreed to.",
        "The sign-in to Sage Intacct has not been confirmed.",
        "No entity or consolidation book has been chosen.",
        "The chart of accounts has not been read yet.",
    ]


def test_an_answered_collection_lacks_nothing(examined: Collection) -> None:
    account(examined, "100", "Cash and Cash Equivalents", closing=Decimal(5))
    assert readiness.missing(examined) == []


@pytest.mark.parametrize("field", ["opening", "debits", "credits", "closing"])
def test_an_account_in_use_without_a_category_blocks(examined: Collection, field: str) -> None:
    account(examined, "100", **dict[str, Any]({field: Decimal("-0.01")}))
    assert readiness.missing(examined) == [
        "These accounts have a balance or activity and need a category: 100 Title 100."
    ]


def test_an_account_without_balance_or_activity_is_optional(examined: Collection) -> None:
    idle = account(examined, "100")
    assert readiness.missing(examined) == []
    assert readiness.accounts_to_assign(examined) == [idle]


def test_a_category_that_nobody_knows_counts_as_missing(examined: Collection) -> None:
    account(examined, "100", "Our Own Category", closing=Decimal(1))
    assert len(readiness.missing(examined)) == 1


@pytest.mark.parametrize("spelling", ["accounts receivable", " Accounts Receivable ", "ACCOUNTS RECEIVABLE"])
def test_a_known_category_is_known_in_any_case(examined: Collection, spelling: str) -> None:
    account(examined, "100", spelling, closing=Decimal(1))
    assert readiness.missing(examined) == []


def test_a_borrowers_answer_is_enough(examined: Collection) -> None:
    account(examined, "100", assigned_category="Inventory", closing=Decimal(1))
    assert readiness.missing(examined) == []


def test_a_long_list_names_five_and_counts_the_rest(examined: Collection) -> None:
    for number in range(101, 109):
        account(examined, str(number), closing=Decimal(1))
    (sentence,) = readiness.missing(examined)
    assert "105 Title 105 and 3 more." in sentence
    assert "106" not in sentence


def test_accounts_to_assign_come_in_use_first_and_largest_first(examined: Collection) -> None:
    account(examined, "100")
    account(examined, "200", closing=Decimal(-900))
    account(examined, "300", closing=Decimal(50))
    account(examined, "400", debits=Decimal(7), credits=Decimal(7))
    account(examined, "500", "Inventory", closing=Decimal(1))
    assert [row.number for row in readiness.accounts_to_assign(examined)] == ["200", "300", "400", "100"]


def test_offered_names_are_the_standard_list_and_those_in_use_here(
    examined: Collection, lender: object
) -> None:
    account(examined, "100", "Our Own Category")
    account(examined, "200", "inventory")
    offered = readiness.offered_categories(examined)
    assert offered["our own category"] == "Our Own Category"
    assert offered["inventory"] == "Inventory"
    assert len(offered) == len(categories.STANDARD) + 1


def test_the_password_must_still_be_held(examined: Collection) -> None:
    Connection.objects.update(secret=None)
    assert not readiness.sign_in_works(examined)
    assert readiness.missing(examined) == ["The sign-in to Sage Intacct has not been confirmed."]


def test_a_sign_in_that_failed_since_does_not_work(examined: Collection) -> None:
    put(examined.runs.all()[0], status="needs_borrower", problem="sign_in_refused")
    problem = readiness.borrowers_problem(examined)
    assert problem
    assert problem.name == "sign_in_refused"
    assert not readiness.sign_in_works(examined)


def test_a_cancelled_run_does_not_count(examined: Collection) -> None:
    put(examined.runs.all()[0], status="cancelled")
    assert not readiness.chart_read(examined)


def test_a_run_of_ours_to_mend_is_not_the_borrowers_problem(examined: Collection) -> None:
    put(examined.runs.all()[0], status="needs_operator", problem="our_fault")
    problem = readiness.waiting_for_operator(examined)
    assert problem
    assert problem.name == "our_fault"
    assert readiness.borrowers_problem(examined) is None
