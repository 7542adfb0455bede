"""Replies with a few bytes changed or cut: read, or refused as one of our errors, never anything else."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import intacct
from intacct.chart import ACCOUNT_FIELDS, BOOK_FIELDS, account, consolidation_book
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
from tests.intacct.answers import records_in
from tests.intacct.conftest import EXCHANGES

SENDER = intacct.Sender("lenderportal", "sender-secret-1")
SESSION = intacct.Session("SESSION-ID", "https://api.intacct.com/", datetime(2026, 5, 4, tzinfo=UTC))
CALLS: dict[str, Function[Any] | ListFunction] = {
    "get_api_session": GetAPISession(),
    "get_financial_setup": GetFinancialSetup(),
    "get_list_company_info": GetCompanyInformation(),
    "read_entity_details": ReadEntityDetails(),
    "read_user_formatting": ReadUserFormatting("ws_lender"),
    "get_trialbalance": GetTrialBalance(date(2026, 4, 1), date(2026, 4, 30)),
    "query_accounts": Query("GLACCOUNT", ACCOUNT_FIELDS),
    "query_consolidation_books": Query("GCBOOK", BOOK_FIELDS),
    "error_permission": Query("VENDOR", ("RECORDNO",)),
    "error_invalid_session": Query("GLACCOUNT", ("RECORDNO",)),
    "error_company_unknown": GetAPISession(),
}
PIECES = st.sampled_from(
    [b"", b"<", b">", b"&", b"\x00", b"]]>", b"<a>", b"</a>", b"<!DOCTYPE a>", b"<![CDATA[", b"&#0;", b"&lt;"]
    + [b"1e5", b"NaN", b"-", b",", b"\xff", "٣".encode(), b"success", b"failure", b"<data/>", b"<error/>"]
)


def damaged(body: bytes, data: st.DataObject) -> bytes:
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(body)))
        end = min(len(body), start + data.draw(st.integers(0, 40)))
        body = body[:start] + data.draw(PIECES) + body[end:]
    return body


def read(name: str, body: bytes) -> None:
    records = records_in(body, CALLS[name], SESSION, SENDER, name)
    if name == "query_accounts":
        for values in records:
            account(dict(zip(ACCOUNT_FIELDS, values, strict=True)))
    if name == "query_consolidation_books":
        for values in records:
            consolidation_book(dict(zip(BOOK_FIELDS, values, strict=True)))


@pytest.mark.parametrize("name", CALLS)
@given(data=st.data())
def test_a_damaged_reply_is_read_or_refused(name: str, data: st.DataObject) -> None:
    body = damaged((EXCHANGES / f"{name}.reply.xml").read_bytes(), data)
    try:
        read(name, body)
    except intacct.IntacctError as error:
        assert error.sentence
        assert str(error)


@pytest.mark.parametrize("name", CALLS)
def test_a_reply_cut_anywhere_is_refused(name: str) -> None:
    body = (EXCHANGES / f"{name}.reply.xml").read_bytes().rstrip()
    for length in range(0, len(body), 7):
        with pytest.raises(intacct.UnreadableReply):
            read(name, body[:length])
