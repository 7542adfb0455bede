"""What is open on a day in the past."""

from datetime import date
from decimal import Decimal

from collections_app.reports.open_items import history
from collections_app.reports.subledger import Application, Document, Payment, Subledger
from tests.collections_app.reports.subledger_cast import applied, invoice, memo, receipt, subledger

JANUARY, FEBRUARY, MARCH = date(2026, 1, 10), date(2026, 2, 10), date(2026, 3, 10)
ENDS = (date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31))


def open_at_ends(*records: Document | Payment | Application, currency: str = "USD") -> list[dict[str, str]]:
    """What is open at the end of January, February and March, by key."""
    known = history(subledger(*records, currency=currency))
    return [
        {item.key: f"{amount:f}" for item, amount, _ in position.items} for position in known.positions(ENDS)
    ]


def test_an_invoice_is_open_from_its_posting_date_until_it_is_paid() -> None:
    assert open_at_ends(
        invoice(1, "100", FEBRUARY, document_date=JANUARY),
        receipt(7, "100", MARCH),
        applied(1, "invoice:1", MARCH, payment="payment:7", payment_amount="100"),
    ) == [{}, {"invoice:1": "100"}, {}]


def test_a_part_payment_leaves_the_rest_and_a_discount_goes_with_it() -> None:
    assert open_at_ends(
        invoice(1, "100", JANUARY),
        receipt(7, "60", FEBRUARY),
        applied(1, "invoice:1", FEBRUARY, payment="payment:7", payment_amount="60", discount="2"),
    )[1] == {"invoice:1": "38"}


def test_a_payment_dated_before_its_bill_is_unapplied_until_the_bill_is_there() -> None:
    assert open_at_ends(
        invoice(1, "100", FEBRUARY),
        receipt(7, "100", JANUARY),
        applied(1, "invoice:1", JANUARY, payment="payment:7", payment_amount="100"),
    ) == [{"payment:7": "-100"}, {}, {}]


def test_a_credit_memo_counts_from_the_later_of_its_date_and_its_application() -> None:
    records = (invoice(1, "100", JANUARY), memo(2, "-30", FEBRUARY))
    early = applied(1, "invoice:1", JANUARY, credit="adjustment:2", credit_amount="30")
    late = applied(1, "invoice:1", MARCH, credit="adjustment:2", credit_amount="30")
    assert open_at_ends(*records, early) == [{"invoice:1": "100"}, {"invoice:1": "70"}, {"invoice:1": "70"}]
    assert open_at_ends(*records, late)[1:] == [
        {"invoice:1": "100", "adjustment:2": "-30"},
        {"invoice:1": "70"},
    ]


def test_an_advance_is_negative_until_an_invoice_uses_it() -> None:
    assert open_at_ends(
        receipt(5, "40", JANUARY, kind="advance"),
        invoice(1, "100", FEBRUARY),
        applied(1, "invoice:1", FEBRUARY, advance="advance:5", advance_amount="40"),
    ) == [{"advance:5": "-40"}, {"invoice:1": "60"}, {"invoice:1": "60"}]


def test_a_document_reversed_later_is_open_until_its_reversal() -> None:
    assert open_at_ends(
        invoice(1, "100", JANUARY, state="Reversed", reversed_on=MARCH),
        invoice(2, "-100", MARCH, state="Reversal"),
    ) == [{"invoice:1": "100"}, {"invoice:1": "100"}, {}]


def test_a_reversed_document_without_a_reversal_is_left_out_and_named() -> None:
    records = subledger(invoice(1, "100", JANUARY, state="Reversed"))
    known = history(records)
    assert known.position(ENDS[2]).items == ()
    assert known.undated_reversals == records.documents


def test_a_reversed_receipt_opens_its_invoice_again() -> None:
    assert open_at_ends(
        invoice(1, "100", JANUARY),
        receipt(7, "120", JANUARY, state="Reversed", reversed_on=MARCH),
        applied(1, "invoice:1", JANUARY, payment="payment:7", payment_amount="100"),
    ) == [{"payment:7": "-20"}, {"payment:7": "-20"}, {"invoice:1": "100"}]


def test_the_receipt_of_a_reversed_invoice_is_unapplied_again() -> None:
    assert open_at_ends(
        invoice(1, "100", JANUARY, state="Reversed", reversed_on=MARCH),
        receipt(7, "100", FEBRUARY),
        applied(1, "invoice:1", FEBRUARY, payment="payment:7", payment_amount="100"),
    ) == [{"invoice:1": "100"}, {}, {"payment:7": "-100"}]


def test_an_application_taken_back_counts_until_then() -> None:
    assert open_at_ends(
        invoice(1, "100", JANUARY),
        receipt(7, "100", JANUARY),
        applied(
            1,
            "invoice:1",
            JANUARY,
            payment="payment:7",
            payment_amount="100",
            state="Reversed",
            reversed_on=FEBRUARY,
        ),
    ) == [{}, {"invoice:1": "100", "payment:7": "-100"}, {"invoice:1": "100", "payment:7": "-100"}]


def test_what_never_entered_the_ledger_is_out_and_what_is_selected_is_in() -> None:
    states = ("Draft", "Submitted", "Partially Approved", "Declined", "No Value", "Selected", "On hold")
    records = [invoice(state, "100", JANUARY, state=state) for state in states]
    assert set(open_at_ends(*records)[0]) == {"invoice:Selected", "invoice:On hold"}


def test_a_draft_payment_settles_nothing() -> None:
    assert open_at_ends(
        invoice(1, "100", JANUARY),
        receipt(7, "100", JANUARY, state="Draft"),
        applied(1, "invoice:1", JANUARY, payment="payment:7", payment_amount="100"),
    )[0] == {"invoice:1": "100"}


def test_settling_a_document_that_was_not_collected_uses_the_receipt_and_is_named() -> None:
    known = history(
        subledger(
            receipt(7, "100", JANUARY),
            applied(3, "invoice:9", JANUARY, payment="payment:7", payment_amount="100"),
        )
    )
    assert known.position(ENDS[0]).items == ()
    assert known.unmatched == ("3",)


def test_a_foreign_receipt_spent_in_its_currency_leaves_no_exchange_difference_owed() -> None:
    assert open_at_ends(
        invoice(1, "110", JANUARY, transaction_amount=Decimal(100), currency="EUR"),
        receipt(7, "120", FEBRUARY, transaction_amount=Decimal(100), currency="EUR"),
        applied(
            1,
            "invoice:1",
            FEBRUARY,
            payment="payment:7",
            payment_amount="110",
            transaction_amount="100",
        ),
    ) == [{"invoice:1": "110"}, {}, {}]


def test_a_negative_invoice_is_a_credit() -> None:
    known: Subledger = subledger(invoice(1, "-100", JANUARY))
    ((item, amount, _),) = history(known).position(ENDS[0]).items
    assert item.kind == "credit"
    assert amount == -100
