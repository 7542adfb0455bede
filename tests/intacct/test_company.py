"""A company read through the sandbox: what is read, what is refused, and faults that pass or do not."""

from __future__ import annotations

import logging
from datetime import date

import pytest

import intacct
from intacct.sandbox import Sandbox
from tests.intacct.conftest import Connect
from tests.intacct.wire import ScriptedServer, answer, opened_session, success

APRIL = (date(2026, 4, 1), date(2026, 4, 30))


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


def test_a_refusal_by_something_in_between_tells_support_its_status_and_words(
    sender: intacct.Sender, login: intacct.Login
) -> None:
    with (
        ScriptedServer(answer(b"Blocked by company policy", "403 Forbidden")) as server,
        pytest.raises(intacct.UnreadableReply, match="HTTP 403, .* Blocked by company policy"),
        intacct.connect(sender, login, endpoint=server.endpoint, allow_sandbox=True),
    ):
        pass


def test_an_unreadable_date_setting_stops_a_query_before_anything_is_read(
    sender: intacct.Sender, login: intacct.Login
) -> None:
    odd = success(
        "readUserFormatting",
        "<data><userformatting><dateformat>/mdy</dateformat><gmtoffset>+00:00</gmtoffset><clock>24</clock>"
        "</userformatting></data>",
    )
    with ScriptedServer(answer(b"")) as server:
        server.script = [answer(opened_session(server.endpoint)), answer(odd)]
        with (
            intacct.connect(sender, login, endpoint=server.endpoint, allow_sandbox=True) as company,
            pytest.raises(intacct.UnreadableFormatting) as caught,
        ):
            next(company.query("GLDETAIL", ["ENTRY_DATE"]))
        assert not any(b"<query>" in request for request in server.requests)
    assert "four-digit year" in caught.value.sentence
