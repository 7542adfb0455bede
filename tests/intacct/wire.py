"""A server that plays scripted answers on raw sockets, for faults that no HTTP library would commit."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable
from typing import Self

Play = Callable[[socket.socket, bytes], None]
CONTROL_ID = b"{controlid}"


def answer(body: bytes, status: str = "200 OK", headers: str = "Content-Type: text/xml") -> Play:
    """A whole answer; {controlid} in the body becomes the request's own."""

    def play(connection: socket.socket, request: bytes) -> None:
        found = re.search(rb"<controlid>([^<]*)</controlid>", request)
        filled = body.replace(CONTROL_ID, found[1] if found else b"")
        connection.sendall(head(len(filled), status, headers) + filled)

    return play


def head(length: int, status: str = "200 OK", headers: str = "Content-Type: text/xml") -> bytes:
    return f"HTTP/1.1 {status}\r\n{headers}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n".encode()


def success(function: str, data: str) -> bytes:
    """A reply in which all three levels succeeded."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<response><control><status>success</status></control><operation>
<authentication><status>success</status><userid>ws_lender</userid><companyid>BIRCHWOOD</companyid>
<sessiontimestamp>2026-05-04T09:15:00+00:00</sessiontimestamp>
<sessiontimeout>2026-05-04T21:15:00+00:00</sessiontimeout></authentication>
<result><status>success</status><function>{function}</function><controlid>{{controlid}}</controlid>
{data}</result></operation></response>""".encode()


def opened_session(endpoint: str, identity: str = "scripted-session") -> bytes:
    """A reply to a sign-in."""
    return success(
        "getAPISession",
        f"<data><api><sessionid>{identity}</sessionid><endpoint>{endpoint}</endpoint><locationid/></api></data>",
    )


class ScriptedServer:
    """Answers one request per connection with the next play of the script, the last one again and again."""

    def __init__(self, *script: Play) -> None:
        self.script = list(script)
        self.requests: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._stopping = False

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/ia/xml/xmlgw.phtml"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping = True
        with socket.create_connection(self._listener.getsockname()):
            pass
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            with connection:
                if self._stopping:
                    return
                self._play(connection)

    def _play(self, connection: socket.socket) -> None:
        request = _read_request(connection)
        self.requests.append(request)
        play = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        try:
            play(connection, request)
        except OSError:
            # The client hung up first, as several tests want it to.
            return


def _read_request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65536)
    length = re.search(rb"content-length: (\d+)", received, re.IGNORECASE)
    whole = received.index(b"\r\n\r\n") + 4 + (int(length[1]) if length else 0)
    while len(received) < whole:
        received += connection.recv(65536)
    return received
