"""Who is let in, and at which level the others are refused."""

import pytest

from intacct.sandbox import Sandbox
from tests.intacct.sandbox.gateway_client import (
    BIRCHWOOD,
    SENDER_PASSWORD,
    Answer,
    envelope,
    login,
    post,
    rows,
    sign_in,
)

OPEN = "<getAPISession/>"
SHOPS = ("BIRCHWOOD", "ws_shops", "Shops-Secret-1")


def refused(answer: Answer) -> str:
    """The reason of a refused sign-in; fails where the reply says anything else."""
    assert answer.status == 200
    assert answer.text("control/status") == "success"
    assert answer.text("operation/authentication/status") == "failure"
    assert answer.xml.find("operation/authentication/sessiontimeout") is None
    assert answer.text("operation/errormessage/error/errorno") == "XL03000006"
    return answer.text("operation/errormessage/error/description2").split(" [Support ID")[0]


@pytest.mark.parametrize(
    "credentials",
    [
        ("BIRCHWOOD", "ws_lender", "reader-secret-1"),
        ("BIRCHWOOD", "WS_LENDER", "Reader-Secret-1"),
        ("BIRCHWOOD", "nobody", "Reader-Secret-1"),
        ("BIRCHWOOD", "ws_former", "Former-Secret-1"),
    ],
    ids=["password in another case", "user in another case", "unknown user", "inactive user"],
)
def test_a_wrong_sign_in_is_refused_in_the_same_words_whatever_is_wrong(
    credentials: tuple[str, str, str], sandbox: Sandbox
) -> None:
    answer = post(sandbox.endpoint, envelope(login(*credentials), OPEN))
    assert refused(answer) == "Sign-in information is incorrect"
    assert answer.text("operation/authentication/userid") == credentials[1]


@pytest.mark.parametrize("location", ["E999", "L110", "e100"])
def test_a_location_that_is_no_entity_looks_like_a_wrong_password(location: str, sandbox: Sandbox) -> None:
    answer = post(sandbox.endpoint, envelope(login(*BIRCHWOOD, location), OPEN))
    assert refused(answer) == "Sign-in information is incorrect"


def test_an_empty_location_is_the_top_level(sandbox: Sandbox) -> None:
    answer = post(sandbox.endpoint, envelope(login(*BIRCHWOOD, ""), OPEN))
    assert answer.text("operation/authentication/status") == "success"
    assert answer.text("operation/authentication/locationid") == ""


def test_a_user_limited_to_one_entity_lands_there_and_sees_no_other(sandbox: Sandbox) -> None:
    opened = sign_in(sandbox.endpoint, SHOPS)
    answer = opened.call("<readEntityDetails/>")
    assert answer.text("operation/authentication/locationid") == "E100"
    assert [row["id"] for row in rows(answer)] == ["E100"]
    assert (
        refused(post(sandbox.endpoint, envelope(login(*SHOPS, "E200"), OPEN)))
        == "Sign-in information is incorrect"
    )


def test_a_sender_in_another_case_is_refused_at_the_control_level(sandbox: Sandbox) -> None:
    body = envelope(login(*BIRCHWOOD), OPEN).replace("<senderid>lenderportal", "<senderid>LenderPortal")
    answer = post(sandbox.endpoint, body)
    assert answer.text("control/status") == "failure"
    assert answer.text("errormessage/error/errorno") == "XL03000006"
    assert answer.xml.find("operation") is None


def test_no_reply_repeats_a_password(sandbox: Sandbox) -> None:
    for secret in ("Reader-Secret-1", "a-wrong-password"):
        body = post(sandbox.endpoint, envelope(login("BIRCHWOOD", "ws_lender", secret), OPEN)).body.decode()
        assert secret not in body
        assert SENDER_PASSWORD not in body
