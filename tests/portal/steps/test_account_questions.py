"""The order in which accounts are asked about, and what is suggested for each."""

from decimal import Decimal
from typing import Any

from collections_app import assignment
from collections_app.models import Account, Collection
from portal.steps.account_questions import Questions, answer_in, questions_of, worth_showing
from portal.steps.categories import CategoriesForm, grouped_choices
from portal.templatetags import portal_accounts
from tests import factories


def account(collection: Collection, number: str, title: str, **fields: Any) -> None:
    told = {"account_type": "incomestatement", "normal_balance": "debit", "debits": Decimal(10)} | fields
    Account.holding(collection=collection, number=number, title=title, **told).save()


def asked(collection: Collection) -> Questions:
    accounts = list(collection.accounts.all())
    form = CategoriesForm(None, accounts=accounts, choices=grouped_choices(collection))
    return questions_of(form.rows(), assignment.queue_of(collection))


def test_accounts_that_look_alike_are_one_question_and_come_first(db: None) -> None:
    collection = factories.make_collection()
    account(collection, "6100", "Office rent")
    account(collection, "6110", "Warehouse rent", debits=Decimal(90))
    account(collection, "6200", "Advertising", debits=Decimal(5000))
    questions = asked(collection)
    (rent,) = questions.groups
    assert (rent.category, rent.amount, rent.is_guess) == ("Rent Expense", Decimal(100), False)
    assert answer_in(rent.answer) == ("Rent Expense", ["6110", "6100"])
    assert portal_accounts.first_names(rent) == "6110 Warehouse rent, 6100 Office rent"
    assert [row.account.number for row in questions.singles] == ["6200"]
    assert questions.missing == 3


def test_single_accounts_come_in_the_order_of_their_money(db: None) -> None:
    collection = factories.make_collection()
    account(collection, "6200", "Advertising")
    account(collection, "6300", "Office rent", debits=Decimal(20))
    account(collection, "6400", "Xyzzy", debits=Decimal(30))
    assert [row.account.number for row in asked(collection).singles] == ["6400", "6300", "6200"]


def test_what_is_answered_and_what_may_stay_open_is_apart(db: None) -> None:
    collection = factories.make_collection()
    account(collection, "6200", "Advertising", debits=Decimal(0))
    account(collection, "6300", "Office rent", assigned_category="Rent Expense")
    questions = asked(collection)
    assert [row.account.number for row in questions.optional] == ["6200"]
    assert [row.account.number for row in questions.chosen] == ["6300"]
    assert questions.chosen[0].suggestions == ()
    assert questions.missing == 0


def test_a_guess_is_shown_beside_other_guesses_alone(db: None) -> None:
    collection = factories.make_collection()
    account(collection, "6300", "Rent")
    account(collection, "6400", "Xyzzy")
    found = assignment.queue_of(collection).suggestions
    assert [each.category.name for each in worth_showing(found["6300"])] == ["Rent Expense"]
    assert len(worth_showing(found["6400"])) == 2
    assert portal_accounts.grade(found["6400"][0]) == "A guess."
