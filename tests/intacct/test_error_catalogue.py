"""Every row of the gateway's catalogue of errors, over HTTP, in calls that are read whole and in lists."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import intacct
from intacct.functions import Function, GetAPISession, ListFunction, Query, ReadEntityDetails
from intacct.gateway import Gateway
from intacct.retries import Retries
from intacct.transport import Transport
from tests.intacct.conftest import EXCHANGES, Connect
from tests.intacct.wire import ScriptedServer, answer, opened_session, success

INDEX: dict[str, dict[str, Any]] = json.loads((EXCHANGES / "index.json").read_text())
BORROWER, OPERATOR, LATER = intacct.Mender.BORROWER, intacct.Mender.OPERATOR, intacct.Mender.LATER
# errorno as the gateway wrote it, then who can mend it
AT_SIGN_IN: dict[str, tuple[type[intacct.IntacctError], str, intacct.Mender]] = {
    "error_company_unknown": (intacct.CompanyUnknown, "GW-0011", BORROWER),
    "error_gateway_sign_in": (intacct.SignInRefused, "XMLGW_JPP0002", BORROWER),
    "error_gateway_sign_in_older": (intacct.SignInRefused, "UJPP0002", BORROWER),
    "error_invalid_request": (intacct.CompanyUnknown, "invalidRequest", BORROWER),
    "error_rate_limit": (intacct.RateLimited, "GW-0010", LATER),
    "error_schema_order": (intacct.RequestRejected, "XL03000003", OPERATOR),
    "error_sender_not_authorized": (intacct.SenderNotAuthorized, "XL03000006", BORROWER),
    "error_unavailable": (intacct.ServiceUnavailable, "", LATER),
    "error_web_services_off": (intacct.WebServicesNotSubscribed, "XL03000006", BORROWER),
    "error_wrong_entity": (intacct.SignInRefused, "XL03000006", BORROWER),
    "error_wrong_password": (intacct.SignInRefused, "XL03000006", BORROWER),
    "error_wrong_sender": (intacct.SenderRefused, "XL03000006", OPERATOR),
}
IN_A_SESSION: dict[str, tuple[type[intacct.IntacctError], str, intacct.Mender]] = {
    "error_allocation_not_subscribed": (intacct.NotSubscribed, "PL04000005", BORROWER),
    "error_audit_history": (intacct.PermissionDenied, "", BORROWER),
    "error_business": (intacct.FunctionFailed, "BL01001973", OPERATOR),
    "error_company_expired": (intacct.CompanyUnknown, "PL04000055", BORROWER),
    "error_content_type": (intacct.RequestRejected, "GW-0014", OPERATOR),
    "error_edge_timeout": (intacct.RequestTimedOut, "", LATER),
    "error_field_cannot_be_queried": (intacct.FieldRefused, "XL03000006", OPERATOR),
    "error_field_unknown": (intacct.FieldRefused, "XL03000010", OPERATOR),
    "error_forbidden": (intacct.RequestRejected, "GW-0042", OPERATOR),
    "error_gateway_sign_in": (intacct.SessionExpired, "XMLGW_JPP0002", LATER),
    "error_invalid_fields": (intacct.FieldRefused, "Invalid fields list COLOUR", OPERATOR),
    "error_invalid_session": (intacct.SessionExpired, "XL03000006", LATER),
    "error_login_unknown": (intacct.FunctionFailed, "BL03000025", OPERATOR),
    "error_not_authorized": (intacct.PermissionDenied, "PL04000005", BORROWER),
    "error_not_subscribed": (intacct.NotSubscribed, "PL04000005", BORROWER),
    "error_object_unknown": (intacct.ObjectUnknown, "Query Failed", OPERATOR),
    "error_off_line": (intacct.ServiceUnavailable, "DL02000001", LATER),
    "error_permission": (intacct.PermissionDenied, "PL04000005", BORROWER),
    "error_rate_limit": (intacct.RateLimited, "GW-0010", LATER),
    "error_rate_limit_in_a_success": (intacct.RateLimited, "GW-0010", LATER),
    "error_rate_limit_older": (intacct.RateLimited, "", LATER),
    "error_session_not_opened": (intacct.FunctionFailed, "Get API Session Failed", OPERATOR),
    "error_transport_policy": (intacct.RequestRejected, "XL03000006", OPERATOR),
    "error_try_again_later": (intacct.ServiceUnavailable, "DL02000001", LATER),
    "error_unable_to_process": (intacct.ServiceUnavailable, "", LATER),
    "error_unavailable": (intacct.ServiceUnavailable, "", LATER),
    "error_unprocessable": (intacct.FunctionFailed, "DL02000001", OPERATOR),
    "error_web_services_off": (intacct.WebServicesNotSubscribed, "XL03000006", BORROWER),
    "error_without_a_message": (intacct.FunctionFailed, "", OPERATOR),
}
# A transaction is never asked for, so its answer, with several results, is none of ours.
NOT_OURS = {"error_rolled_back"}
ONCE = intacct.Patience(tries=1)
LIST = Query("GLACCOUNT", ("RECORDNO",), order="RECORDNO")


def served(name: str) -> bytes:
    found = sorted(EXCHANGES.glob(f"{name}.reply.*"))
    return found[0].read_bytes()


def raised(
    name: str,
    function: Function[Any] | ListFunction,
    authentication: intacct.Login | intacct.Session,
    sender: intacct.Sender,
) -> intacct.IntacctError:
    status = INDEX.get(name, {}).get("status", 200)
    retries = Retries(ONCE, lambda _: None)
    with (
        ScriptedServer(answer(served(name), f"{status} Status")) as server,
        contextlib.closing(Gateway(sender, Transport(intacct.Limits()), retries)) as gateway,
        pytest.raises(intacct.IntacctError) as caught,
    ):
        send: Any = gateway.call if hasattr(function, "read") else gateway.open
        send(function, authentication, server.endpoint)
    return caught.value


def check(error: intacct.IntacctError, wanted: tuple[type, str, intacct.Mender]) -> None:
    assert (type(error), error.errorno, error.mender) == wanted
    assert error.retryable == (error.mender is LATER)
    assert error.function
    assert error.sentence.endswith(".")


@pytest.mark.parametrize("name", AT_SIGN_IN)
def test_a_refused_sign_in_is_sorted(name: str, sender: intacct.Sender, login: intacct.Login) -> None:
    check(raised(name, GetAPISession(), login, sender), AT_SIGN_IN[name])


@pytest.mark.parametrize("name", IN_A_SESSION)
@pytest.mark.parametrize("function", [ReadEntityDetails(), LIST], ids=["whole", "list"])
def test_a_refused_call_is_sorted_whether_read_whole_or_as_a_list(
    name: str, function: Function[Any] | ListFunction, sender: intacct.Sender
) -> None:
    session = intacct.Session("expired-session-0001", "", datetime.now(UTC) + timedelta(hours=1))
    check(raised(name, function, session, sender), IN_A_SESSION[name])


def test_every_written_down_error_is_sorted_here() -> None:
    written = {Path(found).name.split(".")[0] for found in EXCHANGES.glob("error_*.reply.*")}
    assert written == set(AT_SIGN_IN) | set(IN_A_SESSION) | NOT_OURS


@pytest.mark.parametrize("errorno", ["DL02000001", "Get API Session Failed"])
def test_what_may_be_a_hiccup_is_asked_once_more_and_no_oftener(
    errorno: str, sender: intacct.Sender, login: intacct.Login
) -> None:
    waits: list[float] = []
    body = success("readEntityDetails", "").replace(
        b"<result><status>success</status>",
        f"<result><status>failure</status><errormessage><error><errorno>{errorno}</errorno></error></errormessage>".encode(),
    )
    with ScriptedServer(answer(b"")) as server:
        good = answer(success("readEntityDetails", "<data/>"))
        server.script = [answer(opened_session(server.endpoint)), answer(body), good, answer(body)]
        with intacct.connect(
            sender, login, endpoint=server.endpoint, allow_sandbox=True, sleep=waits.append
        ) as company:
            assert company.entities() == ()
            assert waits == [5.0]
            with pytest.raises(intacct.FunctionFailed):
                company.entities()
        assert waits == [5.0, 5.0]
        assert len(server.requests) == 5


def test_a_wait_that_the_gateway_names_is_kept(sender: intacct.Sender, login: intacct.Login) -> None:
    waits: list[float] = []
    with ScriptedServer(answer(b"")) as server:
        busy = answer(b"", "503 Unavailable", "Retry-After: 71")
        server.script = [
            answer(opened_session(server.endpoint)),
            busy,
            answer(success("readEntityDetails", "<data/>")),
        ]
        with intacct.connect(
            sender, login, endpoint=server.endpoint, allow_sandbox=True, sleep=waits.append
        ) as company:
            company.entities()
    assert waits == [71.0]


def test_a_wrong_entity_is_told_apart_from_a_wrong_password(connect: Connect) -> None:
    with connect() as company, pytest.raises(intacct.EntityRefused):
        company.enter("E999")
