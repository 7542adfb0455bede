"""A company read through the sandbox: sessions that live, die and come back, and what is read in them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

import intacct
from intacct.sandbox import Sandbox
from tests.intacct.wire import ScriptedServer, answer, success

APRIL = (date(2026, 4, 1), date(2026, 4, 30))
Connect = Callable[..., intacct.Company]


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def connect(sandbox: Sandbox, sender: intacct.Sender, login: intacct.Login, waits: list[float]) -> Connect:
    def connected(**changes: Any) -> intacct.Company:
        arguments: dict[str, Any] = {"sender": sender, "login": login, "endpoint": sandbox.endpoint}
        return intacct.connect(**(arguments | {"allow_sandbox": True, "sleep": waits.append} | changes))

    return connected


def test_a_company_tells_who_it_is(connect: Connect) -> None:
    with connect() as company:
        assert company.company_information() == intacct.CompanyInformation(
            "BIRCHWOOD", "Birchwood Bicycle Works"
        )
        assert company.financial_setup().first_fiscal_month == 4
        assert [entity.id for entity in company.entities()] == ["E100", "E200"]
        assert [book.id for book in company.consolidation_books()] == ["USDCONS"]


def test_the_chart_holds_every_account_private_and_inactive_ones_too(connect: Connect) -> None:
    with connect() as company:
        accounts = {account.number: account for account in company.accounts()}
    assert accounts["0950"].entity_id == "E200"
    assert accounts["6100"].status == "inactive"
    numbers = [account.record_number for account in accounts.values()]
    assert numbers == sorted(numbers)


def test_a_trial_balance_sums_to_zero_and_the_entities_make_up_the_company(connect: Connect) -> None:
    with connect() as company:
        whole = {row.account_number: row.closing for row in company.trial_balance(*APRIL)}
        parts = [
            {row.account_number: row.closing for row in company.trial_balance(*APRIL, location=entity.id)}
            for entity in company.entities()
        ]
    assert sum(whole.values()) == 0
    assert any(whole.values())
    for account, closing in whole.items():
        assert sum(part.get(account, 0) for part in parts) == closing


def test_a_consolidation_book_is_read_in_its_own_currency(connect: Connect) -> None:
    with connect() as company:
        rows = list(company.trial_balance(*APRIL, book="USDCONS"))
    assert {(row.book, row.currency) for row in rows} == {("USDCONS", "USD")}


def test_any_object_can_be_queried_with_typed_fields(connect: Connect) -> None:
    with connect() as company:
        rows = list(
            company.query(
                "GLACCOUNT",
                ["ACCOUNTNO", "TITLE", "CATEGORY"],
                where=intacct.filters.equal_to("ACCOUNTNO", "0950"),
            )
        )
    assert [(row.text("ACCOUNTNO"), row.text("CATEGORY")) for row in rows] == [("0950", "")]


def test_amounts_and_dates_of_a_query_are_typed(connect: Connect) -> None:
    with connect() as company:
        where = intacct.filters.every(
            intacct.filters.equal_to("BOOKID", "ACCRUAL"), intacct.filters.equal_to("STATISTICAL", "F")
        )
        rows = list(company.query("GLDETAIL", ["ENTRY_DATE", "AMOUNT"], where=where, key_is_number=False))
    assert len(rows) > 2
    assert all(isinstance(row.date("ENTRY_DATE"), date) for row in rows)
    assert sum(row.amount("AMOUNT") or 0 for row in rows) == 0


def test_dates_come_in_the_users_own_format(connect: Connect) -> None:
    login = intacct.Login("BIRCHWOOD", "ws_shops", "Shops-Secret-1")
    with connect(login=login) as company:
        assert company.formatting().dates == intacct.DateFormat(".dmY")


def test_a_field_that_was_not_selected_is_a_mistake_of_the_caller(connect: Connect) -> None:
    with connect() as company:
        row = next(company.query("GLACCOUNT", ["TITLE"]))
    with pytest.raises(KeyError):
        row.text("RECORDNO")


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
    with pytest.raises(intacct.UntrustedEndpoint):
        connect(resume=session)


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


@pytest.mark.parametrize(
    ("login", "kind"),
    [
        (intacct.Login("BIRCHWOOD", "ws_lender", "wrong"), intacct.SignInRefused),
        (intacct.Login("BIRCHWOOD", "nobody", "Reader-Secret-1"), intacct.SignInRefused),
        (intacct.Login("BIRCHWOOD", "ws_former", "Former-Secret-1"), intacct.SignInRefused),
        (intacct.Login("NO-SUCH-COMPANY", "ws_lender", "Reader-Secret-1"), intacct.CompanyUnknown),
        (intacct.Login("ELMWOOD", "ws_lender", "Reader-Secret-1"), intacct.SenderNotAuthorized),
    ],
)
def test_a_refused_sign_in_is_never_repeated(
    login: intacct.Login,
    kind: type[intacct.IntacctError],
    connect: Connect,
    sandbox: Sandbox,
    waits: list[float],
) -> None:
    with pytest.raises(kind) as caught, connect(login=login):
        pass
    assert caught.value.mender is intacct.Mender.BORROWER
    assert waits == []
    assert sandbox.requests["getAPISession"] <= 1


def test_a_refused_password_is_not_sent_twice(connect: Connect, sandbox: Sandbox) -> None:
    company = connect(login=intacct.Login("BIRCHWOOD", "ws_lender", "wrong"))
    for _ in range(3):
        with pytest.raises(intacct.SignInRefused):
            company.financial_setup()
    company.close()
    assert sandbox.requests["getAPISession"] == 1


def test_a_refused_sender_is_the_operators_to_mend(connect: Connect, waits: list[float]) -> None:
    with (
        pytest.raises(intacct.SenderRefused) as caught,
        connect(sender=intacct.Sender("lenderportal", "wrong")),
    ):
        pass
    assert caught.value.mender is intacct.Mender.OPERATOR
    assert waits == []


def test_a_missing_permission_is_the_borrowers_to_mend(connect: Connect) -> None:
    with connect(login=intacct.Login("BIRCHWOOD", "ws_narrow", "Narrow-Secret-1")) as company:
        with pytest.raises(intacct.PermissionDenied) as caught:
            company.consolidation_books()
        assert list(company.accounts())
    assert caught.value.mender is intacct.Mender.BORROWER
    assert caught.value.support_id


@pytest.mark.parametrize("kind", ["down", "rate-limited", "html", "cut", "truncated"])
def test_a_passing_fault_is_waited_out(
    kind: str, connect: Connect, sandbox: Sandbox, waits: list[float]
) -> None:
    limits = {"status": 503} if kind == "html" else {}
    with connect() as company:
        sandbox.faults.next(kind, times=2, function="getFinancialSetup", **limits)
        assert company.financial_setup().base_currency == "USD"
    assert len(waits) == 2


def test_a_lasting_fault_is_raised_as_one_that_passes(
    connect: Connect, sandbox: Sandbox, waits: list[float]
) -> None:
    sandbox.faults.next("down", times=99)
    with pytest.raises(intacct.ServiceUnavailable) as caught, connect():
        pass
    assert caught.value.retryable
    assert len(waits) == 4


def test_an_answer_that_is_not_xml_is_not_asked_for_again(
    connect: Connect, sandbox: Sandbox, waits: list[float]
) -> None:
    with connect() as company:
        sandbox.faults.next("malformed")
        with pytest.raises(intacct.UnreadableReply) as caught:
            company.financial_setup()
    assert caught.value.mender is intacct.Mender.OPERATOR
    assert waits == []


def test_no_secret_is_logged_or_raised(
    connect: Connect,
    sandbox: Sandbox,
    sender: intacct.Sender,
    login: intacct.Login,
    caplog: pytest.LogCaptureFixture,
) -> None:
    secrets = [sender.password, login.password]
    raised = []
    with caplog.at_level(logging.DEBUG), connect() as company:
        secrets.append(company.session.id)
        for kind in ("malformed", "truncated", "session-death"):
            sandbox.faults.next(kind, times=5, function="getFinancialSetup")
            with pytest.raises(intacct.IntacctError) as caught:
                company.financial_setup()
            raised.append(f"{caught.value} {caught.value!r} {caught.value.__dict__}")
            sandbox.faults.clear()
    for secret in secrets:
        assert secret not in caplog.text + "".join(raised)


def session(endpoint: str, identity: str = "scripted-session") -> bytes:
    return success(
        "getAPISession",
        f"<data><api><sessionid>{identity}</sessionid><endpoint>{endpoint}</endpoint><locationid/></api></data>",
    )


def test_a_refusal_by_something_in_between_tells_support_its_status_and_words(
    sender: intacct.Sender, login: intacct.Login
) -> None:
    with (
        ScriptedServer(answer(b"Blocked by company policy", "403 Forbidden")) as server,
        pytest.raises(intacct.UnreadableReply, match="HTTP 403, .* Blocked by company policy"),
        intacct.connect(sender, login, endpoint=server.endpoint, allow_sandbox=True),
    ):
        pass


def test_an_endpoint_that_a_sign_in_names_is_not_trusted_blindly(
    sender: intacct.Sender, login: intacct.Login
) -> None:
    with (
        ScriptedServer(answer(session("https://evil.example/ia/xml/xmlgw.phtml"))) as server,
        pytest.raises(intacct.UntrustedEndpoint),
        intacct.connect(sender, login, endpoint=server.endpoint, allow_sandbox=True),
    ):
        pass


def test_a_sign_in_whose_answer_breaks_off_does_not_show_the_session_id(
    sender: intacct.Sender, login: intacct.Login
) -> None:
    with ScriptedServer(answer(b"")) as server:
        body = session(server.endpoint, "new-session-0001")
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
        server.script = [answer(session(server.endpoint).replace(b"T21:15:00", b"T09:15:00"))]
        with (
            pytest.raises(intacct.UnreadableReply, match="ends before it begins"),
            intacct.connect(sender, login, endpoint=server.endpoint, allow_sandbox=True),
        ):
            pass


def test_a_short_session_is_renewed_at_half_its_life(sender: intacct.Sender, login: intacct.Login) -> None:
    from intacct.company import Company
    from intacct.endpoints import trust_for
    from intacct.gateway import Gateway
    from intacct.retries import Patience, Retries
    from intacct.transport import Limits, Transport

    clock = [datetime(2026, 5, 4, 9, 15, tzinfo=UTC)]
    setup = success("readEntityDetails", "<data/>").replace(b"T21:15:00", b"T09:15:30")
    with ScriptedServer(answer(b"")) as server:
        opening = session(server.endpoint).replace(b"T21:15:00", b"T09:15:30")
        server.script = [answer(body) for body in (opening, setup, setup, opening, setup)]
        gateway = Gateway(sender, Transport(Limits()), Retries(Patience()))
        trust = trust_for(server.endpoint, allow_sandbox=True)
        company = Company(gateway, login, endpoint=server.endpoint, trust=trust, now=lambda: clock[0])
        with company:
            for pause in (0, 14, 16):
                clock[0] += timedelta(seconds=pause)
                assert company.entities() == ()
            assert company.session.expires_at == clock[0] + timedelta(seconds=30)
        opened = [b"<getAPISession" in request for request in server.requests]
    assert opened == [True, False, False, True, False]


def test_an_unreadable_date_setting_stops_a_query_before_anything_is_read(
    sender: intacct.Sender, login: intacct.Login
) -> None:
    odd = success(
        "readUserFormatting",
        "<data><userformatting><dateformat>/mdy</dateformat><gmtoffset>+00:00</gmtoffset><clock>24</clock>"
        "</userformatting></data>",
    )
    with ScriptedServer(answer(b"")) as server:
        server.script = [answer(session(server.endpoint)), answer(odd)]
        with (
            intacct.connect(sender, login, endpoint=server.endpoint, allow_sandbox=True) as company,
            pytest.raises(intacct.UnreadableFormatting) as caught,
        ):
            next(company.query("GLDETAIL", ["ENTRY_DATE"]))
        assert not any(b"<query>" in request for request in server.requests)
    assert "four-digit year" in caught.value.sentence
