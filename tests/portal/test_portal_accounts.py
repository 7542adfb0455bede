"""Balances in words, and the lists to choose from."""

from decimal import Decimal
from typing import Any

import pytest

from collections_app.models import Account
from portal.steps.account_questions import Row
from portal.steps.categories import CategoriesForm
from portal.templatetags import portal_accounts

CHOICES: list[tuple[Any, Any]] = [
    ("", "Choose a category"),
    ("In use in your company", [("Inventory", "Inventory"), ("House <special>", "House <special>")]),
    ("Current Assets", [("Inventory", "Inventory"), ("Accounts Receivable", "Accounts Receivable")]),
    ("Revenue", [("Revenue", "Revenue")]),
]


def account(number: str, account_type: str = "balancesheet", **fields: Any) -> Account:
    return Account.holding(number=number, title=f"Title {number}", account_type=account_type, **fields)


def rows(*accounts: Account, data: dict[str, str] | None = None) -> list[Row]:
    return [Row(*each) for each in CategoriesForm(data, accounts=accounts, choices=CHOICES).rows()]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"closing": Decimal("1234.5")}, "1,234.50 debit"),
        ({"closing": Decimal("-1234.5")}, "1,234.50 credit"),
        ({"debits": Decimal(7), "credits": Decimal(7)}, "no balance at the end, but activity in the period"),
        ({}, ""),
    ],
)
def test_a_balance_is_told_without_a_sign(fields: dict[str, Any], words: str) -> None:
    assert portal_accounts.balance(account("100", **fields)) == words


def test_a_list_offers_the_categories_of_its_own_statement_and_the_companys_own_names() -> None:
    (row,) = rows(account("100"))
    markup = portal_accounts.category_select(row)
    assert "<option>Accounts Receivable" in markup
    assert "<option>House &lt;special&gt;" in markup
    assert "<option>Revenue" not in markup
    assert markup.count("<option>Inventory") == 1


def test_the_chosen_category_is_in_the_list_even_when_it_belongs_to_the_other_statement() -> None:
    (row,) = rows(account("100", assigned_category="Revenue"))
    assert "<option selected>Revenue" in portal_accounts.category_select(row)


def test_a_wrong_choice_points_to_its_error() -> None:
    (row,) = rows(account("100"), data={"category-100": "No such thing"})
    assert 'aria-describedby="id_category-100_error"' in portal_accounts.category_select(row)


def test_the_list_for_all_ticked_accounts_offers_every_category() -> None:
    form = CategoriesForm(None, accounts=[], choices=CHOICES)
    markup = portal_accounts.category_select_for_all(form["category_for_selected"])
    assert "<option>Revenue" in markup
    assert "<option>Accounts Receivable" in markup
