"""What may be printed shows no secret."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import intacct
from intacct.redaction import excerpt, mask, mask_xml


@pytest.mark.parametrize(
    "text",
    [
        "<password>hunter22</password>",
        "<PASSWORD>hunter22</PASSWORD>",
        "<sessionid>hunter22</sessionid>",
        '<password xml:space="preserve">hunter22</password>',
        "<password><![CDATA[hunter22]]></password>",
        "<password>\n  hunter22\n</password >",
        "<password>hunter22",
        "<a><password>one</password><password>hunter22</password></a>",
    ],
)
def test_passwords_and_session_ids_are_masked_in_xml(text: str) -> None:
    masked = mask_xml(text)
    assert "hunter22" not in masked
    assert "***" in masked


def test_other_elements_stay_readable() -> None:
    assert mask_xml("<senderid>lenderportal</senderid>") == "<senderid>lenderportal</senderid>"


def test_a_known_secret_is_masked_anywhere_plain_or_escaped() -> None:
    assert mask("it was p&ss<w or p&amp;ss&lt;w", ["p&ss<w"]) == "it was *** or ***"


def test_the_beginning_of_a_session_id_is_masked_too() -> None:
    assert mask("Invalid session Zm9vYmFy...", ["Zm9vYmFyLXNlc3Npb24.."]) == "Invalid session ***"


def test_a_secret_inside_a_longer_one_does_not_uncover_it() -> None:
    assert "tail" not in mask("secret-tail", ["secret", "secret-tail"])


@given(st.text(min_size=1, max_size=40), st.text(max_size=60), st.text(max_size=60))
def test_no_secret_survives_masking(secret: str, before: str, after: str) -> None:
    masked = mask(before + secret + after, [secret])
    assert secret not in masked or secret in "***"


def test_an_excerpt_is_short_on_one_line_and_masked() -> None:
    body = b"<a>\n<password>hunter22</password>\x00\xff\n" + b"x" * 5000
    text = excerpt(body, [])
    assert len(text) <= 300
    assert "\n" not in text
    assert "hunter22" not in text


def test_no_repr_shows_a_secret(sender: intacct.Sender, login: intacct.Login) -> None:
    from datetime import UTC, datetime

    session = intacct.Session("session-1", "https://api.intacct.com/", datetime(2026, 1, 1, tzinfo=UTC))
    shown = repr((sender, login, session)) + str((sender, login, session))
    for secret in (sender.password, login.password, session.id):
        assert secret not in shown
