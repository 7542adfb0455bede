"""The accounts of the categories step in their groups, and the lists to choose from."""

from decimal import Decimal
from typing import Any

import pytest

from collections_app.models import Account
from portal.steps.categories import STATEMENTS, CategoriesForm
from portal.templatetags import portal_accounts

CHOICES: list[tuple[Any, Any]] = [
    ("", "Choose a category"),
    ("In use in your company", [("Inventory", "Inventory"), ("House <special>", "House <special>")]),
    ("Current Assets", [("Inventory", "Inventory"), ("Accounts Receivable", "Accounts Receivable")]),
    ("Revenue", [("Revenue", "Revenue")]),
]


def account(number: str, account_type: str = "balancesheet", **fields: Any) -> Account:
    return Account(number=number, title=f"Title {number}", account_type=account_type, **fields)


def rows(*accounts: Account, data: dict[str, str] | None = None) -> list[dict[str, Any]]:
    return CategoriesForm(data, accounts=accounts, choices=CHOICES).rows()


def test_accounts_with_figures_are_needed_and_the_others_optional_statement_by_statement() -> None:
    groups = portal_accounts.by_statement(
        rows(
            account("400", "incomestatement", credits=Decimal(5)),
            account("100", closing=Decimal(5)),
            account("101"),
        ),
        STATEMENTS,
    )
    assert [group.key for group in groups] == ["balancesheet", "incomestatement"]
    assert [row["account"].number for row in groups[0].needed] == ["100"]
    assert [row["account"].number for row in groups[0].optional] == ["101"]
    assert groups[1].optional == ()


def test_a_statement_without_such_accounts_is_left_out() -> None:
    groups = portal_accounts.by_statement(rows(account("100")), STATEMENTS)
    assert [group.key for group in groups] == ["balancesheet"]


def test_only_accounts_that_are_needed_and_not_chosen_are_missing() -> None:
    balance = Decimal(5)
    groups = portal_accounts.by_statement(
        rows(
            account("100", closing=balance),
            account("101", assigned_category="Inventory", closing=balance),
            account("102"),
        ),
        STATEMENTS,
    )
    assert groups[0].chosen == 1
    assert portal_accounts.still_missing(groups) == 1


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
