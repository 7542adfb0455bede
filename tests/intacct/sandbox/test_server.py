"""HTTP: addresses, methods, connections, compression, sizes."""

import gzip
import http.client
import socket
import time
from urllib.parse import quote_plus, urlsplit

import pytest

from intacct.sandbox import Sandbox
from tests.intacct.sandbox.gateway_client import BIRCHWOOD, Answer, envelope, login, post

BODY = envelope(login(*BIRCHWOOD), "<getFinancialSetup/>")


def succeeded(answer: Answer) -> bool:
    return answer.text("operation/result/status") == "success"


def test_only_posts_to_the_gateways_addresses_are_answered(sandbox: Sandbox) -> None:
    assert post(sandbox.endpoint, b"", method="GET").status == 405
    assert post(sandbox.endpoint.replace("/ia/", "/other/"), BODY).status == 404
    assert post(sandbox.endpoint, b"x", {"Content-Length": "3000000"}).status == 413


def test_a_request_may_come_as_a_form_field(sandbox: Sandbox) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert succeeded(post(sandbox.endpoint, f"xmlrequest={quote_plus(BODY)}", form))


@pytest.mark.parametrize(
    ("accepted", "zipped"),
    [
        ("", False),
        ("*", False),
        ("identity", False),
        ("gzip;q=0", False),
        ("gzip", True),
        ("gzip, deflate", True),
    ],
)
def test_replies_are_compressed_only_when_gzip_is_named(
    accepted: str, zipped: bool, sandbox: Sandbox
) -> None:
    answer = post(sandbox.endpoint, BODY, {"Accept-Encoding": accepted})
    assert (answer.headers.get("Content-Encoding") == "gzip") is zipped
    body = gzip.decompress(answer.body) if zipped else answer.body
    assert body.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    assert answer.headers["Content-Type"] == 'text/xml; encoding="UTF-8"'


def test_a_kept_alive_connection_answers_at_once(sandbox: Sandbox) -> None:
    connection = http.client.HTTPConnection(urlsplit(sandbox.endpoint).netloc, timeout=10)
    taken = []
    for _ in range(20):
        started = time.monotonic()
        connection.request("POST", urlsplit(sandbox.endpoint).path, BODY)
        assert b"success" in connection.getresponse().read()
        taken.append(time.monotonic() - started)
    connection.close()
    # A delayed acknowledgement takes 40 ms and holds up nearly all of them; a busy machine holds up many.
    assert sorted(taken)[2] < 0.04


def test_functions_are_counted_by_name(sandbox: Sandbox) -> None:
    before = sandbox.requests.get("getFinancialSetup", 0)
    post(sandbox.endpoint, BODY)
    assert sandbox.requests["getFinancialSetup"] == before + 1


def test_a_control_id_that_was_used_is_refused_only_where_it_must_be_unique(sandbox: Sandbox) -> None:
    for control, statuses in (
        ("<uniqueid>false</uniqueid>", ["success", "success"]),
        ("<uniqueid>true</uniqueid>", ["success", "failure"]),
    ):
        body = envelope(login(*BIRCHWOOD), "<get_applications/>", control=control)
        assert [post(sandbox.endpoint, body).text("operation/result/status") for _ in range(2)] == statuses


def test_one_failure_rolls_a_transaction_back(sandbox: Sandbox) -> None:
    unknown = "<query><object>NOTHING</object><select><field>X</field></select></query>"
    body = envelope(login(*BIRCHWOOD), "<get_applications/>", unknown, operation=' transaction="true"')
    results = post(sandbox.endpoint, body).xml.findall("operation/result")
    assert [result.findtext("status") for result in results] == ["aborted", "failure"]
    assert [result.findtext("errormessage/error[last()]/errorno") for result in results] == ["XL03000009"] * 2


def test_replies_are_indented_unless_white_space_is_refused(sandbox: Sandbox) -> None:
    without = post(sandbox.endpoint, BODY).body
    with_it = post(sandbox.endpoint, BODY.replace("<includewhitespace>false</includewhitespace>", "")).body
    assert b"\n  <control>" in with_it
    assert b"\n  <control>" not in without


def test_a_busy_port_is_an_error_and_not_a_second_server(sandbox: Sandbox) -> None:
    port = urlsplit(sandbox.endpoint).port or 0
    with pytest.raises(OSError):
        Sandbox([], port=port)


def test_stopping_does_not_wait_for_slow_replies() -> None:
    sandbox = Sandbox([], reply_delay=30)
    sandbox.start()
    address = urlsplit(sandbox.endpoint)
    with socket.create_connection((str(address.hostname), int(address.port or 0)), timeout=5) as connection:
        head = f"POST {address.path} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Length: 2\r\n\r\nxx"
        connection.sendall(head.encode())
        time.sleep(0.05)
        started = time.monotonic()
        sandbox.stop()
    assert time.monotonic() - started < 5
