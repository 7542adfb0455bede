"""What a collector asks a whole company for: every list, its size, its bounds, and one entity's part of it.

The company is a generated one of several entities, and where it is at hand a real ledger.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

import intacct
from intacct.filters import at_least, either, every, is_not_null, is_null, one_of
from intacct.sandbox import Sandbox

DOCUMENT = (
    "RECORDNO RECORDTYPE RECORDID STATE WHENCREATED WHENPOSTED WHENDUE WHENPAID BASECURR CURRENCY "
    "EXCHANGE_RATE TOTALENTERED TOTALPAID TOTALDUE TRX_TOTALENTERED TRX_TOTALPAID TRX_TOTALDUE MEGAENTITYID"
)
PAYMENT = "RECORDNO RECORDTYPE STATE WHENPAID CURRENCY TOTALENTERED TOTALPAID TOTALDUE MEGAENTITYID"
APPLICATION = (
    "RECORDNO RECORDKEY PAYMENTKEY PAYMENTDATE PAYMENTAMOUNT DISCOUNTAMOUNT INLINEAMOUNT ADJUSTMENTKEY "
    "ADJUSTMENTAMOUNT POSTEDADVANCEKEY POSTEDADVANCEAMOUNT STATE"
)
FIELDS = {
    "CUSTOMER": "RECORDNO CUSTOMERID NAME STATUS",
    "VENDOR": "RECORDNO VENDORID NAME STATUS",
    "ARINVOICE": f"CUSTOMERID {DOCUMENT}",
    "ARADJUSTMENT": f"CUSTOMERID {DOCUMENT}",
    "ARADVANCE": f"CUSTOMERID {DOCUMENT}",
    "ARPYMT": f"CUSTOMERID RECEIPTDATE {PAYMENT}",
    "ARPYMTDETAIL": APPLICATION,
    "APBILL": f"VENDORID {DOCUMENT}",
    "APADJUSTMENT": f"VENDORID {DOCUMENT}",
    "APADVANCE": f"VENDORID {DOCUMENT}",
    "APPYMT": f"VENDORID PAYMENTDATE {PAYMENT}",
    "APPYMTDETAIL": APPLICATION,
    "REPORTINGPERIOD": "RECORDNO NAME START_DATE END_DATE BUDGETING STATUS",
    "DEPARTMENT": "RECORDNO DEPARTMENTID TITLE PARENTID STATUS",
    "LOCATION": "RECORDNO LOCATIONID NAME PARENTID STATUS",
    "LOCATIONENTITY": "RECORDNO LOCATIONID NAME STATUS CURRENCY",
    "STATACCOUNT": "RECORDNO ACCOUNTNO TITLE ACCOUNTTYPE STATUS",
}
LINE = tuple(
    field
    for fields in (
        "RECORDNO BATCHKEY BATCH_DATE BATCH_TITLE SYMBOL BOOKID MODULEKEY LINE_NO ENTRY_DATE ACCOUNTNO",
        "DEPARTMENTID LOCATIONID CUSTOMERID VENDORID CURRENCY TRX_AMOUNT DEBITAMOUNT CREDITAMOUNT DOCUMENT",
        "DESCRIPTION ADJ AUWHENCREATED",
    )
    for field in fields.split()
)
OWNED = ("ARINVOICE", "ARADJUSTMENT", "ARADVANCE", "ARPYMT", "APBILL", "APADJUSTMENT", "APADVANCE", "APPYMT")


def table(folder: Path, name: str) -> list[dict[str, str]]:
    path = folder / f"{name}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@contextmanager
def opened(folder: Path) -> Iterator[intacct.Company]:
    """A company folder, signed in as its first user."""
    settings = json.loads((folder / "company.json").read_text("utf-8"))
    user = settings["users"][0]
    sender = intacct.Sender(id="lenderportal", password="sender-secret-1")
    login = intacct.Login(settings["companyid"], user["userid"], user["password"])
    with (
        Sandbox([folder], sender_id=sender.id, sender_password=sender.password) as sandbox,
        intacct.connect(sender, login, endpoint=sandbox.endpoint, allow_sandbox=True) as company,
    ):
        yield company


@pytest.fixture(scope="module", params=["small_company", "maple"])
def folder(request: pytest.FixtureRequest) -> Path:
    found: Path = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="module")
def company(folder: Path) -> Iterator[intacct.Company]:
    with opened(folder) as found:
        yield found


@pytest.fixture(scope="module")
def group(small_company: Path) -> Iterator[intacct.Company]:
    with opened(small_company) as found:
        yield found


@pytest.mark.parametrize("name", FIELDS)
def test_every_list_comes_whole_and_as_it_is_written(
    name: str, folder: Path, company: intacct.Company
) -> None:
    fields = FIELDS[name].split()
    rows = [row.fields for row in company.query(name, fields)]
    written = [{field: row.get(field, "") for field in fields} for row in table(folder, name)]
    assert rows == sorted(written, key=lambda row: int(row["RECORDNO"]))
    assert company.count(name) == len(written)


@pytest.mark.parametrize("name", FIELDS)
def test_the_bounds_of_the_keys_plan_a_read(name: str, folder: Path, company: intacct.Company) -> None:
    (bounds,) = company.totals(name, [("min", "RECORDNO"), ("max", "RECORDNO"), ("count", "RECORDNO")])
    numbers = [int(row["RECORDNO"]) for row in table(folder, name)]
    assert bounds.whole_number("COUNT.RECORDNO") == len(numbers)
    assert bounds.whole_number("MIN.RECORDNO") == (min(numbers) if numbers else None)
    assert bounds.whole_number("MAX.RECORDNO") == (max(numbers) if numbers else None)


def american(text: str) -> date:
    return datetime.strptime(text, "%m/%d/%Y").date()  # noqa: DTZ007 - a date without a clock


@pytest.mark.parametrize("name", ["ARINVOICE", "APBILL"])
def test_what_was_open_on_a_day_is_selected_by_null_or_a_later_day(
    name: str, folder: Path, company: intacct.Company
) -> None:
    middle = sorted(american(row["WHENPOSTED"]) for row in table(folder, name))[-60]
    paid_later = at_least("WHENPAID", f"{middle:%m/%d/%Y}")
    open_then = every(either(is_null("WHENPAID"), paid_later), is_not_null("WHENPOSTED"))
    found = {row.text("RECORDNO") for row in company.query(name, ["RECORDNO"], where=open_then)}
    wanted = {
        row["RECORDNO"]
        for row in table(folder, name)
        if not row["WHENPAID"] or american(row["WHENPAID"]) >= middle
    }
    assert found == wanted
    assert 0 < len(wanted) < len(table(folder, name))
    assert company.count(name, where=open_then) == len(wanted)


def test_documents_without_a_due_date_are_found(group: intacct.Company, small_company: Path) -> None:
    for name in ("ARINVOICE", "APBILL"):
        found = [row.text("RECORDNO") for row in group.query(name, ["RECORDNO"], where=is_null("WHENDUE"))]
        assert found == [row["RECORDNO"] for row in table(small_company, name) if not row["WHENDUE"]]
        assert found


def test_bounds_and_counts_keep_to_a_condition(group: intacct.Company, small_company: Path) -> None:
    unpaid = one_of("STATE", "Posted", "Partially Paid")
    (bounds,) = group.totals("ARINVOICE", [("min", "RECORDNO"), ("sum", "TOTALDUE")], where=unpaid)
    rows = [row for row in table(small_company, "ARINVOICE") if row["STATE"] in ("Posted", "Partially Paid")]
    assert bounds.whole_number("MIN.RECORDNO") == min(int(row["RECORDNO"]) for row in rows)
    assert bounds.amount("SUM.TOTALDUE") == sum(Decimal(row["TOTALDUE"]) for row in rows)


@pytest.mark.parametrize("name", OWNED)
def test_an_entity_has_its_own_documents_and_no_others(
    name: str, group: intacct.Company, small_company: Path
) -> None:
    inside = group.enter("E200")
    found = [row.text("RECORDNO") for row in inside.query(name, ["RECORDNO"])]
    assert found == [row["RECORDNO"] for row in table(small_company, name) if row["MEGAENTITYID"] == "E200"]
    assert inside.count(name) == len(found)


@pytest.mark.parametrize(("name", "documents"), [("ARPYMTDETAIL", "ARINVOICE"), ("APPYMTDETAIL", "APBILL")])
def test_an_entity_has_the_applications_to_its_own_documents(
    name: str, documents: str, group: intacct.Company, small_company: Path
) -> None:
    own = {row["RECORDNO"] for row in table(small_company, documents) if row["MEGAENTITYID"] == "E300"}
    found = [row.text("RECORDNO") for row in group.enter("E300").query(name, ["RECORDNO"])]
    assert found == [row["RECORDNO"] for row in table(small_company, name) if row["RECORDKEY"] in own]
    assert found


def test_partners_and_periods_are_shared_by_all_entities(group: intacct.Company, small_company: Path) -> None:
    inside = group.enter("E100")
    for name in ("CUSTOMER", "VENDOR", "REPORTINGPERIOD", "DEPARTMENT"):
        assert inside.count(name) == len(table(small_company, name))


MONTH = (date(2026, 3, 1), date(2026, 3, 31))


@pytest.mark.parametrize("book", ["ACCRUAL", "HVCONS", "GAAPACCRUAL"])
def test_the_detail_of_every_kind_of_book_is_read(
    book: str, group: intacct.Company, small_company: Path
) -> None:
    found = {line.record_number: line for line in group.general_ledger_detail(*MONTH, book=book, fields=LINE)}
    wanted = {
        row["RECORDNO"]: row
        for row in table(small_company, "GLDETAIL")
        if row["BOOKID"] == book
        and row["STATE"] == "Posted"
        and MONTH[0] <= american(row["ENTRY_DATE"]) <= MONTH[1]
    }
    assert found.keys() == wanted.keys() and found
    for number, line in found.items():
        assert line.fields == {name: wanted[number][name] for name in LINE}


def test_the_fields_of_a_line_are_typed(group: intacct.Company) -> None:
    lines = list(group.general_ledger_detail(*MONTH, fields=[*LINE, "STATISTICAL"]))
    for line in lines:
        made = line.timestamp("AUWHENCREATED")
        assert made is not None and made.utcoffset() is not None
        assert line.boolean("ADJ") is False
        assert line.date("BATCH_DATE") == line.entry_date
        assert line.whole_number("LINE_NO") and line.whole_number("BATCHKEY")
        assert line.debit * line.credit == 0
        if line.text("CURRENCY") == "USD":
            assert line.amount("TRX_AMOUNT") == line.movement
    assert {"USD"} < {line.text("CURRENCY") for line in lines if not line.statistical}
    assert any(line.text("CUSTOMERID") for line in lines) and any(line.text("VENDORID") for line in lines)


def test_the_detail_of_an_entity_is_what_its_locations_posted(group: intacct.Company) -> None:
    inside = list(group.enter("E200").general_ledger_detail(*MONTH))
    places = {line.location_id for line in inside}
    assert places == {"L210", "L220"}
    whole = [line for line in group.general_ledger_detail(*MONTH) if line.location_id in places]
    assert [line.record_number for line in inside] == [line.record_number for line in whole]


def test_the_real_ledgers_detail_is_read_month_by_month(maple: Path) -> None:
    with opened(maple) as company:
        lines = list(company.general_ledger_detail(date(2020, 1, 1), date(2020, 12, 31), fields=LINE))
        other_books = company.count("GLDETAIL", where=one_of("BOOKID", "CASH", "GAAPACCRUAL"))
    assert sum(line.movement for line in lines) == 0
    assert len(lines) == sum(row["ENTRY_DATE"].endswith("/2020") for row in table(maple, "GLDETAIL"))
    assert other_books == 0


def test_one_row_of_each_object_shows_that_all_may_be_read(group: intacct.Company) -> None:
    found = group.probe([*FIELDS, "GLACCOUNT", "GLDETAIL", "GCBOOK", "GCBOOKENTITY", "USERADJBOOK"])
    assert found.missing == ()
    assert found.unavailable == ()
    assert found.hidden_entities == ()


def test_the_control_accounts_are_known(group: intacct.Company) -> None:
    control = {account.number: account for account in group.accounts() if account.alternative_account}
    assert {number: account.alternative_account for number, account in control.items()} == {
        "1200": "receivables",
        "2010": "payables",
    }
    assert all(account.subledger_control for account in control.values())
    assert sum(account.subledger_control for account in group.accounts()) == 2


def test_the_entity_of_the_eliminations_is_known_by_the_book_that_names_it(group: intacct.Company) -> None:
    (book,) = group.consolidation_books()
    assert book.elimination_entity == "Harborview eliminations"
    assert group.elimination_entities() == {"EE100"}
    assert group.consolidated_entities(book.id) == ("E100", "E200", "E300", "EE100")
    assert group.consolidated_entities("NONE") == ()


def test_a_company_without_consolidation_has_no_entity_for_eliminations(maple: Path) -> None:
    with opened(maple) as company:
        assert company.elimination_entities() == frozenset()
