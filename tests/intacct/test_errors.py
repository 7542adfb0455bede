"""Every refusal becomes the right error: who can mend it, whether it passes, and what the borrower reads."""

from __future__ import annotations

import inspect
import pickle
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import intacct
from intacct import errors
from intacct.functions import Function, GetAPISession, ListFunction, Query
from intacct.pages import Counts
from tests.intacct.answers import records_in, rows_in
from tests.intacct.conftest import EXCHANGES

SESSION = intacct.Session(
    "expired-session-0001", "https://api.intacct.com/", datetime(2026, 5, 4, tzinfo=UTC)
)
LEAVES = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, errors.IntacctError) and not kind.__subclasses__()
]


def accounts(object_name: str = "GLACCOUNT") -> Query:
    return Query(object_name, ("RECORDNO",))


def refusal(
    body: bytes,
    control_id: str,
    function: Function[Any] | ListFunction,
    authentication: intacct.Login | intacct.Session,
    sender: intacct.Sender,
) -> intacct.IntacctError:
    with pytest.raises(intacct.IntacctError) as caught:
        records_in(body, function, authentication, sender, control_id)
    return caught.value


def exchange(name: str) -> bytes:
    return Path(EXCHANGES / f"{name}.reply.xml").read_bytes()


@pytest.mark.parametrize(
    ("name", "kind", "errorno"),
    [
        ("error_company_unknown", intacct.CompanyUnknown, "GW-0011"),
        ("error_rate_limit", intacct.RateLimited, "GW-0010"),
        ("error_schema_order", intacct.RequestRejected, "XL03000003"),
        ("error_wrong_sender", intacct.SenderRefused, "XL03000006"),
        ("error_wrong_password", intacct.SignInRefused, "XL03000006"),
        ("error_sender_not_authorized", intacct.SenderNotAuthorized, "XL03000006"),
    ],
)
def test_a_refused_sign_in_is_told_apart(
    name: str, kind: type, errorno: str, sender: intacct.Sender, login: intacct.Login
) -> None:
    error = refusal(exchange(name), name, GetAPISession(), login, sender)
    assert type(error) is kind
    assert error.errorno == errorno
    assert error.function == "getAPISession"


@pytest.mark.parametrize(
    ("name", "kind", "errorno"),
    [
        ("error_invalid_session", intacct.SessionExpired, "XL03000006"),
        ("error_permission", intacct.PermissionDenied, "PL04000005"),
        ("error_not_subscribed", intacct.NotSubscribed, "PL04000005"),
        ("error_object_unknown", intacct.ObjectUnknown, "Query Failed"),
        ("error_field_unknown", intacct.FieldRefused, "XL03000010"),
        ("error_field_cannot_be_queried", intacct.FieldRefused, "XL03000006"),
    ],
)
def test_a_refused_call_is_told_apart(name: str, kind: type, errorno: str, sender: intacct.Sender) -> None:
    error = refusal(exchange(name), name, accounts("VENDOR"), SESSION, sender)
    assert type(error) is kind
    assert (error.errorno, error.function) == (errorno, "query VENDOR")
    assert error.support_id == "qX7bW~Zkq0WJ2LmN0pR4tVHwAAAAc"


def test_the_same_answer_means_the_entity_once_the_session_is_known_to_be_good(
    sender: intacct.Sender,
) -> None:
    name = "error_wrong_entity"
    error = refusal(exchange(name), name, GetAPISession("E999"), SESSION, sender)
    assert type(error) is intacct.EntityRefused
    assert error.mender is intacct.Mender.BORROWER


def test_an_invalid_session_while_entering_an_entity_is_still_a_dead_session(sender: intacct.Sender) -> None:
    name = "error_invalid_session"
    error = refusal(exchange(name), name, GetAPISession("E100"), SESSION, sender)
    assert type(error) is intacct.SessionExpired


def test_a_web_page_with_status_200_means_not_available(sender: intacct.Sender, login: intacct.Login) -> None:
    body = (EXCHANGES / "error_unavailable.reply.html").read_bytes()
    error = refusal(body, "x", GetAPISession(), login, sender)
    assert type(error) is intacct.ServiceUnavailable
    assert error.retryable


def control_failure(errorno: str, words: str = "") -> bytes:
    return (
        "<response><control><status>failure</status></control><errormessage><error>"
        f"<errorno>{errorno}</errorno><description>{words}</description></error></errormessage></response>"
    ).encode()


@pytest.mark.parametrize(
    ("errorno", "kind"),
    [
        ("XMLGW_JPP0002", intacct.SignInRefused),
        ("UJPP0002", intacct.SignInRefused),
        ("invalidRequest", intacct.CompanyUnknown),
        ("PL04000055", intacct.CompanyUnknown),
        ("GW-0001", intacct.ServiceUnavailable),
        ("GW-0009", intacct.ServiceUnavailable),
        ("GW-0010", intacct.RateLimited),
        ("GW-0011", intacct.CompanyUnknown),
        ("GW-0012", intacct.RequestRejected),
        ("GW-0014", intacct.RequestRejected),
        ("GW-0015", intacct.RequestRejected),
        ("GW-0031", intacct.RequestRejected),
        ("GW-0042", intacct.RequestRejected),
        ("", intacct.RequestRejected),
        ("ZZ99", intacct.RequestRejected),
    ],
)
def test_the_gateways_own_codes_are_known(
    errorno: str, kind: type, sender: intacct.Sender, login: intacct.Login
) -> None:
    error = refusal(control_failure(errorno, "No [Request ID: 7c3f-1]"), "x", GetAPISession(), login, sender)
    assert type(error) is kind
    assert error.request_id == "7c3f-1"


def test_a_gateway_sign_in_refusal_inside_a_session_asks_for_a_new_session(sender: intacct.Sender) -> None:
    assert (
        type(refusal(control_failure("UJPP0002"), "x", accounts(), SESSION, sender)) is intacct.SessionExpired
    )


def levels(authentication: str, operation_errors: str = "", result: str = "") -> bytes:
    return (
        "<response><control><status>success</status></control><operation>"
        f"<authentication><status>{authentication}</status></authentication>{operation_errors}{result}"
        "</operation></response>"
    ).encode()


def message(*rows: tuple[str, str]) -> str:
    inner = "".join(
        f"<error><errorno>{errorno}</errorno><description2>{words}</description2></error>"
        for errorno, words in rows
    )
    return f"<errormessage>{inner}</errormessage>"


def failed_result(*rows: tuple[str, str]) -> bytes:
    inner = message(*rows) if rows else ""
    return levels(
        "success", result=f"<result><status>failure</status><function>query</function>{inner}</result>"
    )


def test_a_missing_subscription_to_web_services_is_named(
    sender: intacct.Sender, login: intacct.Login
) -> None:
    body = levels("failure", message(("XL03000006", "The company must subscribe to the XML gateway")))
    assert type(refusal(body, "x", GetAPISession(), login, sender)) is intacct.WebServicesNotSubscribed


@pytest.mark.parametrize("words", ["", "Your user is locked", "Something new that nobody has seen"])
def test_an_unrecognized_refusal_at_sign_in_stays_a_refused_sign_in(
    words: str, sender: intacct.Sender, login: intacct.Login
) -> None:
    error = refusal(levels("failure", message(("XL03000006", words))), "x", GetAPISession(), login, sender)
    assert type(error) is intacct.SignInRefused
    assert not error.retryable


def test_a_sign_in_that_fails_without_any_error_is_refused(
    sender: intacct.Sender, login: intacct.Login
) -> None:
    assert type(refusal(levels("failure"), "x", GetAPISession(), login, sender)) is intacct.SignInRefused


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        ((), intacct.FunctionFailed),
        ((("DL02000001", "There was an error processing the request."),), intacct.FunctionFailed),
        ((("", "You do not have permission to view audit history"),), intacct.PermissionDenied),
        ((("", "You're not authorized to perform this action"),), intacct.PermissionDenied),
        ((("", "Account allocation module is not subscribed"),), intacct.NotSubscribed),
        ((("Invalid fields list X", ""),), intacct.FieldRefused),
        ((("BL01001973", "The Service is Temporarily Off-line"),), intacct.ServiceUnavailable),
        ((("X1", "Please Try Again Later"),), intacct.ServiceUnavailable),
        ((("X1", "API rate limit exceeded"),), intacct.RateLimited),
        ((("PL04000005", "No."), ("BL01001973", "Could not query.")), intacct.PermissionDenied),
        ((("ZZ1", "Odd."), ("XL03000010", "Field requested is not valid")), intacct.FieldRefused),
    ],
)
def test_a_failed_call_is_sorted_by_its_most_specific_error(
    rows: tuple[tuple[str, str], ...], kind: type, sender: intacct.Sender
) -> None:
    assert type(refusal(failed_result(*rows), "x", accounts(), SESSION, sender)) is kind


def test_an_aborted_call_is_a_failure(sender: intacct.Sender) -> None:
    body = levels("success", result="<result><status>aborted</status></result>")
    assert type(refusal(body, "x", accounts(), SESSION, sender)) is intacct.FunctionFailed


def test_a_missing_permission_is_named_in_the_words_of_the_menu(sender: intacct.Sender) -> None:
    error = refusal(failed_result(("PL04000005", "No.")), "x", accounts(), SESSION, sender)
    assert "General Ledger, Accounts, List and View" in error.sentence


def test_the_beginning_of_the_session_id_is_not_repeated(sender: intacct.Sender) -> None:
    error = refusal(exchange("error_invalid_session"), "error_invalid_session", accounts(), SESSION, sender)
    assert "expired-sess" not in str(error)


def test_a_secret_that_the_gateway_quotes_is_masked(sender: intacct.Sender, login: intacct.Login) -> None:
    body = control_failure("XL03000006", f"sender {sender.password} and {login.password}")
    error = refusal(body, "x", GetAPISession(), login, sender)
    shown = str(error) + repr(error) + error.sentence + error.detail
    assert sender.password not in shown
    assert login.password not in shown


@pytest.mark.parametrize(
    "body",
    [
        b"<other/>",
        b"<response/>",
        b"<response><control/></response>",
        b"<response><control><status>maybe</status></control></response>",
        b"<response><control><status>success</status></control></response>",
        levels("success"),
        levels("success", result="<result><status>success</status></result>"),
        levels("success", message(("X", "an error beside a success"))),
        levels("success", result="<result><status>success</status></result>" * 2),
        b'<response xmlns="urn:other"><control><status>success</status></control></response>',
        b'<response xmlns:x="urn:other"><x:control><x:status>success</x:status></x:control></response>',
    ],
)
def test_a_reply_with_missing_or_contradicting_levels_is_unreadable(
    body: bytes, sender: intacct.Sender
) -> None:
    assert type(refusal(body, "x", accounts(), SESSION, sender)) is intacct.UnreadableReply


def test_a_success_with_an_error_inside_is_unreadable(sender: intacct.Sender) -> None:
    result = f"<result><status>success</status>{message(('X', 'no'))}<data/></result>"
    assert type(refusal(levels("success", result=result), "x", accounts(), SESSION, sender)) is (
        intacct.UnreadableReply
    )


@pytest.mark.parametrize("kind", LEAVES)
def test_every_error_tells_the_borrower_something_plain(kind: type[errors.IntacctError]) -> None:
    error = kind("detail", errorno="XL03000006")
    assert error.sentence.endswith(".")
    assert "!" not in error.sentence
    assert not re.search(r"XL0|GW-|HTTP|XML|exception|errorno", error.sentence)
    assert error.retryable == (error.mender is intacct.Mender.LATER)
    assert error.level in ("transport", "reply", "control", "authentication", "function")


@pytest.mark.parametrize("kind", LEAVES)
def test_every_error_survives_pickling_with_its_facts(kind: type[errors.IntacctError]) -> None:
    error = kind(
        "detail", errorno="E1", function="query X", support_id="s", sentence="Plain.", retry_after=3.0
    )
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - made on the line itself
    assert type(copy) is kind
    assert (copy.errorno, copy.function, copy.support_id, copy.sentence, copy.retry_after) == (
        "E1",
        "query X",
        "s",
        "Plain.",
        3.0,
    )


def test_the_drawing_shows_every_error_with_its_mender() -> None:
    drawing = errors.__doc__ or ""
    drawn = dict(re.findall(r"[|`]-- (\w+) .*?(LATER|OPERATOR|BORROWER|LENDER)\n", drawing))
    assert drawn == {kind.__name__: kind.mender.name for kind in LEAVES}


def test_refused_sign_ins_and_permissions_are_never_retryable() -> None:
    for kind in (
        intacct.SignInRefused,
        intacct.SenderRefused,
        intacct.PermissionDenied,
        intacct.CompanyUnknown,
    ):
        assert not kind().retryable


def test_a_list_without_rows_is_an_answer(sender: intacct.Sender) -> None:
    name = "query_without_rows"
    assert rows_in(exchange(name), accounts(), SESSION, sender, name) == (Counts(0, 0, 0), [])
