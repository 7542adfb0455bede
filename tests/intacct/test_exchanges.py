"""The written-down exchanges of what came with the complete client: requests as sent, replies as records."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

import intacct
from intacct import filters
from intacct.envelope import build_request
from intacct.functions import (
    AccountChoice,
    Aggregate,
    Function,
    GetAccountBalances,
    GetAccountBalancesByDimension,
    GetApplications,
    GetClosedBooksDate,
    GetCompanyPreferences,
    GetReceivablesAging,
    GetUserPermissions,
    ListFunction,
    Lookup,
    Period,
    Query,
    Read,
    ReadByQuery,
    ReadMore,
)
from intacct.pages import Counts
from intacct.rows import Row, RowShape
from tests.intacct.answers import is_list, records_in, rows_in
from tests.intacct.conftest import EXCHANGES
from tests.intacct.test_envelope import canonical

SESSION = intacct.Session("SESSION-ID", "https://api.intacct.com/", datetime(2026, 5, 4, tzinfo=UTC))
APRIL = Period(date(2026, 4, 1), date(2026, 4, 30))
SCANNED = ("RECORDNO", "ACCOUNTNO", "TITLE", "STATUS")
DETAIL = ("RECORDNO", "ENTRY_DATE", "TR_TYPE", "ACCOUNTNO", "AMOUNT", "LOCATIONID", "DESCRIPTION")
POSTED = (filters.equal_to("BOOKID", "ACCRUAL"), filters.equal_to("STATE", "Posted"))
IN_APRIL = filters.on_or_between("ENTRY_DATE", APRIL.start, APRIL.end)
EVERY_OPERATOR = filters.every(
    filters.equal_to("BOOKID", "ACCRUAL"),
    filters.not_equal_to("STATE", "Draft"),
    filters.greater_than("ENTRY_DATE", "01/31/2026"),
    filters.at_least("LINE_NO", "1"),
    filters.less_than("ENTRY_DATE", "05/01/2026"),
    filters.at_most("AMOUNT", "1250.50"),
    filters.between("ENTRY_DATE", "02/01/2026", "04/30/2026"),
    filters.one_of("SYMBOL", "ARJ", "CRJ", "APJ", "CDJ"),
    filters.none_of("ACCOUNTNO", "2000", "4000"),
    filters.like("DESCRIPTION", "%INV-_"),
    filters.not_like("DESCRIPTION", "Receipt%"),
    filters.is_not_null("LOCATIONID"),
    filters.is_null("CUSTOMERID"),
    filters.either(
        filters.equal_to("ACCOUNTNO", "1200"),
        filters.every(filters.equal_to("ACCOUNTNO", "1000"), filters.equal_to("TR_TYPE", "-1")),
    ),
)
CALLS: dict[str, Function[Any] | ListFunction] = {
    "get_accountbalances": GetAccountBalances(
        APRIL, AccountChoice(first="1000", last="2999"), "ACCRUAL", show_zero_balances=False
    ),
    "get_accountbalancesbydimensions": GetAccountBalancesByDimension(
        APRIL, ("location",), AccountChoice(first="1000", last="1999")
    ),
    "get_applications": GetApplications(),
    "get_araging": GetReceivablesAging(date(2026, 3, 31), location="E100"),
    "get_araging_by_due_date": GetReceivablesAging(
        APRIL.end, ("-0", "1-30", "31-60", "61-"), "E100", by_due_date=True, details=True
    ),
    "get_closedbooksdate": GetClosedBooksDate(),
    "get_companyprefs": GetCompanyPreferences("GEN"),
    "get_user_permissions": GetUserPermissions("ws_narrow"),
    "lookup": Lookup("GCBOOKENTITY"),
    "query_count": Aggregate(
        "GLACCOUNT",
        (("count", "RECORDNO"),),
        where=filters.every(filters.equal_to("STATUS", "active"), filters.is_not_null("CATEGORY")),
        show_private=False,
    ),
    "query_detail": Query(
        "GLDETAIL", DETAIL, filters.every(*POSTED, IN_APRIL), order="RECORDNO", page_size=4
    ),
    "query_related": Query(
        "ARINVOICE",
        ("RECORDNO", "CUSTOMER.NAME", "CUSTOMER.STATUS"),
        filters.equal_to("CUSTOMER.STATUS", "active"),
        order="RECORDNO",
        page_size=1,
    ),
    "query_sums": Aggregate(
        "GLDETAIL",
        (
            ("count", "RECORDNO"),
            ("sum", "AMOUNT"),
            ("min", "AMOUNT"),
            ("max", "ENTRY_DATE"),
            ("avg", "AMOUNT"),
        ),
        ("ACCOUNTNO",),
        filters.every(*POSTED, IN_APRIL, filters.one_of("ACCOUNTNO", "1000", "1200", "6000")),
        show_private=False,
        page_size=100,
    ),
    "query_with_every_operator": Query(
        "GLDETAIL", DETAIL, EVERY_OPERATOR, order="RECORDNO", show_private=False
    ),
    "read": Read("ARINVOICE", ("2", "1"), ("RECORDNO", "RECORDID", "STATE", "WHENDUE", "TOTALDUE")),
    "read_by_name": Read("GLACCOUNT", ("0950",), ("RECORDNO", "ACCOUNTNO", "TITLE", "MEGAENTITYID"), True),
    "read_by_query": ReadByQuery("GLACCOUNT", SCANNED, "STATUS = 'T' AND ACCOUNTTYPE = 'N'", page_size=3),
    "read_more": ReadMore("GLACCOUNT", SCANNED, "RESULT-ID"),
}


@pytest.mark.parametrize(("name", "function"), CALLS.items(), ids=CALLS.keys())
def test_a_request_is_the_one_written_down(
    name: str, function: Function[Any] | ListFunction, sender: intacct.Sender
) -> None:
    written = (EXCHANGES / f"{name}.request.xml").read_bytes()
    body = build_request(sender, SESSION, function, f"exchange-{name}")
    expected = canonical(written).replace(
        f'controlid="{name}"'.encode(), f'controlid="exchange-{name}"'.encode()
    )
    assert canonical(body) == expected


def reply(name: str, sender: intacct.Sender) -> Any:
    body = (EXCHANGES / f"{name}.reply.xml").read_bytes()
    return records_in(body, CALLS[name], SESSION, sender, name)


@pytest.mark.parametrize("name", [name for name, function in CALLS.items() if is_list(function)])
@pytest.mark.parametrize("size", [1, 13, 100_000])
def test_a_list_is_the_same_in_pieces_of_any_size(name: str, size: int, sender: intacct.Sender) -> None:
    body = (EXCHANGES / f"{name}.reply.xml").read_bytes()
    function = CALLS[name]
    assert is_list(function)
    counts, rows = rows_in(body, function, SESSION, sender, name, size)
    assert rows == reply(name, sender)
    assert len(rows) == counts.count


def test_balances_of_chosen_accounts_are_typed(sender: intacct.Sender) -> None:
    rows = reply("get_accountbalances", sender)
    assert [(row.account_number, row.closing) for row in rows] == [
        ("1000", Decimal("12750.50")),
        ("1200", Decimal("820.00")),
        ("2000", Decimal("-410.00")),
    ]


def test_balances_by_dimension_keep_the_dimensions(sender: intacct.Sender) -> None:
    rows = reply("get_accountbalancesbydimensions", sender)
    assert rows[0] == intacct.DimensionBalance(
        "1000",
        Decimal(1900),
        Decimal(0),
        Decimal(1900),
        "USD",
        (("locationid", "E200"), ("locationname", "Birchwood Workshop & Parts")),
    )
    assert len(rows) == 3


def test_receivables_come_by_age_with_their_documents(sender: intacct.Sender) -> None:
    assert reply("get_araging", sender) == (intacct.AgedReceivables("C-1", "31-60", Decimal("1250.50")),)
    assert reply("get_araging_by_due_date", sender) == (
        intacct.AgedReceivables(
            "C-1",
            "-0",
            Decimal("820.00"),
            (intacct.AgedDocument("INV-2", Decimal("820.00"), date(2026, 5, 10), -10),),
        ),
    )


def test_what_a_company_has_and_prefers_is_listed(sender: intacct.Sender) -> None:
    assert reply("get_applications", sender) == ("CO", "CM", "GL", "AR", "AP", "ME", "CS")
    preferences = {preference.name: preference.value for preference in reply("get_companyprefs", sender)}
    assert preferences["FISCAL_FIRST_MONTH"] == "4"
    assert preferences["ACCTNO_SEPARATOR"] == ""
    assert reply("get_closedbooksdate", sender) == date(2026, 3, 31)


def test_rights_are_listed_by_module_and_permission(sender: intacct.Sender) -> None:
    assert reply("get_user_permissions", sender) == (
        intacct.Grant("General Ledger", "Accounts", ("List", "View")),
    )


def test_a_definition_lists_fields_and_relationships(sender: intacct.Sender) -> None:
    definition = reply("lookup", sender)
    assert definition.name == "GCBOOKENTITY"
    assert [field.id for field in definition.fields] == ["RECORDNO", "BOOKKEY", "BOOKID", "LOCATIONID"]
    assert definition.fields[0].kind == "INTEGER"
    assert definition.relationships[0] == intacct.Relationship("GCBOOK", "GCBOOK", "MANY2ONE", "BOOKID")


def test_totals_come_in_groups(sender: intacct.Sender) -> None:
    assert reply("query_count", sender) == ({"COUNT.RECORDNO": "7"},)
    assert reply("query_sums", sender)[1] == {
        "ACCOUNTNO": "1200",
        "COUNT.RECORDNO": "2",
        "SUM.AMOUNT": "-430.50",
        "MIN.AMOUNT": "-1250.50",
        "MAX.ENTRY_DATE": "04/10/2026",
        "AVG.AMOUNT": "-215.25",
    }


def test_records_come_by_key_and_by_name(sender: intacct.Sender) -> None:
    assert [row[1] for row in reply("read", sender)] == ["INV-2", "INV-1"]
    assert reply("read_by_name", sender) == (("31", "0950", "Petty cash", "E200"),)


def test_a_scan_says_where_it_goes_on(sender: intacct.Sender) -> None:
    first = (EXCHANGES / "read_by_query.reply.xml").read_bytes()
    counts, _ = rows_in(first, ReadByQuery("GLACCOUNT", SCANNED), SESSION, sender, "read_by_query")
    assert counts == Counts(5, 3, 2, "7765623332WThXa8CoC4YAAEzZTp0AAAAC5")
    assert [row[2] for row in reply("read_more", sender)] == ["Retained earnings", "Accounts payable"]


def test_times_are_read_by_the_users_own_clock_and_offset(sender: intacct.Sender) -> None:
    name = "query_of_another_formatting"
    query = Query("ARINVOICE", ("RECORDNO", "WHENDUE", "AUWHENCREATED", "TOTALDUE"), order="RECORDNO")
    _, rows = rows_in((EXCHANGES / f"{name}.reply.xml").read_bytes(), query, SESSION, sender, name)
    formatting = intacct.UserFormatting("en_GB.UTF-8", intacct.DateFormat(".dmY"), "+01:00", "12")
    shape = RowShape("ARINVOICE", query.fields, formatting)
    first, second = (Row(shape, values) for values in rows)
    zone = formatting.zone
    assert zone.utcoffset(None) == timedelta(hours=1)
    assert first.timestamp("AUWHENCREATED") == datetime(2026, 2, 11, 0, 30, tzinfo=zone)
    assert second.timestamp("AUWHENCREATED") == datetime(2026, 4, 10, 16, 5, 9, tzinfo=zone)
    assert second.date("WHENDUE") == date(2026, 5, 10)
    assert second.whole_number("RECORDNO") == 2
