"""What a unit reads is stored whole and once, whatever was there before."""

from datetime import date
from decimal import Decimal

import pytest

from collections_app.models import Account, Collection, Connection, Lender, Run, ScopeOption, WorkUnit
from collections_app.services import collecting, reading
from intacct.sandbox import Sandbox
from tests.collecting import GROUP, SINGLE, UNASSIGNED, examined, ready, sign_in, started, submitted, work


@pytest.fixture
def collection(lender: Lender) -> Collection:
    """From the last month of one fiscal year into the next."""
    return started(lender, date_from=date(2026, 3, 1), date_to=date(2026, 4, 30))


def test_the_companys_own_words_are_kept(collection: Collection, gateway: Sandbox) -> None:
    work(sign_in(collection, SINGLE))
    connection = Connection.objects.get(collection=collection)
    assert (connection.company_name, connection.base_currency) == ("Birchwood Repairs", "USD")
    assert (connection.default_book, connection.first_fiscal_month) == ("ACCRUAL", 4)
    assert connection.gateway_host == "127.0.0.1"
    assert connection.verified_at


def test_the_chart_is_kept_with_balances_of_the_whole_period_debit_positive(
    collection: Collection, gateway: Sandbox
) -> None:
    examined(collection)
    chart = {account.number: account for account in collection.accounts.all()}
    petty, sales, gifts = chart[UNASSIGNED], chart["4000"], chart["6100"]
    assert (petty.title, petty.category, petty.in_use) == ("Petty cash", "", True)
    assert (petty.debits, petty.credits, petty.closing) == (Decimal(100), Decimal("75.25"), Decimal("24.75"))
    assert (sales.normal_balance, sales.closes_to, sales.credits) == ("credit", "3900", Decimal(820))
    assert (gifts.title, gifts.active) == ("Gifts – Zoë's list", False)
    assert sum(account.closing for account in chart.values()) == 0


def test_an_account_that_is_gone_goes_and_answers_of_the_others_stay(
    collection: Collection, gateway: Sandbox
) -> None:
    ready(collection)
    Account.holding(collection=collection, number="gone", title="Gone", assigned_category="Inventory").save()
    work(sign_in(collection))
    assert "gone" not in {account.number for account in collection.accounts.all()}
    assert Account.objects.numbered(collection, UNASSIGNED).assigned_category == "Cash and Cash Equivalents"


def test_a_unit_that_is_read_again_leaves_no_row_twice(collection: Collection, gateway: Sandbox) -> None:
    run = submitted(collection)
    collecting.unit_advance()
    first = [(month.start, month.rows) for month in collection.trial_balances.all()]
    WorkUnit.objects.filter(run=run).update(done_at=None)
    collecting.unit_advance()
    assert [(month.start, month.rows) for month in collection.trial_balances.all()] == first


def test_collected_months_follow_on_one_another_and_sum_to_zero(
    collection: Collection, gateway: Sandbox
) -> None:
    work(submitted(collection))
    months: dict[object, dict[str, tuple[Decimal, Decimal]]] = {}
    for month in collection.trial_balances.all():
        months[month.start] = {row.account: (row.opening, row.closing) for row in month.rows}
    assert len(months) == 13
    for rows in months.values():
        assert sum(closing for _, closing in rows.values()) == 0
    before: dict[str, tuple[Decimal, Decimal]] = {}
    for rows in months.values():
        for account in ("1000", "1200", "2000"):
            if before:
                assert rows[account][0] == before[account][1]
        before = rows


@pytest.mark.parametrize(
    ("basis", "kind", "identifier", "book"),
    [("", "company", "", ""), ("cash", "company", "", "CASH"), ("accrual", "entity", "E100", "ACCRUAL")],
)
def test_the_basis_that_was_asked_for_names_the_book(
    collection: Collection, basis: str, kind: str, identifier: str, book: str
) -> None:
    option = ScopeOption.holding(collection=collection, kind=kind, identifier=identifier)
    collection.basis, collection.scope_kind, collection.chosen_scope = basis, kind, option
    collection.adjustment_books = ["GAAP"]
    selection = reading.selection_of(collection)
    assert (selection.book, selection.scope_kind, selection.scope_id) == (book, kind, identifier)
    assert selection.adjustment_books == ("GAAP",)


def test_adjustment_books_are_read_with_the_main_book(lender: Lender, gateway: Sandbox) -> None:
    plain, adjusted = started(lender), started(lender, adjustment_books=["GAAP"])
    for collection in (plain, adjusted):
        examined(collection, GROUP)
    debits = [Account.objects.numbered(collection, "6000").closing for collection in (plain, adjusted)]
    assert debits[0] - debits[1] == 5
    assert not Run.objects.filter(status=Run.Status.NEEDS_OPERATOR).exists()
