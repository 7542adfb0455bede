"""Rows are handed on while the answer is still arriving, and never before the envelope has said success."""

from __future__ import annotations

import socket
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import intacct
from intacct.functions import Query
from intacct.gateway import Gateway
from intacct.pages import OpenPage
from intacct.retries import Retries
from intacct.streaming import LARGEST_FRAME
from intacct.transport import Limits, Transport
from tests.intacct.answers import list_reply, rows_in
from tests.intacct.wire import CONTROL_ID, ScriptedServer, answer, opened_session, success

QUERY = Query("GLDETAIL", ("RECORDNO", "AMOUNT"), order="RECORDNO")
SESSION = intacct.Session("SESSION-ID", "", datetime(2026, 5, 4, tzinfo=UTC))
FORMATTING = (
    "<data><userformatting><locale>en_US</locale><dateformat>/mdY</dateformat><gmtoffset>+00:00</gmtoffset>"
    "<clock>24</clock></userformatting></data>"
)


def rows(first: int, count: int) -> str:
    return "".join(
        f"<GLDETAIL><RECORDNO>{number:07}</RECORDNO><AMOUNT>{number}.25</AMOUNT></GLDETAIL>"
        for number in range(first, first + count)
    )


def listed(count: int, remaining: int, inner: str) -> str:
    return (
        f'<data listtype="GLDETAIL" totalcount="{count + remaining}" offset="0" count="{count}" '
        f'numremaining="{remaining}">{inner}</data>'
    )


def body(count: int = 3, remaining: int = 0) -> bytes:
    return success("query", listed(count, remaining, rows(0, count)))


def read(reply: bytes, sender: intacct.Sender, size: int = 1000) -> list[tuple[str, ...]]:
    return rows_in(reply.replace(CONTROL_ID, b"c"), QUERY, SESSION, sender, "c", size)[1]


@pytest.mark.parametrize("size", [1, 2, 3, 17, 1000, 10**6])
def test_a_list_is_read_in_pieces_of_any_size(size: int, sender: intacct.Sender) -> None:
    assert read(body(), sender, size) == [(f"{n:07}", f"{n}.25") for n in range(3)]


@pytest.mark.parametrize(
    "empty",
    ['<data listtype="GLDETAIL" totalcount="0" offset="0" count="0" numremaining="0"/>', listed(0, 0, "")],
)
def test_a_list_without_rows_is_read(empty: str, sender: intacct.Sender) -> None:
    assert read(success("query", empty), sender, 50) == []


def arriving(*pieces: bytes | Callable[[], None]) -> Callable[[socket.socket, bytes], None]:
    """Plays the pieces of one body, with something to wait for in between."""
    whole = b"".join(piece for piece in pieces if isinstance(piece, bytes))

    def play(connection: socket.socket, request: bytes) -> None:
        control_id = request.split(b"<controlid>")[1].split(b"<")[0]
        length = len(whole.replace(CONTROL_ID, control_id))
        connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n".encode())
        for piece in pieces:
            if isinstance(piece, bytes):
                connection.sendall(piece.replace(CONTROL_ID, control_id))
            else:
                piece()

    return play


def patiently(event: threading.Event) -> None:
    event.wait(5)


def open_list(server: ScriptedServer, sender: intacct.Sender) -> tuple[Gateway, OpenPage]:
    gateway = Gateway(sender, Transport(Limits(silence=5)), Retries(intacct.Patience(tries=1)))
    page, lifetime = gateway.open(QUERY, SESSION, server.endpoint)
    assert lifetime == timedelta(hours=12)
    return gateway, page


def test_the_first_row_is_there_before_the_last_is_sent(sender: intacct.Sender) -> None:
    taken = threading.Event()
    whole = body(2)
    cut = whole.index(b"<GLDETAIL><RECORDNO>0000001")
    with ScriptedServer(arriving(whole[:cut], lambda: patiently(taken), whole[cut:])) as server:
        gateway, page = open_list(server, sender)
        batches = page.batches()
        assert next(batches) == [("0000000", "0.25")]
        taken.set()
        assert next(batches) == [("0000001", "1.25")]
        assert next(batches, None) is None
        gateway.close()


def test_counts_are_there_before_the_first_row(sender: intacct.Sender) -> None:
    taken = threading.Event()
    whole = body(2)
    cut = whole.index(b"<GLDETAIL>")
    with ScriptedServer(arriving(whole[:cut], lambda: patiently(taken), whole[cut:])) as server:
        gateway, page = open_list(server, sender)
        assert page.counts.total == 2
        taken.set()
        assert sum(len(batch) for batch in page.batches()) == 2
        gateway.close()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<result><status>success", b"<result><status>failure"),
        (b"<authentication><status>success", b"<authentication><status>failure"),
        (b"<control><status>success", b"<control><status>failure"),
        (b"<function>query", b"<function>read"),
        (b"<controlid>c", b"<controlid>d"),
        (b"<result><status>success</status>", b"<result>"),
        (b"<response>", b"<reply>"),
    ],
)
def test_no_row_is_handed_on_unless_all_levels_said_success(
    old: bytes, new: bytes, sender: intacct.Sender
) -> None:
    damaged = body().replace(CONTROL_ID, b"c").replace(old, new)
    reply = list_reply(damaged, QUERY, SESSION, sender, "c", 40)
    with pytest.raises(intacct.IntacctError):
        reply.head()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"</data>", b"</data><data/>"),
        (b"</result>", b"<errormessage><error/></errormessage></result>"),
        (b"</result>", b"</result><result><status>success</status></result>"),
        (b"</response>", b"<errormessage/></response>"),
        (b"</response>", b"</response>more"),
        (b"</response>", b""),
        (b"</data>", b"</datum>"),
        (b"</data>", b""),
        (b"</data>", b"<!DOCTYPE a></data>"),
    ],
)
def test_what_follows_the_rows_must_not_contradict_them(
    old: bytes, new: bytes, sender: intacct.Sender
) -> None:
    with pytest.raises(intacct.UnreadableReply):
        read(body().replace(old, new), sender, 64)


def test_a_list_inside_a_comment_is_none(sender: intacct.Sender) -> None:
    hidden = body().replace(b"<result>", b"<!-- <data> --><result>", 1)
    assert len(read(hidden, sender)) == 3
    with pytest.raises(intacct.UnreadableReply):
        read(success("query", f"<!-- {listed(1, 0, rows(0, 1))} -->"), sender)


@pytest.mark.parametrize("size", [30, 10_000])
def test_a_list_whose_tag_is_not_plain_is_refused(size: int, sender: intacct.Sender) -> None:
    odd = body().replace(b'listtype="GLDETAIL"', b'listtype="a>b"')
    with pytest.raises(intacct.UnreadableReply, match="not plain"):
        read(odd, sender, size)


def test_a_frame_without_end_is_refused(sender: intacct.Sender) -> None:
    padded = body().replace(b"<control>", b"<control>" + b"<x/>" * (LARGEST_FRAME // 4))
    with pytest.raises(intacct.UnreadableReply, match="too large"):
        read(padded, sender, 65536)


def test_a_letter_cut_in_two_is_read(sender: intacct.Sender) -> None:
    reply = body().replace(b"1.25", "1€".encode())
    assert read(reply, sender, 1)[1] == ("0000001", "1€")


def test_bytes_that_are_no_utf8_are_refused(sender: intacct.Sender) -> None:
    with pytest.raises(intacct.UnreadableReply, match="UTF-8"):
        read(body().replace(b"1.25", b"\xff"), sender)


def test_a_refusal_shows_no_secret(sender: intacct.Sender) -> None:
    reply = body().replace(
        b"<status>success</status></control>", b"<sessionid>SESSION-ID</sessionid></control>"
    )
    with pytest.raises(intacct.UnreadableReply) as caught:
        read(reply, sender)
    assert "SESSION-ID" not in str(caught.value)
    assert caught.value.__context__ is None


class Ledger:
    """Plays a long list, page after page, without ever holding it."""

    def __init__(self, total: int, page: int = 1000) -> None:
        self.total = total
        self.page = page
        self.script: list[bytes] = []

    def play(self, connection: socket.socket, request: bytes) -> None:
        if b"<getAPISession" in request:
            reply = self.script[0]
        elif b"<readUserFormatting" in request:
            reply = success("readUserFormatting", FORMATTING)
        else:
            after = request.partition(b"<greaterthan><field>RECORDNO</field><value>")[2].partition(b"<")[0]
            first = int(after) + 1 if after else 0
            count = min(self.page, self.total - first)
            reply = success("query", listed(count, self.total - first - count, rows(first, count)))
        answer(reply)(connection, request)


def peak_of(total: int, sender: intacct.Sender, login: intacct.Login) -> int:
    ledger = Ledger(total)
    with ScriptedServer(ledger.play) as server:
        ledger.script = [opened_session(server.endpoint)]
        with intacct.connect(sender, login, endpoint=server.endpoint, allow_sandbox=True) as company:
            tracemalloc.start()
            found = sum(1 for _ in company.query("GLDETAIL", QUERY.fields, key_is_number=False))
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
    assert found == total
    return peak


def test_memory_does_not_grow_with_the_list(sender: intacct.Sender, login: intacct.Login) -> None:
    assert peak_of(40_000, sender, login) < peak_of(10_000, sender, login) + 1024 * 1024


def test_a_list_that_breaks_off_in_a_page_goes_on_behind_the_last_row(
    sender: intacct.Sender, login: intacct.Login
) -> None:
    waits: list[float] = []
    whole = success("query", listed(3, 0, rows(0, 3)))
    cut = whole.index(b"<GLDETAIL><RECORDNO>0000002")

    def broken(connection: socket.socket, request: bytes) -> None:
        control_id = request.split(b"<controlid>")[1].split(b"<")[0]
        connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {len(whole) + 99}\r\n\r\n".encode())
        connection.sendall(whole[:cut].replace(CONTROL_ID, control_id))

    rest = answer(success("query", listed(1, 0, rows(2, 1))))
    with ScriptedServer(broken) as server:
        start = [answer(opened_session(server.endpoint)), answer(success("readUserFormatting", FORMATTING))]
        server.script = [*start, broken, rest]
        with intacct.connect(
            sender, login, endpoint=server.endpoint, allow_sandbox=True, sleep=waits.append
        ) as company:
            found = [row.text("RECORDNO") for row in company.query("GLDETAIL", ["RECORDNO"])]
        assert b"<greaterthan><field>RECORDNO</field><value>0000001<" in server.requests[-1]
    assert found == ["0000000", "0000001", "0000002"]
    assert len(waits) == 1


def test_a_question_inside_a_loop_over_rows_is_answered(sender: intacct.Sender, login: intacct.Login) -> None:
    def nested(company: intacct.Company) -> Iterator[Any]:
        for one in company.query("GLDETAIL", ["RECORDNO"]):
            for two in company.query("GLDETAIL", ["RECORDNO"]):
                for three in company.query("GLDETAIL", ["RECORDNO"]):
                    yield one, two, three

    ledger = Ledger(3, page=2)
    with ScriptedServer(ledger.play) as server:
        ledger.script = [opened_session(server.endpoint)]
        gate = intacct.ProcessGate(at_most=1, longest_wait=2)
        with intacct.connect(
            sender, login, endpoint=server.endpoint, allow_sandbox=True, gate=gate
        ) as company:
            assert len(list(nested(company))) == 27
