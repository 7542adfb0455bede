"""What the virus scanner says decides, and its silence refuses."""

import io
import logging
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from collections_app import checks
from collections_app.uploads.refusal import UploadRefused
from collections_app.uploads.scanning import check_viruses
from tests.uploaded_files import EICAR, PDF


class Scanner:
    """Speaks clamd's INSTREAM: reads the chunks it is sent, and says what it was told to say of them."""

    def __init__(self) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.reply: Callable[[bytes], bytes] = lambda content: b"stream: OK\0"
        self.received: list[bytes] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                content = b""
                while size := struct.unpack(">L", stream.read(4))[0]:
                    content += stream.read(size)
                self.received.append(content)
                connection.sendall(self.reply(content))


@pytest.fixture
def scanner(settings: Any) -> Iterator[Scanner]:
    running = Scanner()
    settings.CLAMAV_URL = f"tcp://127.0.0.1:{running.port}"
    yield running
    running.listening.close()


def test_a_clean_file_passes_and_every_byte_of_it_was_looked_at(scanner: Scanner) -> None:
    content = PDF * 5_000
    check_viruses(io.BytesIO(content), "tax.pdf")
    assert scanner.received == [content]


def test_what_the_scanner_finds_is_refused(scanner: Scanner, caplog: pytest.LogCaptureFixture) -> None:
    scanner.reply = lambda content: b"stream: Eicar-Test FOUND\0" if EICAR in content else b"stream: OK\0"
    with caplog.at_level(logging.WARNING), pytest.raises(UploadRefused, match="found something in it"):
        check_viruses(io.BytesIO(EICAR), "tax.csv")
    assert "Eicar-Test" in caplog.text and "tax.csv" not in caplog.text


@pytest.mark.parametrize(
    "reply", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: O", b"nonsense\0", b"x" * 9_000]
)
def test_any_other_answer_refuses_for_now(scanner: Scanner, reply: bytes) -> None:
    scanner.reply = lambda content: reply
    with pytest.raises(UploadRefused, match="Try again later"):
        check_viruses(io.BytesIO(PDF), "tax.pdf")


def test_a_scanner_that_is_away_or_silent_refuses_for_now(settings: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("collections_app.uploads.scanning.PATIENCE_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.CLAMAV_URL = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(UploadRefused, match="Try again later"):
            check_viruses(io.BytesIO(PDF), "tax.pdf")
    for address in (settings.CLAMAV_URL, "unix:///nowhere/clamd.ctl", "not an address"):
        settings.CLAMAV_URL = address
        with pytest.raises(UploadRefused, match="Try again later"):
            check_viruses(io.BytesIO(PDF), "tax.pdf")


@pytest.mark.parametrize("url", ["localhost:3310", "http://127.0.0.1", "tcp://", "unix://clamd", "tcp://h:x"])
def test_an_address_that_is_none_is_told_at_the_start(settings: Any, url: str) -> None:
    settings.CLAMAV_URL = url
    assert [message.id for message in checks.scanner_has_an_address()] == ["collections_app.E005"]


def test_the_operator_is_told_that_nothing_is_scanned(settings: Any) -> None:
    assert [message.id for message in checks.uploads_are_scanned()] == ["collections_app.I001"]
    settings.CLAMAV_URL = "tcp://127.0.0.1"
    assert checks.uploads_are_scanned() == checks.scanner_has_an_address() == []
