"""Collected rows become documents, payments and applications."""

from datetime import date
from decimal import Decimal

import pytest

from collections_app.reports.open_items import history
from collections_app.reports.row_fields import RowUnreadable
from collections_app.reports.subledger_rows import payables, receivables

Row = dict[str, str]


def invoice(number: str, amount: str, day: str = "2026-01-10", **rest: str) -> Row:
    row = {
        "RECORDNO": number,
        "RECORDTYPE": "ri",
        "RECORDID": f"INV-{number}",
        "STATE": "Posted",
        "CUSTOMERID": "C1",
        "WHENCREATED": day,
        "WHENPOSTED": day,
        "WHENDUE": "2026-02-09",
        "BASECURR": "USD",
        "CURRENCY": "USD",
        "TOTALENTERED": amount,
        "TOTALDUE": amount,
        "TRX_TOTALENTERED": amount,
    }
    return {**row, **rest}


def receipt(number: str, amount: str, day: str = "2026-02-01", **rest: str) -> Row:
    row = {"RECORDNO": number, "RECORDTYPE": "rp", "STATE": "Complete", "CUSTOMERID": "C1"}
    return {**row, "RECEIPTDATE": day, "TOTALENTERED": amount, "TRX_TOTALENTERED": amount, **rest}


def detail(number: str, document: str, **rest: str) -> Row:
    row = {"RECORDNO": number, "RECORDKEY": document, "PAYMENTDATE": "2026-02-01", "STATE": "Complete"}
    return {**row, **rest}


def opened(**tables: list[Row]) -> dict[str, str]:
    known = history(receivables(tables)).position(date(2026, 12, 31))
    return {item.key: f"{amount:f}" for item, amount, _ in known.items}


def test_an_invoice_keeps_every_date_and_amount() -> None:
    row = invoice("17", "110.00", WHENPOSTED="2026-01-31", CURRENCY="EUR", TRX_TOTALENTERED="100.00")
    (document,) = receivables({"ARINVOICE": [row]}).documents
    assert (document.key, document.kind, document.number) == ("invoice:17", "invoice", "INV-17")
    assert document.document_date == date(2026, 1, 10)
    assert document.posting_date == date(2026, 1, 31)
    assert document.due_date == date(2026, 2, 9)
    assert (document.amount, document.transaction_amount) == (Decimal("110.00"), Decimal("100.00"))
    assert receivables({"ARINVOICE": [row]}).currency == "USD"


def test_bills_and_vendors_are_read_from_their_own_objects() -> None:
    bill = {**invoice("1", "50"), "VENDORID": "V1", "CUSTOMERID": ""}
    books = payables({"APBILL": [bill], "VENDOR": [{"VENDORID": "V1", "NAME": "Mill", "STATUS": "inactive"}]})
    assert books.side == "payable"
    assert (books.parties["V1"].name, books.parties["V1"].active) == ("Mill", False)
    assert books.documents[0].party == "V1"


def test_a_party_that_is_not_in_its_table_is_named_by_its_id() -> None:
    assert receivables({"ARINVOICE": [invoice("1", "5")]}).parties["C1"].name == "C1"


def test_a_record_number_means_the_invoice_although_a_credit_memo_has_it_too() -> None:
    assert opened(
        ARINVOICE=[invoice("1", "100")],
        ARADJUSTMENT=[invoice("1", "-30")],
        ARPYMT=[receipt("1", "100")],
        ARPYMTDETAIL=[detail("1", "1", PAYMENTKEY="1", PAYMENTAMOUNT="100")],
    ) == {"adjustment:1": "-30"}


def test_a_debit_memo_is_settled_where_no_invoice_has_its_number_or_another_party_has_it() -> None:
    memos = [invoice("2", "40")]
    paid = {
        "ARPYMT": [receipt("1", "40")],
        "ARPYMTDETAIL": [detail("1", "2", PAYMENTKEY="1", PAYMENTAMOUNT="40")],
    }
    assert opened(ARADJUSTMENT=memos, **paid) == {}
    other = [invoice("2", "70", CUSTOMERID="C9")]
    assert opened(ARINVOICE=other, ARADJUSTMENT=memos, **paid) == {"invoice:2": "70"}


def test_a_debit_memo_may_be_named_by_its_own_key() -> None:
    assert opened(
        ARINVOICE=[invoice("2", "70")],
        ARADJUSTMENT=[invoice("2", "40")],
        ARPYMT=[receipt("1", "40")],
        ARPYMTDETAIL=[detail("1", "", POSADJKEY="2", PAYMENTKEY="1", PAYMENTAMOUNT="40")],
    ) == {"invoice:2": "70"}


def test_every_source_of_a_settlement_is_used() -> None:
    assert opened(
        ARINVOICE=[invoice("1", "100"), invoice("2", "-8")],
        ARADJUSTMENT=[invoice("5", "-30")],
        ARADVANCE=[receipt("5", "20")],
        ARPYMT=[receipt("5", "25"), receipt("6", "9")],
        ARPYMTDETAIL=[
            detail(
                "1",
                "1",
                PAYMENTKEY="5",
                PAYMENTAMOUNT="25",
                POSTEDADVANCEKEY="5",
                POSTEDADVANCEAMOUNT="20",
                ADJUSTMENTKEY="5",
                ADJUSTMENTAMOUNT="30",
                DISCOUNTAMOUNT="2",
                INLINEAMOUNT="1",
                POSTEDOVERPAYMENTKEY="6",
                POSTEDOVERPAYMENTAMOUNT="9",
                NEGATIVEINVOICEKEY="2",
                NEGATIVEINVOICEAMOUNT="8",
            )
        ],
    ) == {"invoice:1": "5"}


def test_an_advance_listed_among_the_payments_counts_once() -> None:
    assert opened(
        ARADVANCE=[receipt("5", "20", RECORDTYPE="rr")], ARPYMT=[receipt("5", "20", RECORDTYPE="rr")]
    ) == {"advance:5": "-20"}


def test_an_applied_overpayment_is_part_of_its_parent() -> None:
    parent, child = receipt("5", "20"), receipt("6", "4", RECORDTYPE="ro", PARENTPAYMENTKEY="5")
    assert opened(ARPYMT=[parent, child]) == {"payment:5": "-20"}


def test_a_reversal_takes_back_the_document_whose_number_it_has() -> None:
    rows = [
        invoice("1", "100", STATE="Reversed"),
        invoice("2", "100", "2026-01-12", STATE="Reversed"),
        invoice("3", "-100", "2026-02-20", STATE="Reversal", RECORDID="INV-2"),
        invoice("4", "-100", "2026-03-20", STATE="Reversal", RECORDID="INV-1"),
    ]
    days = {d.key: d.reversed_on for d in receivables({"ARINVOICE": rows}).documents}
    assert days["invoice:1"] == date(2026, 3, 20)
    assert days["invoice:2"] == date(2026, 2, 20)


def test_a_reversal_before_its_document_or_of_another_party_takes_nothing_back() -> None:
    rows = [
        invoice("1", "100", STATE="Reversed"),
        invoice("3", "-100", "2025-12-20", STATE="Reversal"),
        invoice("4", "-100", "2026-03-20", STATE="Reversal", CUSTOMERID="C2"),
    ]
    assert receivables({"ARINVOICE": rows}).documents[0].reversed_on is None


def test_settlements_without_amounts_in_the_documents_currency_are_at_its_own_rate() -> None:
    rows = {
        "ARINVOICE": [invoice("1", "120", CURRENCY="EUR", TRX_TOTALENTERED="100")],
        "ARPYMTDETAIL": [detail("1", "1", DISCOUNTAMOUNT="30"), detail("2", "1", DISCOUNTAMOUNT="90")],
    }
    assert [each.transaction_amount for each in receivables(rows).applications] == [25, 75]
    assert opened(**rows) == {}


def test_a_draft_may_lack_its_dates_and_nothing_else_may() -> None:
    draft = invoice("1", "100", "", STATE="Draft")
    assert opened(ARINVOICE=[draft]) == {}
    with pytest.raises(RowUnreadable, match="The invoice with record number 1 has no date; collect it again"):
        receivables({"ARINVOICE": [{**draft, "STATE": "Posted"}]})


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("TOTALENTERED", "a lot", "Record 1 has the amount 'a lot'; it must be a number such as 12.50."),
        ("TOTALENTERED", "NaN", "Record 1 has the amount 'NaN'"),
        ("WHENDUE", "31/03/2026", "Record 1 has the date '31/03/2026'; it must be a date such as"),
    ],
)
def test_what_cannot_be_read_is_named(field: str, value: str, message: str) -> None:
    with pytest.raises(RowUnreadable, match=message):
        receivables({"ARINVOICE": [invoice("1", "100", **{field: value})]})
