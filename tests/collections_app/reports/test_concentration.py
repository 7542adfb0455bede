"""What hangs on a few parties, and how well receivables are collected."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from collections_app.reports.aging import BY_DUE_DATE, age_position
from collections_app.reports.collection_quality import collection_quality, dilution
from collections_app.reports.concentration import concentration_of_aging, concentration_of_invoices
from collections_app.reports.open_items import History, history
from collections_app.reports.subledger import Application, Document, Payment
from collections_app.reports.trailing import twelve_months
from tests.collections_app.reports.subledger_cast import (
    DAY,
    amounts,
    applied,
    invoice,
    memo,
    receipt,
    subledger,
)


def known(*records: Document | Payment | Application) -> History:
    return history(subledger(*records))


def days_ago(days: int) -> date:
    return DAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("last", "first"),
    [
        (date(2026, 3, 31), date(2025, 4, 1)),
        (date(2028, 2, 29), date(2027, 3, 1)),
        (date(2027, 2, 28), date(2026, 3, 1)),
        (date(2028, 2, 28), date(2027, 3, 1)),
        (date(2026, 3, 17), date(2025, 3, 18)),
    ],
)
def test_twelve_months_begin_the_day_after_the_same_day_a_year_before(last: date, first: date) -> None:
    assert twelve_months(last) == (first, last)


def test_shares_and_index_are_of_what_is_owed() -> None:
    """60 %, 30 % and 10 %: 3,600 + 900 + 100; the customer in credit owes nothing."""
    owed = [invoice(n, amount, DAY, party=f"C{n}") for n, amount in ((1, "60"), (2, "30"), (3, "10"))]
    position = known(*owed, memo(4, "-25", DAY, party="C4")).position(DAY)
    found = concentration_of_aging(age_position(position, BY_DUE_DATE))
    assert [share.percentage for share in found.shares] == list(amounts(60, 30, 10))
    assert found.herfindahl == 4600
    assert found.top(2) == 90
    assert found.top(5) == found.top(10) == 100
    assert found.largest is not None and found.largest.name == "Party C1"


def test_nothing_owed_has_no_concentration() -> None:
    found = concentration_of_aging(age_position(known().position(DAY), BY_DUE_DATE))
    assert (found.largest, found.herfindahl, found.top(5)) == (None, None, None)


def test_sales_are_the_documents_of_twelve_months_less_credits() -> None:
    found = concentration_of_invoices(
        known(
            invoice(1, "100", days_ago(10), party="C1"),
            memo(2, "-20", days_ago(5), party="C1"),
            invoice(3, "20", days_ago(364), party="C2"),
            invoice(4, "999", days_ago(365), party="C3"),
            invoice(5, "999", days_ago(50), party="C3", state="Reversed", reversed_on=days_ago(1)),
            invoice(6, "999", days_ago(50), party="C3", state="Draft"),
            receipt(7, "50", days_ago(3), party="C1"),
        ),
        DAY,
    )
    assert [share.party for share in found.shares] == ["C1", "C2"]
    assert [share.amount for share in found.shares] == list(amounts(80, 20))
    assert found.total == 100


def test_dilution_is_what_lowered_invoices_without_a_payment() -> None:
    """(40 + 25 + 5) / 1,000 = 7 %."""
    found = dilution(
        known(
            invoice(1, "1000", days_ago(100)),
            invoice(2, "500", days_ago(400)),
            memo(3, "-40", days_ago(30)),
            memo(4, "-25", days_ago(20), description="Write-off, customer insolvent"),
            memo(5, "60", days_ago(20)),
            receipt(6, "900", days_ago(10)),
            applied(1, "invoice:1", days_ago(10), payment="payment:6", payment_amount="900", discount="5"),
            applied(2, "invoice:2", days_ago(380), discount="77"),
            applied(3, "invoice:1", days_ago(9), discount="88", state="Reversed"),
        ),
        DAY,
    )
    parts = (found.gross_invoices, found.credit_memos, found.write_offs, found.discounts)
    assert parts == amounts(1000, 40, 25, 5)
    assert found.percentage == 7


def test_without_invoices_dilution_is_no_zero() -> None:
    assert dilution(known(), DAY).percentage is None


def test_collection_compares_what_was_collected_with_what_could_have_been() -> None:
    """Opening 200, invoiced 1,000, closing 300 of which 100 is not due: 900 / 1,100, turn 1,000 / 250."""
    found = collection_quality(
        known(
            invoice(1, "200", days_ago(400), days_ago(370)),
            invoice(2, "900", days_ago(100), days_ago(70)),
            invoice(3, "100", days_ago(10), days_ago(-20)),
            receipt(7, "900", days_ago(60)),
            applied(1, "invoice:1", days_ago(60), payment="payment:7", payment_amount="200"),
            applied(2, "invoice:2", days_ago(60), payment="payment:7", payment_amount="700"),
        ),
        DAY,
    )
    assert (found.opening, found.invoiced, found.closing, found.not_due) == amounts(200, 1000, 300, 100)
    assert found.effectiveness == Decimal("81.82")
    assert found.turn == 4


def test_where_nothing_could_be_collected_there_is_no_effectiveness() -> None:
    found = collection_quality(known(invoice(1, "100", days_ago(10), days_ago(-20))), DAY)
    assert found.effectiveness is None
    assert found.turn == 2
