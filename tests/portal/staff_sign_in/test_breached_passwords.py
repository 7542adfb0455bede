"""A new password of staff is looked up among those that became known, where the operator switched that on."""

import os
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from pwned_passwords_django.api import PwnedPasswords, default_client

ROOT = Path(__file__).resolve().parents[3]
KNOWN, FRESH = "correct horse battery", "four green herons at dusk"


def hash_of(password: str) -> str:
    return sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


class Breaches(ThreadingHTTPServer):
    """Answers as haveibeenpwned.com does, in the form that its documentation gives. Knows one password."""

    daemon_threads = True
    asked: list[str]
    status = 200


class Answer(BaseHTTPRequestHandler):
    server: Breaches

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        lines = f"0018A45C4D1DEF81644B54AB7F969B88D65:1\r\n{hash_of(KNOWN)[5:]}:2,254"
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(lines.encode())

    def log_message(self, *_arguments: object) -> None:
        """Nothing on the output of the tests."""


@pytest.fixture
def breaches(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Breaches]:
    with Breaches(("127.0.0.1", 0), Answer) as server:
        server.asked = []
        Thread(target=server.serve_forever, daemon=True).start()
        settings.BREACHED_PASSWORDS = True
        address = f"http://127.0.0.1:{server.server_port}/range/"
        monkeypatch.setattr(PwnedPasswords, "api_endpoint", address)
        # In production a second, after which the password passes.
        monkeypatch.setattr(default_client, "request_timeout", httpx.Timeout(30))
        yield server
        server.shutdown()


def refusal(password: str) -> str:
    """Why the password is refused; empty when it is not."""
    try:
        validate_password(password)
    except ValidationError as refused:
        return " ".join(refused.messages)
    return ""


def test_a_password_that_became_known_is_refused(breaches: Breaches) -> None:
    assert "became known when some service was broken into" in refusal(KNOWN)
    assert refusal(FRESH) == ""


def test_a_common_one_in_large_letters_is_refused_as_before(breaches: Breaches) -> None:
    assert "too common" in refusal("PassWord1234")


def test_no_more_than_five_digits_of_the_hash_leave_and_none_is_logged(
    breaches: Breaches, caplog: pytest.LogCaptureFixture
) -> None:
    refusal(FRESH)
    assert breaches.asked == [f"/range/{hash_of(FRESH)[:5]}"]
    assert hash_of(FRESH)[:5] not in caplog.text


@pytest.mark.parametrize("status", [429, 503, 0])
def test_where_nobody_answers_common_passwords_are_refused_and_the_log_says_so(
    breaches: Breaches, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    breaches.status = status
    if not status:
        breaches.shutdown()
        breaches.server_close()
    assert refusal(KNOWN) == ""
    assert "too common" in refusal("password1234")
    assert "error contacting Pwned Passwords" in caplog.text
    assert KNOWN not in caplog.text and hash_of(KNOWN)[:5] not in caplog.text


def test_unless_it_is_switched_on_nobody_is_asked(breaches: Breaches, settings: Any) -> None:
    settings.BREACHED_PASSWORDS = False
    assert refusal(KNOWN) == ""
    assert breaches.asked == []


def test_without_the_package_the_start_says_what_to_install(tmp_path: Path) -> None:
    hide = "import sys; sys.modules['pwned_passwords_django'] = None; sys.argv = ['manage.py', 'check']; "
    begun = subprocess.run(
        [sys.executable, "-c", f"{hide}import manage; manage.main()"],
        cwd=ROOT,
        env=os.environ | {"BREACHED_PASSWORDS": "on", "DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert begun.returncode == 1
    assert begun.stderr.startswith("BREACHED_PASSWORDS is on and the package pwned-passwords-django is not")
    assert len(begun.stderr.splitlines()) == 1
