"""Sessions that are opened, resumed, renewed, entered and lost."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

import intacct
from intacct.company import Company
from intacct.endpoints import trust_for
from intacct.gateway import Gateway
from intacct.retries import Retries
from intacct.sandbox import Sandbox
from intacct.transport import Transport
from tests.intacct.conftest import Connect
from tests.intacct.wire import ScriptedServer, answer, opened_session, success

APRIL = (date(2026, 4, 1), date(2026, 4, 30))


def test_a_session_goes_on_at_the_endpoint_that_the_sign_in_named(connect: Connect, sandbox: Sandbox) -> None:
    with connect() as company:
        assert company.session.endpoint != sandbox.endpoint
        assert company.session.expires_at > datetime.now(UTC) + timedelta(minutes=5)
        assert company.session.id not in repr(company.session)


def test_one_sign_in_serves_every_call(connect: Connect, sandbox: Sandbox) -> None:
    with connect() as company:
        company.company_information()
        list(company.accounts())
        list(company.trial_balance(*APRIL))
    assert sandbox.requests["getAPISession"] == 1


def test_calls_share_one_connection(connect: Connect, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "urllib3"), connect() as company:
        company.company_information()
        list(company.accounts())
    assert sum("Starting new" in message for message in caplog.messages) == 1


def test_an_earlier_session_is_resumed_without_the_password(connect: Connect, sandbox: Sandbox) -> None:
    with connect() as company:
        session = company.session
    forgotten = intacct.Login("BIRCHWOOD", "ws_lender", "no longer known")
    with connect(login=forgotten, resume=session) as company:
        assert company.company_information().id == "BIRCHWOOD"
    assert sandbox.requests["getAPISession"] == 1


def test_a_resumed_session_that_has_ended_is_replaced_by_a_new_sign_in(
    connect: Connect, sandbox: Sandbox
) -> None:
    with connect() as company:
        dead = replace(company.session, id="long-dead-session")
    with connect(resume=dead) as company:
        assert company.company_information().id == "BIRCHWOOD"
        assert company.session.id != dead.id
    assert sandbox.requests["getAPISession"] == 2


def test_a_resumed_session_past_its_time_is_not_even_tried(connect: Connect, sandbox: Sandbox) -> None:
    with connect() as company:
        old = replace(company.session, expires_at=datetime.now(UTC) + timedelta(minutes=1))
    with connect(resume=old) as company:
        company.company_information()
    assert sandbox.requests["getAPISession"] == 2


def test_a_session_of_another_entity_is_not_resumed(connect: Connect) -> None:
    with connect() as company:
        top_level = company.session
    with connect(entity="E100", resume=top_level) as company:
        assert company.session.entity_id == "E100"


def test_a_session_with_an_untrusted_endpoint_is_not_resumed(connect: Connect) -> None:
    session = intacct.Session("id", "https://evil.example/", datetime.now(UTC) + timedelta(hours=1))
    with connect(resume=session) as company:
        assert company.session.endpoint != session.endpoint
        assert company.session.id != session.id


def test_a_session_that_dies_between_two_calls_is_renewed_once(connect: Connect, sandbox: Sandbox) -> None:
    with connect() as company:
        sandbox.faults.next("session-death", function="query")
        assert len(list(company.accounts())) > 5
    assert sandbox.requests["getAPISession"] == 2


def test_a_session_that_keeps_dying_is_given_up(connect: Connect, sandbox: Sandbox) -> None:
    with connect() as company:
        sandbox.faults.next("session-death", times=9, function="query")
        with pytest.raises(intacct.SessionExpired) as caught:
            list(company.accounts())
    assert caught.value.retryable
    assert sandbox.requests["query"] == 2


def test_an_entity_is_entered_with_one_use_of_the_password(connect: Connect, sandbox: Sandbox) -> None:
    with connect(entity="E100") as company:
        assert company.session.entity_id == "E100"
        assert list(company.trial_balance(*APRIL))
    assert sandbox.requests["getAPISession"] == 2


def test_a_wrong_entity_is_not_taken_for_a_wrong_password(connect: Connect) -> None:
    with pytest.raises(intacct.EntityRefused), connect(entity="E999"):
        pass


def test_a_refused_entity_leaves_no_top_level_session_behind(connect: Connect) -> None:
    company = connect(entity="E999")
    for _ in range(2):
        with pytest.raises(intacct.EntityRefused):
            company.financial_setup()
    company.close()


def test_an_endpoint_that_a_sign_in_names_is_not_trusted_blindly(
    sender: intacct.Sender, login: intacct.Login
) -> None:
    with (
        ScriptedServer(answer(opened_session("https://evil.example/ia/xml/xmlgw.phtml"))) as server,
        pytest.raises(intacct.UntrustedEndpoint),
        intacct.connect(sender, login, endpoint=server.endpoint, allow_sandbox=True),
    ):
        pass


def test_a_sign_in_whose_answer_breaks_off_does_not_show_the_session_id(
    sender: intacct.Sender, login: intacct.Login
) -> None:
    with ScriptedServer(answer(b"")) as server:
        body = opened_session(server.endpoint, "new-session-0001")
        server.script = [answer(body[: body.index(b"-0001") + 5])]
        with (
            pytest.raises(intacct.UnreadableReply) as caught,
            intacct.connect(sender, login, endpoint=server.endpoint, allow_sandbox=True),
        ):
            pass
    assert "new-session" not in str(caught.value)


def test_a_session_that_ends_before_it_begins_is_not_believed(
    sender: intacct.Sender, login: intacct.Login
) -> None:
    with ScriptedServer(answer(b"")) as server:
        server.script = [answer(opened_session(server.endpoint).replace(b"T21:15:00", b"T09:15:00"))]
        with (
            pytest.raises(intacct.UnreadableReply, match="ends before it begins"),
            intacct.connect(sender, login, endpoint=server.endpoint, allow_sandbox=True),
        ):
            pass


def test_a_short_session_is_renewed_at_half_its_life(sender: intacct.Sender, login: intacct.Login) -> None:
    clock = [datetime(2026, 5, 4, 9, 15, tzinfo=UTC)]
    setup = success("readEntityDetails", "<data/>").replace(b"T21:15:00", b"T09:15:30")
    with ScriptedServer(answer(b"")) as server:
        opening = opened_session(server.endpoint).replace(b"T21:15:00", b"T09:15:30")
        server.script = [answer(body) for body in (opening, setup, setup, opening, setup)]
        gateway = Gateway(sender, Transport(intacct.Limits()), Retries(intacct.Patience()))
        trust = trust_for(server.endpoint, allow_sandbox=True)
        company = Company(gateway, login, endpoint=server.endpoint, trust=trust, now=lambda: clock[0])
        with company:
            for pause in (0, 14, 16):
                clock[0] += timedelta(seconds=pause)
                assert company.entities() == ()
            assert company.session.expires_at == clock[0] + timedelta(seconds=30)
        opened = [b"<getAPISession" in request for request in server.requests]
    assert opened == [True, False, False, True, False]
