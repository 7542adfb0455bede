"""Amounts come back from the database as they went in."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collections_app.models import Account, Collection
from collections_app.models.money import plain

AMOUNTS = st.decimals(
    min_value=Decimal("-999999999999999999999999"),
    max_value=Decimal("999999999999999999999999"),
    places=10,
    allow_nan=False,
)


def stored(collection: Collection, amount: Decimal) -> Decimal:
    collection.accounts.all().delete()
    row = Account.holding(collection=collection, number="100", title="Bank", closing=amount)
    row.save()
    return Account.objects.get(pk=row.pk).closing


@pytest.mark.parametrize(
    "amount",
    ["0", "-0.01", "0.10", "1234567890123456.78", "-9999999999999999.99", "0.1234567891", "100", "1E+3"],
)
def test_an_amount_comes_back_exactly(collection: Collection, amount: str) -> None:
    assert stored(collection, Decimal(amount)) == Decimal(amount)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(amount=AMOUNTS)
def test_every_amount_that_fits_comes_back_to_its_last_place(collection: Collection, amount: Decimal) -> None:
    assert stored(collection, amount) == amount


def test_an_amount_survives_an_update_of_many_rows(collection: Collection) -> None:
    accounts = [Account.holding(collection=collection, number=str(number), title="x") for number in range(3)]
    Account.objects.bulk_create(accounts)
    for account in accounts:
        account.closing = Decimal("123456789012345678.91")
    Account.objects.bulk_update(accounts, ["sealed"])
    found = [account.closing for account in Account.objects.all()]
    assert found == [Decimal("123456789012345678.91")] * 3


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("12.5000000000", "12.50"),
        ("12", "12.00"),
        ("0E-10", "0.00"),
        ("0.0050000000", "0.005"),
        ("-3.1400000000", "-3.14"),
        ("1200.0000000000", "1200.00"),
        ("123456789012345678901234.1234567891", "123456789012345678901234.1234567891"),
    ],
)
def test_two_places_are_shown_where_two_are_enough(amount: str, shown: str) -> None:
    assert str(plain(Decimal(amount))) == shown


def test_an_account_is_in_use_when_anything_moved_or_stands() -> None:
    for field in ("opening", "debits", "credits", "closing"):
        amount: dict[str, Any] = {field: Decimal("-0.01")}
        assert Account.holding(number="1", **amount).in_use
    assert not Account.holding(number="1").in_use
