"""Sessions are bound to their endpoint, slide while they are used, and end."""

from datetime import UTC, datetime, timedelta

import time_machine

from intacct.sandbox import Sandbox
from tests.intacct.sandbox.gateway_client import (
    EXCHANGES,
    SENDER_ID,
    SENDER_PASSWORD,
    Answer,
    SignedIn,
    envelope,
    post,
    session,
    sign_in,
)

SETUP = "<getFinancialSetup/>"


def invalid(answer: Answer) -> bool:
    """Whether a session was refused, in the way the gateway refuses one."""
    if answer.text("operation/authentication/status") == "success":
        return False
    assert answer.text("operation/authentication/userid") == ""
    assert answer.text("operation/authentication/companyid") == ""
    assert answer.text("operation/errormessage/error/errorno") == "XL03000006"
    return answer.text("operation/errormessage/error/description2").startswith("Invalid session ")


def test_the_endpoint_of_a_session_is_another_path_on_the_host_the_client_used(sandbox: Sandbox) -> None:
    other_name = sandbox.endpoint.replace("127.0.0.1", "localhost")
    opened = sign_in(other_name)
    assert opened.endpoint != other_name
    assert opened.endpoint.startswith(other_name.split("/ia/")[0] + "/")
    assert not invalid(opened.call(SETUP))


def test_a_session_is_refused_anywhere_but_at_its_endpoint(sandbox: Sandbox) -> None:
    opened = sign_in(sandbox.endpoint)
    assert invalid(SignedIn(sandbox.endpoint, opened.id).call(SETUP))
    elsewhere = opened.endpoint.replace("127.0.0.1", "localhost")
    assert invalid(SignedIn(elsewhere, opened.id).call(SETUP))
    assert not invalid(opened.call(SETUP))


def test_any_text_for_a_session_is_refused_in_the_usual_envelope(sandbox: Sandbox) -> None:
    for text in ("None", "", "x" * 500):
        assert invalid(post(sandbox.endpoint, envelope(session(text), SETUP)))


def test_a_refused_session_shows_only_the_beginning_of_its_id(sandbox: Sandbox) -> None:
    opened = sign_in(sandbox.endpoint)
    sandbox.sessions.end_all()
    body = opened.call(SETUP).body.decode()
    assert opened.id not in body
    assert f"Invalid session {opened.id[:12]}..." in body


def test_a_session_slides_while_it_is_used_and_expires_when_it_is_not() -> None:
    folder = EXCHANGES / "company"
    with (
        time_machine.travel(datetime.now(UTC), tick=False) as clock,
        Sandbox(
            [folder],
            sender_id=SENDER_ID,
            sender_password=SENDER_PASSWORD,
            session_lifetime=timedelta(minutes=6),
        ) as sandbox,
    ):
        opened = sign_in(sandbox.endpoint)
        for _ in range(4):
            clock.shift(timedelta(minutes=3))
            assert not invalid(opened.call(SETUP))
        clock.shift(timedelta(minutes=7))
        assert invalid(opened.call(SETUP))


def test_the_timeout_is_stated_in_utc_in_every_answer(sandbox: Sandbox) -> None:
    text = sign_in(sandbox.endpoint).call(SETUP).text("operation/authentication/sessiontimeout")
    assert text.endswith("+00:00")
    assert datetime.fromisoformat(text) > datetime.now().astimezone() + timedelta(hours=11)


def test_an_empty_location_leaves_an_entity_and_an_absent_one_stays(sandbox: Sandbox) -> None:
    entity = sign_in(sandbox.endpoint, location="E200")
    stayed = entity.call("<getAPISession/>")
    left = entity.call("<getAPISession><locationid/></getAPISession>")
    assert stayed.text("operation/result/data/api/locationid") == "E200"
    assert left.text("operation/result/data/api/locationid") == ""


def test_sessions_of_one_user_do_not_end_each_other(sandbox: Sandbox) -> None:
    first, second = sign_in(sandbox.endpoint), sign_in(sandbox.endpoint)
    assert first.id != second.id
    assert not invalid(first.call(SETUP))
    assert not invalid(second.call(SETUP))
