"""What every request asks of the gateway."""

from __future__ import annotations

from datetime import date

import pytest
from lxml import etree

import intacct
from intacct.envelope import build_request
from intacct.functions import AccountChoice, GetAccountBalances, GetAPISession, GetTrialBalance, Period, Query
from intacct.transport import Limits
from tests.intacct.conftest import Connect
from tests.intacct.wire import ScriptedServer, answer, opened_session, success


def requested(sender: intacct.Sender, login: intacct.Login) -> etree._Element:
    return etree.fromstring(build_request(sender, login, GetAPISession(), "c-1"))


def test_more_about_an_error_is_asked_for_by_every_request(
    sender: intacct.Sender, login: intacct.Login
) -> None:
    control = requested(sender, login)[0]
    assert [child.tag for child in control][-2:] == ["includewhitespace", "showadditionalerrorinfo"]
    assert control.findtext("showadditionalerrorinfo") == "true"


def test_a_request_may_be_repeated_and_its_answer_is_small(
    sender: intacct.Sender, login: intacct.Login
) -> None:
    control = requested(sender, login)[0]
    assert control.findtext("uniqueid") == "false"
    assert control.findtext("includewhitespace") == "false"
    assert control.find("policyid") is None


def test_a_login_names_user_company_and_password_in_this_order(
    sender: intacct.Sender, login: intacct.Login
) -> None:
    found = requested(sender, login).find("operation/authentication/login")
    assert found is not None
    assert [child.tag for child in found] == ["userid", "companyid", "password"]


def test_a_request_holds_one_function_outside_of_any_transaction(
    sender: intacct.Sender, login: intacct.Login
) -> None:
    root = requested(sender, login)
    assert len(root.findall("operation/content/function/*")) == 1
    operation = root.find("operation")
    assert operation is not None
    assert operation.get("transaction", "false") == "false"


def test_a_request_is_utf8_with_a_declaration(sender: intacct.Sender) -> None:
    body = build_request(sender, intacct.Login("ŁÓDŹ", "zoë", "päss"), GetAPISession(), "c-1")
    assert body.splitlines()[0] == b"<?xml version='1.0' encoding='UTF-8'?>"
    assert "ŁÓDŹ".encode() in etree.tostring(etree.fromstring(body), encoding="UTF-8")


def test_statements_leave_out_statistical_accounts_and_say_what_defaults_differ_in() -> None:
    parent = etree.Element("function")
    period = Period(date(2026, 4, 1), date(2026, 4, 30))
    GetTrialBalance(period.start, period.end, "ACCRUAL", ("GAAP",)).write(parent)
    GetAccountBalances(period, AccountChoice(number="1000")).write(parent)
    assert [node.findtext("statistical") for node in parent] == ["exclude", "exclude"]
    assert parent[0].findtext("includereportingbook") == "true"


def test_the_whole_answer_may_take_as_long_as_the_gateway_itself_takes() -> None:
    assert Limits().whole == 15 * 60


def test_a_query_never_pages_by_offset() -> None:
    parent = etree.Element("function")
    Query("GLACCOUNT", ("RECORDNO",), order="RECORDNO").write(parent)
    assert parent.find("query/offset") is None


@pytest.mark.parametrize("kind", ['text/xml; encoding="UTF-8"', "application/xml", "text/plain"])
def test_an_answer_is_read_whatever_it_says_its_type_is(
    kind: str, sender: intacct.Sender, login: intacct.Login
) -> None:
    with ScriptedServer(answer(b"")) as server:
        server.script = [
            answer(opened_session(server.endpoint), headers=f"Content-Type: {kind}"),
            answer(success("readEntityDetails", "<data/>"), headers=f"Content-Type: {kind}"),
        ]
        with intacct.connect(sender, login, endpoint=server.endpoint, allow_sandbox=True) as company:
            assert company.entities() == ()


def test_balances_are_refused_with_the_right_that_the_trial_balance_takes(connect: Connect) -> None:
    narrow = intacct.Login("BIRCHWOOD", "ws_narrow", "Narrow-Secret-1")
    april = (date(2026, 4, 1), date(2026, 4, 30))
    with connect(login=narrow) as company:
        with pytest.raises(intacct.PermissionDenied) as chosen:
            company.account_balances(*april)
        with pytest.raises(intacct.PermissionDenied) as split:
            company.account_balances_by_dimension(*april, ["location"])
    assert all("General Ledger, Trial balance, Run" in found.value.sentence for found in (chosen, split))
