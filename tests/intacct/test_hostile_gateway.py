"""A gateway, or somebody in its place, that does what none should: documents, lists and connections."""

from __future__ import annotations

import contextlib
import gzip
import socket
import ssl
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import intacct
from intacct.functions import Query
from intacct.gateway import Gateway
from intacct.retries import Retries
from intacct.transport import Limits, Transport
from tests.intacct.answers import rows_in
from tests.intacct.test_parsing import ATTACKS
from tests.intacct.test_streaming import QUERY, SESSION, body, listed, rows
from tests.intacct.test_transport import BODY, PATIENT, XML, TlsServer, self_signed
from tests.intacct.wire import CONTROL_ID, Play, ScriptedServer, answer, head, opened_session, success

HTML = b"<!DOCTYPE html><html><body>Please sign in</body></html>"


def read(reply: bytes, sender: intacct.Sender, size: int = 4096) -> list[tuple[str, ...]]:
    return rows_in(reply.replace(CONTROL_ID, b"c"), QUERY, SESSION, sender, "c", size)[1]


@pytest.mark.parametrize("size", [64, 65536])
@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_an_attack_in_place_of_a_list_is_refused_quickly(
    attack: bytes, size: int, sender: intacct.Sender
) -> None:
    began = time.process_time()
    with pytest.raises((intacct.UnreadableReply, intacct.ServiceUnavailable)):
        read(attack, sender, size)
    assert time.process_time() - began < 5


IN_A_ROW = {
    "depth 100,000": b"<a>" * 30_000 + b"</a>" * 30_000,
    "text without end": b"x" * 11_000_000,
    "many attributes": b"<AMOUNT " + b" ".join(b'a%d="x"' % n for n in range(200_000)) + b"/>",
    "an entity": b"<AMOUNT>&xxe;</AMOUNT>",
    "a document type": b"<!DOCTYPE a [<!ENTITY a 'x'>]>",
    "NUL": b"<AMOUNT>1\x002</AMOUNT>",
    "a prefix": b"<x:AMOUNT>1</x:AMOUNT>",
    "a field twice": b"<AMOUNT>1</AMOUNT><AMOUNT>2</AMOUNT>",
    "a row in a row": rows(1, 1).encode(),
    "the end of the list": b"</data>",
    "half a letter": b"<AMOUNT>\xc3</AMOUNT>",
}


@pytest.mark.parametrize("inner", IN_A_ROW.values(), ids=IN_A_ROW.keys())
def test_an_attack_inside_a_row_is_refused_quickly(inner: bytes, sender: intacct.Sender) -> None:
    reply = success("query", listed(1, 0, "<GLDETAIL><RECORDNO>1</RECORDNO>@</GLDETAIL>")).replace(
        b"@", inner
    )
    began = time.process_time()
    with pytest.raises(intacct.UnreadableReply):
        read(reply, sender, 65536)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "counts",
    [
        'totalcount="x" count="1" numremaining="0"',
        'totalcount="-1" count="1" numremaining="0"',
        'count="1" numremaining="0"',
        'totalcount="1e3" count="1" numremaining="0"',
        'totalcount="1" count="1.0" numremaining="0"',
        'totalcount="99999999999999999999" count="1" numremaining="0"',
    ],
)
def test_counts_that_are_no_numbers_are_refused(counts: str, sender: intacct.Sender) -> None:
    reply = success("query", f"<data {counts}>{rows(0, 1)}</data>")
    with pytest.raises(intacct.UnreadableReply, match="count"):
        read(reply, sender)


def read_all(
    play: Play, sender: intacct.Sender, login: intacct.Login, whole: float = 40
) -> list[intacct.Account]:
    """A whole list of accounts from a gateway that signs in properly."""
    with ScriptedServer(answer(b"")) as server:
        server.script = [answer(opened_session(server.endpoint)), play]
        with intacct.connect(
            sender,
            login,
            endpoint=server.endpoint,
            allow_sandbox=True,
            sleep=lambda _: None,
            patience=intacct.Patience(tries=2),
            limits=Limits(connect=20, silence=20, whole=whole, largest_reply=200_000),
        ) as company:
            return list(company.accounts())


def accounts(count: int, remaining: int, first: int = 1) -> bytes:
    inner = "".join(
        f"<GLACCOUNT><RECORDNO>{number}</RECORDNO><ACCOUNTNO>{number}</ACCOUNTNO>"
        "<ACCOUNTTYPE>balancesheet</ACCOUNTTYPE><NORMALBALANCE>debit</NORMALBALANCE>"
        "<CLOSINGTYPE>non-closing account</CLOSINGTYPE><STATUS>active</STATUS></GLACCOUNT>"
        for number in range(first, first + count)
    )
    total = count + remaining
    counts = f'totalcount="{total}" offset="0" count="{count}" numremaining="{remaining}"'
    return success("query", f'<data listtype="GLACCOUNT" {counts}>{inner}</data>')


def test_a_healthy_list_is_read(sender: intacct.Sender, login: intacct.Login) -> None:
    assert len(read_all(answer(accounts(3, 0)), sender, login)) == 3


def drip(connection: socket.socket, request: bytes) -> None:
    connection.sendall(head(100_000))
    for byte in accounts(3, 0):
        connection.sendall(bytes([byte]))
        time.sleep(0.05)


def endless(connection: socket.socket, request: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + accounts(3, 0).partition(b"</data>")[0])
    while True:
        connection.sendall(b" " * 65536)


HOSTILE: dict[str, tuple[Play, type[intacct.IntacctError]]] = {
    "the same page for ever": (answer(accounts(3, 5)), intacct.IncompleteRead),
    "more rows than announced": (
        answer(accounts(3, 0).replace(b'"3"', b'"2"')),
        intacct.IncompleteRead,
    ),
    "fewer rows than announced": (answer(accounts(3, 0).replace(b'"3"', b'"4"')), intacct.IncompleteRead),
    "no rows and more to come": (answer(accounts(0, 5)), intacct.IncompleteRead),
    "a drip": (drip, intacct.RequestTimedOut),
    "a body without end": (endless, intacct.UnreadableReply),
    "a web page": (answer(HTML), intacct.ServiceUnavailable),
    "a bomb": (
        answer(
            gzip.compress(accounts(3, 0).replace(b"</data>", b" " * 50_000_000 + b"</data>")),
            headers="Content-Encoding: gzip",
        ),
        intacct.UnreadableReply,
    ),
    "a redirect": (answer(XML, "307 Temporary", "Location: http://evil.example/"), intacct.UntrustedEndpoint),
    "an answer to nobody": (answer(accounts(3, 0).replace(CONTROL_ID, b"x")), intacct.UnreadableReply),
    "nothing": (answer(b""), intacct.ConnectionFailed),
}


@pytest.mark.parametrize(("play", "kind"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_list_ends_in_the_right_error_in_time(
    play: Play, kind: type[intacct.IntacctError], sender: intacct.Sender, login: intacct.Login
) -> None:
    began = time.monotonic()
    with pytest.raises(kind):
        read_all(play, sender, login, whole=2 if play is drip else 40)
    # The drip goes on for longer, and so would two answers that nothing but their limit ends.
    assert time.monotonic() - began < 20


def test_a_result_id_that_has_expired_is_a_failure_of_the_call(
    sender: intacct.Sender, login: intacct.Login
) -> None:
    formatting = (
        "<data><userformatting><dateformat>/mdY</dateformat><gmtoffset>+00:00</gmtoffset><clock>24</clock>"
        "</userformatting></data>"
    )
    first = success(
        "readByQuery",
        '<data listtype="t" count="1" totalcount="2" numremaining="1" resultId="r"><t><A>1</A></t></data>',
    )
    expired = success(
        "readMore", "<errormessage><error><errorno>XX</errorno></error></errormessage>"
    ).replace(b"<result><status>success", b"<result><status>failure")
    with ScriptedServer(answer(b"")) as server:
        start = [opened_session(server.endpoint), success("readUserFormatting", formatting)]
        server.script = [answer(reply) for reply in (*start, first, expired)]
        with (
            intacct.connect(sender, login, endpoint=server.endpoint, allow_sandbox=True) as company,
            pytest.raises(intacct.FunctionFailed),
        ):
            list(company.read_by_query("T", ["A"]))


def refused_by_tls(
    certificate: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> tuple[intacct.IntacctError, list[bytes]]:
    """Posts to a name that leads to this machine, behind a certificate that a known authority signed."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    received: list[bytes] = []
    real = socket.getaddrinfo

    def to_this_machine(host: str, *arguments: Any, **named: Any) -> Any:
        return real("127.0.0.1", *arguments, **named)

    monkeypatch.setattr(socket, "getaddrinfo", to_this_machine)
    with TlsServer(context, lambda _, request: received.append(request)) as server:
        endpoint = server.endpoint.replace("localhost", name)
        with (
            contextlib.closing(Transport(PATIENT)) as transport,
            pytest.raises(intacct.IntacctError) as caught,
        ):
            transport.post(endpoint, BODY)
    return caught.value, received


def test_an_expired_certificate_gets_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    error, received = refused_by_tls(self_signed(tmp_path, days_left=-1), "localhost", monkeypatch)
    assert type(error) is intacct.UntrustedEndpoint
    assert received == []


def test_a_name_of_sage_that_leads_to_a_private_address_gets_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    error, received = refused_by_tls(self_signed(tmp_path), "api.intacct.com", monkeypatch)
    assert type(error) is intacct.UntrustedEndpoint
    assert received == []


def test_nothing_hostile_leaves_a_secret_in_an_error(sender: intacct.Sender) -> None:
    session = intacct.Session("session-secret-77", "", datetime.now(UTC))
    quoted = body().replace(b"</control>", b"<x>session-secret-77 sender-secret-1</x></control>", 1)
    retries = Retries(intacct.Patience(tries=1))
    with (
        ScriptedServer(answer(quoted.replace(b"success", b"odd", 1))) as server,
        contextlib.closing(Gateway(sender, Transport(Limits()), retries)) as gateway,
        pytest.raises(intacct.UnreadableReply) as caught,
    ):
        gateway.open(Query("GLDETAIL", ("RECORDNO",)), session, server.endpoint)
    shown = f"{caught.value} {caught.value!r} {caught.value.__dict__}"
    assert "session-secret-77" not in shown
    assert "sender-secret-1" not in shown
