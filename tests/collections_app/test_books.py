"""From stored rows to the figures of the reports."""

from datetime import date
from decimal import Decimal

import pytest

from collections_app import books
from collections_app.models import Account, Collection, Connection, Lender, ScopeOption
from intacct.sandbox import Sandbox
from tests.collecting import UNASSIGNED, started, submitted, work


@pytest.fixture
def collection(lender: Lender) -> Collection:
    """From the last month of one fiscal year into the next."""
    return started(lender, date_from=date(2026, 3, 1), date_to=date(2026, 4, 30))


@pytest.fixture
def complete(collection: Collection, gateway: Sandbox) -> Collection:
    work(submitted(collection))
    collection.refresh_from_db()
    return collection


def test_the_heading_states_scope_basis_currency_period_and_source(complete: Collection) -> None:
    heading = books.heading_of(complete)
    assert (heading.reference, heading.lender) == (complete.reference, "Harbor Community Bank")
    assert (heading.company_id, heading.company_name) == ("BIRCHSOLO", "Birchwood Repairs")
    assert (heading.scope.kind, heading.scope.id, heading.scope.name) == ("company", "", "Birchwood Repairs")
    assert (heading.basis, heading.currency, heading.first_fiscal_month) == ("accrual", "USD", 4)
    assert (heading.date_from, heading.date_to) == (date(2026, 3, 1), date(2026, 4, 30))
    assert heading.source == "Sage Intacct, 127.0.0.1"
    assert str(heading.collected_at.tzinfo) == "America/Toronto"


@pytest.mark.parametrize(
    ("asked", "default_book", "of_the_scope", "basis"),
    [
        ("", "ACCRUAL", "", "accrual"),
        ("", "CASH", "", "cash"),
        ("accrual", "CASH", "", "accrual"),
        ("cash", "ACCRUAL", "", "cash"),
        ("cash", "ACCRUAL", "accrual", "accrual"),
    ],
)
def test_the_basis_is_the_books_own_else_what_was_asked_for_else_the_companys(
    asked: str, default_book: str, of_the_scope: str, basis: str
) -> None:
    found = books.basis_of(
        Collection(basis=asked),
        Connection.holding(default_book=default_book),
        ScopeOption.holding(basis=of_the_scope),
    )
    assert found == basis


def test_an_account_says_where_its_category_comes_from(complete: Collection) -> None:
    accounts = {account.number: account for account in books.books_of(complete).accounts}
    assert (accounts[UNASSIGNED].category, accounts[UNASSIGNED].category_source) == (
        "Cash and Cash Equivalents",
        "borrower",
    )
    assert accounts["1000"].category_source == "intacct"
    account = Account.objects.numbered(complete, UNASSIGNED)
    account.assigned_category = ""
    account.save()
    accounts = {account.number: account for account in books.books_of(complete).accounts}
    assert (accounts[UNASSIGNED].category, accounts[UNASSIGNED].category_source) == ("", "none")


def test_months_come_in_order_from_the_fiscal_years_first_day(complete: Collection) -> None:
    months = books.books_of(complete).months
    assert [month.start for month in months] == sorted(month.start for month in months)
    assert (months[0].start, months[-1].end) == (date(2025, 4, 1), date(2026, 4, 30))
    assert {len(month.rows) for month in months} == {9}


def test_the_reports_of_a_collection_carry_its_figures(complete: Collection) -> None:
    reports = books.reports_of(complete)
    (net_income,) = [line for line in reports.income_statement.lines if line.key == "net_income"]
    # March: nothing sold, 75.25 of gifts. April: 820.00 sold, 400.00 and 10.00 of rent.
    assert list(net_income.values) == [Decimal("-75.25"), Decimal("410.00"), Decimal("334.75")]
    (cash,) = [line for line in reports.balance_sheet.lines if line.key == "cash_and_equivalents"]
    assert cash.values[-1] == Decimal("12775.25")
