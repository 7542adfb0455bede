"""No secret in a log line, whoever writes it and in whatever part of it."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from hypothesis import example, given
from hypothesis import strategies as st

from collections_app import links, tracing
from portal import webserver
from portal.logging import JsonFormatter, RedactingFormatter, RedactSecrets, redact

SECRET = "Canary-77!"


@pytest.fixture
def lines() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """A logger with the product's own handler, and what it wrote."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(RedactingFormatter("{levelname} {message}", style="{"))
    handler.addFilter(RedactSecrets())
    logger = logging.Logger("somebody else's")
    logger.addHandler(handler)
    yield logger, written


@pytest.mark.parametrize(
    "line",
    [
        f"<login><password>{SECRET}</password></login>",
        f"<PASSWORD type='x'>{SECRET}\n</PASSWORD>",
        f"<sessionid>{SECRET}</sessionid>",
        f"password={SECRET}",
        f"Password: {SECRET}",
        f"INTACCT_SENDER_PASSWORD={SECRET}",
        f"{{'password': '{SECRET}', 'user': 'x'}}",
        f'{{"password": "{SECRET}"}}',
        f'{{"sessionid": "{SECRET}"}}',
        f"Login(company_id='X', password='{SECRET}')",
        f"POST password={SECRET}&user=x",
        f"SECRET_KEY = {SECRET}",
        f"VAULT_KEYS={SECRET},{SECRET}",
        f"postgres://portal:{SECRET}@db:5432/portal",
        f"redis://:{SECRET}@redis:6379/0",
        f"/reset/MQ/{SECRET}/",
        f"{{'password': ['{SECRET}']}}",
    ],
)
def test_a_secret_is_masked_wherever_its_name_stands(line: str) -> None:
    assert SECRET not in redact(line)
    assert "***" in redact(line)


def test_a_link_is_masked_in_every_address() -> None:
    token = links.make_token()
    for line in (f"GET /c/{token}/ 200", f"Referer: http://x/c/{token}", f"Not Found: /c/{token[:20]}"):
        assert token[4:20] not in redact(line)
        assert "clk_***" in redact(line)


PASSWORDS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=40)


@given(PASSWORDS)
@example("ab,cd&ef)gh}ij")
@example('it\'s "quoted"')
@example("with blanks in it")
@example("a last word")
def test_no_part_of_a_password_survives_in_a_printed_value(password: str) -> None:
    for line in (f"password={password!r}", f"{ {'password': password, 'next': 'value'} }"):
        tail = repr(password)[-5:-1]
        assert tail not in redact(line).replace("'next': 'value'", "").replace("password", "")


def test_what_is_no_secret_stays() -> None:
    for line in (
        "Run 7: unit 3 (Trial balance 2026-01-01) is done, 9 rows.",
        "get_trialbalance: HTTP 200, 3122 bytes, 0.01 s",
        "The passwords page was shown",
        "collection HFHT-6QX9 https://api.intacct.com/ia/xml/xmlgw.phtml",
    ):
        assert redact(line) == line


def test_arguments_are_masked_with_the_message(lines: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = lines
    logger.warning("Tried %s with password=%s", links.make_token(), SECRET)
    assert written.getvalue() == "WARNING Tried clk_*** with password=***\n"


def test_a_traceback_is_masked_too(lines: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = lines
    try:
        raise ValueError(f"<password>{SECRET}</password> for {links.make_token()}")
    except ValueError:
        logger.exception("It failed", stack_info=True)
    assert "ValueError" in written.getvalue()
    assert SECRET not in written.getvalue()
    assert "clk_***" in written.getvalue()


@pytest.mark.parametrize("arguments", [("one",), (1, 2, 3), ({"a": 1},)])
def test_a_wrong_log_call_of_somebody_else_harms_nobody(
    lines: tuple[logging.Logger, io.StringIO], arguments: tuple[object, ...]
) -> None:
    logger, written = lines
    logger.warning(f"%d of %d, password={SECRET}", *arguments)
    assert "%d of %d" in written.getvalue()
    assert SECRET not in written.getvalue()


def test_the_settings_send_everything_through_the_redaction() -> None:
    configurations: list[dict[str, Any]] = [settings.LOGGING, webserver.logs()]
    for configuration in configurations:
        for handler in configuration["handlers"].values():
            assert handler["filters"] == ["redact"]
            assert (
                configuration["formatters"][handler["formatter"]]["()"] == "portal.logging.RedactingFormatter"
            )
        for logger in configuration["loggers"].values():
            assert logger.get("handlers", ["console"]) == ["console"]


def test_the_access_log_holds_no_query_and_no_referrer() -> None:
    assert not {"%(q)s", "%(f)s", "%(r)s"} & set(webserver.access_log_format.split())
    assert "(r)" not in webserver.access_log_format


def test_a_line_as_json_has_its_id_and_no_secret() -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    handler.addFilter(RedactSecrets())
    logger = logging.Logger("ours")
    logger.addHandler(handler)
    with tracing.following("abc123"):
        try:
            raise ValueError(f"password={SECRET}")
        except ValueError:
            logger.exception("It broke: %s", f'password="{SECRET}"')
    told = json.loads(written.getvalue())
    assert (told["trace"], told["level"], told["logger"]) == ("abc123", "ERROR", "ours")
    assert told["message"] == "It broke: password=***"
    assert SECRET not in written.getvalue() and "Traceback" in told["exception"]
