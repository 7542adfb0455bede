"""Who owes how much for how long."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from collections_app.reports.aging import (
    BY_DUE_DATE,
    BY_INVOICE_DATE,
    Aging,
    AgingMethod,
    age_position,
    agings,
    currencies,
)
from collections_app.reports.aging_export import aging_json
from collections_app.reports.open_items import Position, history
from collections_app.reports.subledger import Application, Document, Payment
from tests.collections_app.reports.subledger_cast import (
    DAY,
    amounts,
    applied,
    invoice,
    memo,
    receipt,
    subledger,
)


def position(*records: Document | Payment | Application, currency: str = "USD") -> Position:
    return history(subledger(*records, currency=currency)).position(DAY)


def days_ago(days: int) -> date:
    return DAY - timedelta(days=days)


def filled(aging: Aging) -> list[str]:
    """The buckets that are not zero."""
    return [name for name, amount in zip(aging.method.buckets, aging.totals, strict=True) if amount]


@pytest.mark.parametrize(
    ("overdue", "bucket"),
    [(-5, "current"), (0, "current"), (1, "1-30"), (30, "1-30"), (31, "31-60"), (60, "31-60")]
    + [(61, "61-90"), (90, "61-90"), (91, "over_90"), (900, "over_90")],
)
def test_by_due_date_each_day_has_one_bucket(overdue: int, bucket: str) -> None:
    bill = invoice(1, "10", days_ago(1000), days_ago(overdue))
    assert filled(age_position(position(bill), BY_DUE_DATE)) == [bucket]


@pytest.mark.parametrize(
    ("age", "bucket"),
    [(0, "0-30"), (30, "0-30"), (31, "31-60"), (90, "61-90"), (91, "91-120"), (120, "91-120")]
    + [(121, "over_120")],
)
def test_by_invoice_date_age_counts_from_the_document(age: int, bucket: str) -> None:
    bill = invoice(1, "10", days_ago(0), days_ago(-60), document_date=days_ago(age))
    assert filled(age_position(position(bill), BY_INVOICE_DATE)) == [bucket]


def test_a_lenders_own_buckets_have_no_gaps() -> None:
    method = AgingMethod("due_date", (0, 15, 45))
    assert method.buckets == ("current", "1-15", "16-45", "over_45")
    assert method.labels == ("Current", "1–15", "16–45", "Over 45")
    assert [method.bucket(age) for age in (-3, 0, 1, 15, 16, 45, 46)] == [0, 0, 1, 1, 2, 2, 3]


@pytest.mark.parametrize("limits", [(), (30, 30), (60, 30), (-1, 30)])
def test_buckets_that_overlap_are_refused(limits: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="they must be days, 0 or more, that rise"):
        AgingMethod("due_date", limits)


def test_credits_age_from_their_own_date_and_unapplied_money_stands_apart() -> None:
    aging = age_position(
        position(
            invoice(1, "100", days_ago(80), days_ago(50)),
            memo(2, "-30", days_ago(40)),
            receipt(7, "25", days_ago(3)),
        ),
        BY_DUE_DATE,
    )
    (row,) = aging.rows
    assert row.amounts == amounts(0, 0, 70, 0, 0)
    assert (row.unapplied, row.total) == (aging.unapplied, aging.total) == amounts(-25, 45)
    assert row.documents == aging.documents == 2


def test_a_missing_due_date_is_the_documents_own_date_and_counted() -> None:
    aging = age_position(position(invoice(1, "100", days_ago(40)), memo(2, "-1", days_ago(2))), BY_DUE_DATE)
    assert aging.rows[0].amounts == amounts(0, -1, 100, 0, 0)
    assert aging.missing_due_dates == 1


def test_the_average_age_is_weighted_by_what_is_owed() -> None:
    aging = age_position(
        position(
            invoice(1, "300", days_ago(10)), invoice(2, "100", days_ago(50)), memo(3, "-90", days_ago(9))
        ),
        BY_INVOICE_DATE,
    )
    assert aging.average_age == Decimal("20.0")
    assert aging.oldest is not None and aging.oldest.item.number == "INV-2"


def test_nothing_owed_has_no_average_age_and_no_percentages() -> None:
    aging = age_position(position(), BY_DUE_DATE)
    assert aging.average_age is None
    assert aging.oldest is None
    assert aging.total == 0
    assert aging.percentages == (None,) * 5


def test_the_largest_come_first_and_percentages_are_of_the_total() -> None:
    bills = [invoice(n, str(10 * n), days_ago(n), days_ago(n), party=f"C{n:02}") for n in range(1, 13)]
    aging = age_position(position(*bills), BY_DUE_DATE)
    assert [row.party for row in aging.largest()] == [f"C{n:02}" for n in range(12, 2, -1)]
    assert aging.percentages == amounts(0, 100, 0, 0, 0)


def test_each_currency_can_be_aged_in_its_own_amounts() -> None:
    found = position(
        invoice(1, "110", days_ago(5), days_ago(5), currency="EUR", transaction_amount=Decimal(100)),
        invoice(2, "70", days_ago(5), days_ago(5), currency="USD"),
        receipt(7, "55", days_ago(2), currency="EUR", transaction_amount=Decimal(50)),
        applied(
            1,
            "invoice:1",
            days_ago(2),
            payment="payment:7",
            payment_amount="55",
            transaction_amount="50",
        ),
    )
    assert currencies(found) == ("EUR", "USD")
    assert age_position(found, BY_DUE_DATE).total == Decimal(125)
    euros = age_position(found, BY_DUE_DATE, "EUR")
    assert euros.currency == "EUR"
    assert euros.total == 50
    assert age_position(found, BY_DUE_DATE, "USD").total == 70


def test_each_month_end_has_its_aging() -> None:
    known = history(subledger(invoice(1, "10", date(2026, 2, 10)), invoice(2, "5", date(2026, 3, 10))))
    ends = [date(2026, 3, 31), date(2026, 1, 31), date(2026, 2, 28)]
    assert [(each.as_of.month, each.total) for each in agings(known, ends, BY_DUE_DATE)] == list(
        zip((1, 2, 3), amounts(0, 10, 15), strict=True)
    )


def test_the_machines_copy_has_decimal_strings_and_iso_dates() -> None:
    found = position(invoice(1, "100.5", days_ago(40), days_ago(10)), receipt(7, "25", days_ago(3)))
    assert aging_json(age_position(found, BY_DUE_DATE)) == {
        "as_of": "2026-03-31",
        "by": "due_date",
        "currency": "USD",
        "buckets": ["current", "1-30", "31-60", "61-90", "over_90"],
        "rows": [
            {
                "party": "C1",
                "name": "Party C1",
                "amounts": ["0.00", "100.50", "0.00", "0.00", "0.00"],
                "unapplied": "-25.00",
                "total": "75.50",
                "documents": 1,
            }
        ],
        "totals": ["0.00", "100.50", "0.00", "0.00", "0.00"],
        "unapplied": "-25.00",
        "total": "75.50",
        "documents": 1,
        "missing_due_dates": 0,
        "average_age": "10.0",
        "oldest_document": "INV-1",
    }
