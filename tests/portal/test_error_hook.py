"""An error service is told where something failed, and never a text of it."""

import gzip
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]  # brings no types
import pytest

from tests.installation import Installation

CANARIES = ("clk_Canary77", "Canary-Password-77!", "Birchwood Canary", "12,345.67")
# A program of ours that fails with texts in everything that an error carries.
FAILING = f"""
import logging
import django
django.setup()
from django.test import Client
from django.test.utils import override_settings
logger = logging.getLogger("collections_app.services.collecting")

def open_the_books(link, password):
    borrower = {CANARIES[2]!r}
    raise RuntimeError(f"{{borrower}} by {{link}} with {{password}}: {CANARIES[3]}")

try:
    open_the_books({CANARIES[0]!r}, {CANARIES[1]!r})
except RuntimeError:
    more = {{"secret": {CANARIES[1]!r}}}
    logger.exception("The unit of %s failed: %s", {CANARIES[2]!r}, {CANARIES[1]!r}, extra=more)
logger.warning("Not told: %s", {CANARIES[2]!r})
with override_settings(ROOT_URLCONF="tests.portal.failing", ALLOWED_HOSTS=["*"]):
    browser = Client(raise_request_exception=False)
    headers = {{"Authorization": {CANARIES[1]!r}}}
    answer = browser.get("/fails/500/?token={CANARIES[0]}", secure=True, headers=headers)
print(answer.status_code, answer.headers["X-Request-ID"])
# At its end a program waits two seconds for what it has not sent, and no longer.
import sentry_sdk
sentry_sdk.flush(timeout=30)
"""


class ErrorService:
    """Keeps what it is sent, as Sentry's ingestion takes it."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.bodies: list[str] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                unpack = {"gzip": gzip.decompress, "br": brotli.decompress}
                body = unpack.get(self.headers.get("Content-Encoding", ""), bytes)(body)
                service.bodies.append(body.decode())
                service.events.append(json.loads(body.decode().splitlines()[2]))
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://project-key@127.0.0.1:{self.server.server_port}/7"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def service() -> Iterator[ErrorService]:
    running = ErrorService()
    yield running
    running.close()


def failed(installation: Installation) -> str:
    installation.must("migrate", "--verbosity", "0")
    installation.must("collectstatic", "--noinput", "--verbosity", "0")
    return installation.must("shell", "--no-imports", "--command", FAILING)


@pytest.mark.slow
def test_a_failure_is_told_by_its_kind_and_place_and_by_no_text(
    service: ErrorService, tmp_path: Path
) -> None:
    with Installation(tmp_path / "data", SENTRY_DSN=service.address) as installation:
        said = failed(installation).split()
    assert said[0] == "500"
    by_logger = {event["logger"]: event for event in service.events}
    assert set(by_logger) == {"collections_app.services.collecting", "django.request"}
    unit = by_logger["collections_app.services.collecting"]["exception"]["values"][0]
    assert unit["type"] == "RuntimeError"
    assert unit["stacktrace"]["frames"][-1]["function"] == "open_the_books"
    page = by_logger["django.request"]
    assert page["exception"]["values"][0]["stacktrace"]["frames"][-1]["function"] == "fail"
    # The id under which the log has the texts.
    assert page["tags"] == {"trace": said[1]}
    sent = "".join(service.bodies)
    assert [canary for canary in (*CANARIES, "as was asked", "Authorization") if canary in sent] == []


@pytest.mark.slow
def test_without_an_address_nothing_is_sent(service: ErrorService, tmp_path: Path) -> None:
    with Installation(tmp_path / "data") as installation:
        failed(installation)
    assert service.bodies == []


def test_an_address_that_is_none_is_told_at_the_start(tmp_path: Path) -> None:
    with Installation(tmp_path / "data", SENTRY_DSN="sentry.example") as installation:
        refused = installation.manage("check")
    assert refused.returncode == 1
    assert refused.stderr.strip().endswith("it looks like https://KEY@HOST/NUMBER.")
    assert "Traceback" not in refused.stderr


def test_a_package_that_is_missing_is_told_with_the_cure(tmp_path: Path) -> None:
    """A package of that name that cannot be imported stands for one that is not there."""
    (tmp_path / "sentry_sdk.py").write_text("raise ImportError('not here')")
    settings = {"SENTRY_DSN": "https://key@errors.example/7", "PYTHONPATH": str(tmp_path)}
    with Installation(tmp_path / "data", **settings) as installation:
        refused = installation.manage("check")
    assert refused.returncode == 1
    assert "the package sentry-sdk is not installed" in refused.stderr
    assert "Traceback" not in refused.stderr
