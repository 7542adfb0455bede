"""Requests are, element for element, those written down; replies become the records they describe."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from lxml import etree

import intacct
from intacct import filters
from intacct.chart import account, consolidation_book
from intacct.envelope import build_request, read_reply
from intacct.functions import (
    Function,
    GetAPISession,
    GetCompanyInformation,
    GetFinancialSetup,
    GetTrialBalance,
    ListFunction,
    Query,
    ReadEntityDetails,
    ReadUserFormatting,
)
from intacct.pages import Counts
from intacct.scanning import Values
from tests.intacct.answers import records_in, rows_in
from tests.intacct.conftest import EXCHANGES

SESSION = intacct.Session("SESSION-ID", "https://api.intacct.com/", datetime(2026, 5, 4, tzinfo=UTC))
ACCOUNT_FIELDS = """RECORDNO ACCOUNTNO TITLE ACCOUNTTYPE NORMALBALANCE CLOSINGTYPE CLOSINGACCOUNTNO STATUS
CATEGORY MEGAENTITYID"""
APRIL = (date(2026, 4, 1), date(2026, 4, 30))


def accounts(after: str = "") -> Query:
    where = filters.greater_than("RECORDNO", after) if after else None
    return Query("GLACCOUNT", tuple(ACCOUNT_FIELDS.split()), where, order="RECORDNO", page_size=5)


BOOKS = Query(
    "GCBOOK",
    ("RECORDNO", "BOOKID", "DESCRIPTION", "STATUS", "CURRENCY", "TYPE", "SOURCEBOOKID"),
    filters.greater_than("RECORDNO", "0"),
    order="RECORDNO",
    page_size=2000,
)
CALLS: dict[str, Function[Any] | ListFunction] = {
    "get_api_session": GetAPISession(),
    "get_api_session_for_entity": GetAPISession("E100"),
    "get_financial_setup": GetFinancialSetup(),
    "get_list_company_info": GetCompanyInformation(),
    "read_entity_details": ReadEntityDetails(),
    "read_user_formatting": ReadUserFormatting("ws_lender"),
    "get_trialbalance": GetTrialBalance(*APRIL, book="ACCRUAL"),
    "get_trialbalance_consolidated": GetTrialBalance(*APRIL, book="USDCONS", show_zero_balances=False),
    "query_accounts_next": accounts("15"),
    "query_without_rows": accounts("31"),
    "query_consolidation_books": BOOKS,
}


def canonical(body: bytes) -> bytes:
    """The request without what the written-down ones leave open: more error information, layout."""
    root = etree.fromstring(body, etree.XMLParser(remove_blank_text=True))
    for extra in root.findall("control/showadditionalerrorinfo"):
        root[0].remove(extra)
    return etree.tostring(root, method="c14n")


def named(query: Query, values: Values) -> dict[str, str]:
    return dict(zip(query.fields, values, strict=True))


def authentication(name: str, login: intacct.Login) -> intacct.Login | intacct.Session:
    return login if name == "get_api_session" else SESSION


@pytest.mark.parametrize(("name", "function"), CALLS.items(), ids=CALLS.keys())
def test_a_request_is_the_one_written_down(
    name: str, function: Function[Any] | ListFunction, sender: intacct.Sender, login: intacct.Login
) -> None:
    written = (EXCHANGES / f"{name}.request.xml").read_bytes()
    control_id = f"exchange-{name}"
    body = build_request(sender, authentication(name, login), function, control_id)
    expected = canonical(written).replace(
        f'controlid="{name}"'.encode(), f'controlid="{control_id}"'.encode()
    )
    assert canonical(body) == expected


def data(
    name: str, function: Function[Any] | ListFunction, sender: intacct.Sender, login: intacct.Login
) -> Any:
    body = (EXCHANGES / f"{name}.reply.xml").read_bytes()
    return records_in(body, function, authentication(name, login), sender, name)


def test_a_session_comes_with_its_endpoint(sender: intacct.Sender, login: intacct.Login) -> None:
    opened = data("get_api_session", GetAPISession(), sender, login)
    assert opened.endpoint == "http://127.0.0.1:8090/na12/ia/xml/xmlgw.phtml"
    assert "SESSION-ID" not in repr(opened)
    assert data("get_api_session_for_entity", GetAPISession("E100"), sender, login).entity_id == "E100"


def test_a_reply_says_how_long_the_session_lives(sender: intacct.Sender, login: intacct.Login) -> None:
    body = (EXCHANGES / "get_api_session.reply.xml").read_bytes()
    reply = read_reply(body, GetAPISession(), login, sender, "get_api_session")
    assert reply.lifetime == timedelta(hours=12)


def test_the_set_up_arrives_typed(sender: intacct.Sender, login: intacct.Login) -> None:
    assert data("get_financial_setup", GetFinancialSetup(), sender, login) == intacct.FinancialSetup(
        base_currency="USD",
        default_book="ACCRUAL",
        first_fiscal_month=4,
        multi_base_currency=False,
        multi_book=True,
        multi_currency=False,
        multi_entity=True,
    )


def test_the_company_gives_its_id_and_name(sender: intacct.Sender, login: intacct.Login) -> None:
    information = data("get_list_company_info", GetCompanyInformation(), sender, login)
    assert information == intacct.CompanyInformation("BIRCHWOOD", "Birchwood Bicycle Works")


def test_entities_without_a_fiscal_year_of_their_own_have_none(
    sender: intacct.Sender, login: intacct.Login
) -> None:
    assert data("read_entity_details", ReadEntityDetails(), sender, login) == (
        intacct.Entity("E100", "Birchwood Shops", "USD", None),
        intacct.Entity("E200", "Birchwood Workshop & Parts", "USD", None),
    )


def test_a_users_formats_are_read(sender: intacct.Sender, login: intacct.Login) -> None:
    formatting = data("read_user_formatting", ReadUserFormatting("ws_lender"), sender, login)
    assert formatting.dates == intacct.DateFormat("/mdY")
    assert (formatting.locale, formatting.gmt_offset, formatting.clock) == ("en_US.UTF-8", "-05:00", "24")


def test_accounts_keep_leading_zeros_and_letters_of_any_language(
    sender: intacct.Sender, login: intacct.Login
) -> None:
    body = (EXCHANGES / "query_accounts_next.reply.xml").read_bytes()
    counts, rows = rows_in(body, accounts("15"), SESSION, sender, "query_accounts_next")
    found = {row.number: row for row in (account(named(accounts(), values)) for values in rows)}
    assert found["0950"].entity_id == "E200"
    assert found["6100"].title == "Gifts – Zoë's list"
    assert found["4000"].closes_to == "3900"
    assert counts == Counts(total=4, count=4, remaining=0)


def test_consolidation_books_name_currency_and_source(sender: intacct.Sender, login: intacct.Login) -> None:
    rows = data("query_consolidation_books", BOOKS, sender, login)
    assert [consolidation_book(named(BOOKS, values)) for values in rows] == [
        intacct.ConsolidationBook("USDCONS", "Group in US dollars", "USD", "ACCRUAL", "active")
    ]


def test_a_trial_balance_is_exact_and_sums_to_zero(sender: intacct.Sender, login: intacct.Login) -> None:
    rows = data("get_trialbalance", CALLS["get_trialbalance"], sender, login)
    assert rows[3] == intacct.TrialBalanceRow(
        account_number="2000",
        opening=Decimal(0),
        debits=Decimal(0),
        credits=Decimal("400.00"),
        adjusting_debits=Decimal(0),
        adjusting_credits=Decimal("10.00"),
        closing=Decimal("-410.00"),
        book="ACCRUAL",
        currency="USD",
    )
    assert sum(row.closing for row in rows) == 0


def test_letters_with_a_meaning_in_xml_are_escaped(login: intacct.Login) -> None:
    sender = intacct.Sender("s&s", "<p>&\"'</p>")
    root = etree.fromstring(build_request(sender, login, GetAPISession(), "c"))
    assert root.findtext("control/senderid") == "s&s"
    assert root.findtext("control/password") == "<p>&\"'</p>"


@pytest.mark.parametrize("letter", ["\x00", "\x08", "\ud800", "\ufffe"])
def test_a_password_that_xml_cannot_carry_is_refused_before_it_is_sent(
    letter: str, sender: intacct.Sender
) -> None:
    login = intacct.Login("BIRCHWOOD", "ws_lender", f"secret{letter}")
    with pytest.raises(intacct.SignInRefused, match="character") as caught:
        build_request(sender, login, GetAPISession(), "c")
    assert "Type" in caught.value.sentence
    assert caught.value.__context__ is None


def test_a_value_that_xml_cannot_carry_is_refused(sender: intacct.Sender, login: intacct.Login) -> None:
    with pytest.raises(intacct.RequestRejected):
        build_request(sender, login, Query("GLACCOUNT", ("A\x00",)), "c")


@pytest.mark.parametrize(("function", "control_id"), [("getAPISession", "other"), ("query", "mine")])
def test_an_answer_to_another_request_is_not_taken(
    function: str, control_id: str, sender: intacct.Sender, login: intacct.Login
) -> None:
    body = (
        "<response><control><status>success</status></control><operation><authentication><status>success</status>"
        f"</authentication><result><status>success</status><function>{function}</function>"
        f"<controlid>{control_id}</controlid><data/></result></operation></response>"
    )
    with pytest.raises(intacct.UnreadableReply, match="another request"):
        read_reply(body.encode(), GetAPISession(), login, sender, "mine")
