"""The wire misbehaves; the transport answers with one of our errors, in time, and tells nobody a secret."""

from __future__ import annotations

import contextlib
import gzip
import logging
import socket
import ssl
import struct
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

import intacct
from intacct.transport import Answer, Limits, Transport
from tests.intacct.wire import Play, ScriptedServer, answer, head

# For plays that are late. All others have the time that a busy machine may need.
QUICK = Limits(connect=1.0, silence=0.4, whole=0.8, largest_reply=100_000)
PATIENT = Limits(connect=20, silence=20, whole=40, largest_reply=100_000)
BODY = b"<request><control><password>hunter22</password></control></request>"
XML = b"<response/>"


def post(server: ScriptedServer, limits: Limits = PATIENT) -> Answer:
    with contextlib.closing(Transport(limits)) as transport:
        return transport.post(server.endpoint, BODY)


def fault(play: Play, limits: Limits = PATIENT) -> intacct.IntacctError:
    with ScriptedServer(play) as server, pytest.raises(intacct.IntacctError) as caught:
        post(server, limits)
    error = caught.value
    assert "hunter22" not in str(error) + repr(error.__dict__)
    assert error.__context__ is None
    assert error.__cause__ is None
    return error


def test_bytes_go_out_and_come_back() -> None:
    with ScriptedServer(answer(XML)) as server:
        assert post(server) == Answer(200, XML)
        request = server.requests[0]
    assert request.endswith(BODY)
    assert b"Content-Type: application/xml" in request
    assert b"Accept-Encoding: gzip\r\n" in request


def test_a_compressed_answer_is_read() -> None:
    with ScriptedServer(answer(gzip.compress(XML), headers="Content-Encoding: gzip")) as server:
        assert post(server).body == XML


@pytest.mark.parametrize("status", ["400 Bad Request", "401 Unauthorized", "403 Forbidden", "404 Not Found"])
def test_a_refusal_with_a_body_is_handed_on_to_be_read(status: str) -> None:
    with ScriptedServer(answer(XML, status)) as server:
        assert post(server) == Answer(int(status[:3]), XML)


@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"]
)
def test_a_redirect_is_not_followed(status: str) -> None:
    with ScriptedServer(answer(XML)) as elsewhere:
        error = fault(answer(b"", status, f"Location: {elsewhere.endpoint}"))
        assert elsewhere.requests == []
    assert type(error) is intacct.UntrustedEndpoint


@pytest.mark.parametrize(
    "status", ["500 Oops", "502 Bad Gateway", "503 Unavailable", "504 Timeout", "520 Unknown"]
)
def test_a_server_error_means_not_available(status: str) -> None:
    assert type(fault(answer(b"<html/>", status))) is intacct.ServiceUnavailable


def test_a_timeout_of_the_edge_is_not_a_reason_to_send_again_at_once() -> None:
    assert type(fault(answer(b"<html/>", "524 A Timeout Occurred"))) is intacct.RequestTimedOut


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("Retry-After: 17", 17.0), ("X: y", None), ("Retry-After: soon", None), ("Retry-After: -5", None)]
    + [("Retry-After: 99999999999999999999", None), ("Retry-After: Wed, 21 Oct 2015 07:28:00 GMT", 0.0)],
)
def test_a_rate_limit_says_how_long_to_wait(header: str, seconds: float | None) -> None:
    error = fault(answer(b"", "429 Too Many Requests", header))
    assert type(error) is intacct.RateLimited
    assert (error.errorno, error.retry_after) == ("GW-0010", seconds)


def test_a_wait_given_as_a_date_is_counted_from_now() -> None:
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    error = fault(answer(b"", "503 Unavailable", f"Retry-After: {moment}"))
    assert error.retry_after is not None
    assert 50 < error.retry_after <= 60


def drip_body(connection: socket.socket, request: bytes) -> None:
    connection.sendall(head(1000))
    for _ in range(600):
        connection.sendall(b" ")
        time.sleep(0.05)


def drip_headers(connection: socket.socket, request: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    for _ in range(600):
        connection.sendall(b"x")
        time.sleep(0.05)


def drip_chunks(connection: socket.socket, request: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(600):
        connection.sendall(b"1\r\nx\r\n")
        time.sleep(0.05)


def silence(connection: socket.socket, request: bytes) -> None:
    """Until the other side hangs up, or for longer than anybody should listen."""
    connection.settimeout(30)
    connection.recv(1)


def silence_in_the_body(connection: socket.socket, request: bytes) -> None:
    connection.sendall(head(1000) + b"<resp")
    silence(connection, request)


@pytest.mark.parametrize("play", [drip_body, drip_headers, drip_chunks, silence, silence_in_the_body])
def test_an_answer_that_takes_too_long_is_given_up(play: Play) -> None:
    began = time.monotonic()
    with ScriptedServer(play) as server:
        with pytest.raises(intacct.RequestTimedOut):
            post(server, QUICK)
        took = time.monotonic() - began
    # Each of the plays goes on for longer.
    assert took < 15


def cut_at_once(connection: socket.socket, request: bytes) -> None:
    return


def cut_in_the_headers(connection: socket.socket, request: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-")


def cut_in_the_body(connection: socket.socket, request: bytes) -> None:
    connection.sendall(head(1000) + b"<response>")


def cut_in_a_chunk(connection: socket.socket, request: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n<response>")


def reset(connection: socket.socket, request: bytes) -> None:
    connection.sendall(head(1000) + b"<response>")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def nonsense(connection: socket.socket, request: bytes) -> None:
    connection.sendall(b"\x15\x03\x01\x00\x02\x02\x46")


@pytest.mark.parametrize(
    "play", [cut_at_once, cut_in_the_headers, cut_in_the_body, cut_in_a_chunk, reset, nonsense]
)
def test_a_broken_connection_is_a_fault_that_passes(play: Play) -> None:
    error = fault(play)
    assert type(error) is intacct.ConnectionFailed
    assert error.retryable


def test_an_answer_that_is_not_what_its_encoding_says_is_a_broken_connection() -> None:
    error = fault(answer(b"not gzip at all", headers="Content-Encoding: gzip"))
    assert type(error) is intacct.ConnectionFailed


def test_a_gzip_bomb_is_stopped_before_it_unfolds() -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    tracemalloc.start()
    try:
        error = fault(answer(bomb, headers="Content-Encoding: gzip"), Limits(largest_reply=100_000))
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert type(error) is intacct.UnreadableReply
    assert most < 5_000_000


def test_a_body_without_end_is_stopped_at_the_limit() -> None:
    def endless(connection: socket.socket, request: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n")
        while True:
            connection.sendall(b" " * 65536)

    assert type(fault(endless)) is intacct.UnreadableReply


def test_nobody_listening_is_a_fault_that_passes() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with contextlib.closing(Transport(PATIENT)) as transport, pytest.raises(intacct.ConnectionFailed):
        transport.post(f"http://127.0.0.1:{port}/", BODY)


def test_a_name_that_does_not_resolve_is_a_fault_that_passes() -> None:
    with contextlib.closing(Transport(PATIENT)) as transport, pytest.raises(intacct.ConnectionFailed):
        transport.post("http://no-such-host.invalid/", BODY)


def test_a_certificate_that_nobody_vouches_for_gets_no_secret(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    received: list[bytes] = []

    def play(connection: socket.socket, request: bytes) -> None:
        received.append(request)

    with (
        TlsServer(context, play) as server,
        contextlib.closing(Transport(PATIENT)) as transport,
        pytest.raises(intacct.UntrustedEndpoint, match="certificate"),
    ):
        transport.post(server.endpoint, BODY)
    assert received == []


class TlsServer(ScriptedServer):
    """The scripted server behind TLS."""

    def __init__(self, context: ssl.SSLContext, *script: Play) -> None:
        super().__init__(*script)
        self._context = context

    @property
    def endpoint(self) -> str:
        return super().endpoint.replace("http://127.0.0.1", "https://localhost")

    def _play(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), self._context.wrap_socket(connection, server_side=True) as secured:
            super()._play(secured)


def self_signed(folder: Path, name_in_it: str = "localhost", days_left: int = 1) -> Path:
    """A certificate of the tests' own, made here so that none is kept in the repository."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name_in_it)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=9))
        .not_valid_after(now + timedelta(days=days_left))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name_in_it)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "localhost.pem"
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return file


def test_a_password_file_of_the_machine_is_not_sent_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "netrc"
    file.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(file))
    with ScriptedServer(answer(XML)) as server:
        post(server)
        assert b"authorization" not in server.requests[0].lower()


def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedServer(answer(XML)) as proxy, contextlib.closing(Transport(PATIENT)) as transport:
        monkeypatch.setenv("http_proxy", proxy.endpoint)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        assert transport.post("http://gateway.invalid/ia/xml/xmlgw.phtml", BODY).body == XML
        assert proxy.requests[0].startswith(b"POST http://gateway.invalid/")


def test_an_answer_does_not_show_its_body() -> None:
    assert "hunter22" not in repr(Answer(200, b"<sessionid>hunter22</sessionid>"))


def test_no_log_line_holds_a_secret(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), ScriptedServer(answer(XML)) as server:
        post(server)
    assert "hunter22" not in caplog.text
