"""Every error of the catalogue can be met by its name, at its own level."""

import pytest

from intacct.sandbox import Sandbox
from intacct.sandbox.catalogue import CATALOGUE
from intacct.sandbox.errors import ControlFailure, GatewayRefusal, SignInFailure
from tests.intacct.sandbox.gateway_client import query, sign_in


@pytest.mark.parametrize("name", CATALOGUE)
def test_an_error_of_the_catalogue_arrives_at_its_level(name: str, sandbox: Sandbox) -> None:
    refusal = CATALOGUE[name][1]()
    opened = sign_in(sandbox.endpoint)
    sandbox.faults.next(name)
    answer = opened.call(query("GLACCOUNT", "RECORDNO"))
    path = "operation/result/errormessage"
    if isinstance(refusal, (ControlFailure, GatewayRefusal)):
        path = "errormessage"
    elif isinstance(refusal, SignInFailure):
        path = "operation/errormessage"
    numbers = [error.findtext("errorno") or "" for error in answer.xml.iterfind(f"{path}/error")]
    assert numbers == [error.errorno for error in refusal.errors]
    assert answer.status == (refusal.status if isinstance(refusal, GatewayRefusal) else 200)
    assert opened.call(query("GLACCOUNT", "RECORDNO")).text("operation/result/status") == "success"


def test_a_failure_without_a_message_is_still_a_failure(sandbox: Sandbox) -> None:
    opened = sign_in(sandbox.endpoint)
    sandbox.faults.next("no-message")
    answer = opened.call(query("GLACCOUNT", "RECORDNO"))
    assert answer.text("operation/result/status") == "failure"
    assert answer.xml.find("operation/result/errormessage") is None
