"""Rows that are sealed at rest: plain to use, one look-up of keys for many, of no use without the key."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, models, transaction
from pytest_django import DjangoAssertNumQueries

from collections_app import data_keys, vault
from collections_app.models import Account, Collection, Connection, DataKey, Event, Lender, TrialBalance
from collections_app.models.connection import company_key_of
from collections_app.reports.figures import TrialBalanceRow
from tests import factories
from tests.collecting import invite


@pytest.fixture
def asked(lender: Lender) -> Collection:
    return invite(lender).collection


def account(collection: Collection, number: str, title: str = "Bank") -> Account:
    row = Account.holding(collection=collection, number=number, title=title, closing=Decimal("12.34"))
    row.save()
    return row


def stored_bytes(model: type[models.Model]) -> bytes:
    return b"\n".join(
        bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode()
        for row in model._default_manager.values_list()
        for cell in row
    )


def test_confidential_attributes_are_used_like_others_and_stand_in_no_column(asked: Collection) -> None:
    account(asked, "1000-SECRET", "Vault of gold")
    found = Account.objects.get()
    assert (found.number, found.title, found.closing) == ("1000-SECRET", "Vault of gold", Decimal("12.34"))
    assert (found.active, found.opening, found.category) == (True, Decimal(0), "")
    raw = stored_bytes(Account)
    assert not [word for word in (b"SECRET", b"gold", b"12.34") if word in raw]


def test_what_is_assigned_is_stored_with_the_ciphertext(asked: Collection) -> None:
    row = account(asked, "1000")
    row.title = "Renamed"
    row.save(update_fields=["sealed"])
    assert Account.objects.get().title == "Renamed"
    row.title = "Forgotten"
    row.refresh_from_db()
    assert row.title == "Renamed"


def test_a_row_that_was_only_read_keeps_its_ciphertext(asked: Collection) -> None:
    account(asked, "1000")
    row = Account.objects.get()
    before = bytes(row.sealed)
    assert row.title == "Bank"
    row.save()
    assert bytes(Account.objects.get().sealed) == before


def test_many_rows_cost_one_look_up_of_their_key(
    asked: Collection, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        account(asked, str(number))
    with django_assert_num_queries(2):
        assert len({row.number for row in asked.accounts.all()}) == 20
    rows = [Account.holding(collection=asked, number=f"new {number}") for number in range(20)]
    with django_assert_num_queries(2):
        Account.objects.bulk_create(rows)


def test_an_account_is_found_by_its_number_and_is_there_once(asked: Collection, lender: Lender) -> None:
    first = account(asked, "1000")
    other = account(invite(lender).collection, "1000")
    assert Account.objects.numbered(asked, "1000") == first
    assert first.number_key != other.number_key
    with pytest.raises(Account.DoesNotExist):
        Account.objects.numbered(asked, "1001")
    with pytest.raises(IntegrityError), transaction.atomic():
        account(asked, "1000")


def test_accounts_come_in_the_order_of_their_numbers(asked: Collection) -> None:
    for number in ("300", "100", "200"):
        account(asked, number)
    assert [row.number for row in asked.accounts.all().in_order()] == ["100", "200", "300"]


def test_a_ciphertext_opens_in_its_own_row_alone(asked: Collection) -> None:
    first, second = account(asked, "1000"), account(asked, "2000")
    Account.objects.filter(pk=first.pk).update(sealed=second.sealed)
    with pytest.raises(vault.VaultError, match="moved from another place"):
        _ = Account.objects.get(pk=first.pk).title


def test_the_lines_of_a_month_are_one_row_exact_to_the_last_digit(asked: Collection) -> None:
    exact = Decimal("123456789012345678901234.1234567891")
    rows = (TrialBalanceRow("1000", closing=exact), TrialBalanceRow("2000", debits=Decimal("0.10")))
    day = date(2026, 4, 1)
    TrialBalance.holding(collection=asked, start=day, end=date(2026, 4, 30), row_count=2, rows=rows).save()
    assert TrialBalance.objects.get().rows == rows


def test_a_company_has_one_key_however_its_id_is_written(asked: Collection, lender: Lender) -> None:
    first = factories.make_connection(asked, company_id="Acme-Prod")
    second = factories.make_connection(invite(lender).collection, company_id=" ACME-PROD")
    assert first.company_key == second.company_key == company_key_of("acme-prod")
    assert Connection.objects.filter(company_key=first.company_key).count() == 2
    assert company_key_of("acme-test") != first.company_key
    raw = stored_bytes(Connection).lower()
    assert not [word for word in (b"acme", b"xml_reader", b"intacct.com") if word in raw]


def test_the_data_of_events_is_sealed_and_who_what_and_when_is_not(asked: Collection) -> None:
    event = Event.holding(
        collection=asked, actor_kind="staff", actor="kim", action="x.y", data={"name": "Acme"}
    )
    event.save()
    assert Event.objects.get(pk=event.pk).data == {"name": "Acme"}
    raw = stored_bytes(Event)
    assert b"kim" in raw
    assert b"x.y" in raw
    assert b"Acme" not in raw


def test_a_request_has_a_data_key_of_its_own_sealed_by_the_vault(asked: Collection, lender: Lender) -> None:
    key, other = data_keys.data_key_of(asked.pk), data_keys.data_key_of(invite(lender).collection.pk)
    assert len(key) == len(other) == 32
    assert key != other
    assert key not in stored_bytes(DataKey)


def test_a_wrapped_key_opens_for_its_own_collection_alone(asked: Collection, lender: Lender) -> None:
    other = invite(lender).collection
    DataKey.objects.filter(collection=other).update(wrapped=DataKey.objects.get(collection=asked).wrapped)
    with pytest.raises(vault.VaultError):
        data_keys.data_key_of(other.pk)


def test_a_collection_without_a_key_says_so(asked: Collection) -> None:
    account(asked, "1000")
    DataKey.objects.all().delete()
    with pytest.raises(data_keys.KeyMissing, match="has no data key"):
        _ = Account.objects.get().title
    with pytest.raises(data_keys.KeyMissing):
        account(asked, "2000")
