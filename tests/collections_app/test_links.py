"""The secure link: unguessable, recognisable, stored as a hash, and good for a while."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from collections_app import links
from collections_app.links import LinkState
from collections_app.models import Collection, Lender, Link
from tests.collecting import invite

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)


@pytest.fixture
def issued(lender: Lender) -> tuple[Link, str]:
    return links.issue(invite(lender).collection)


def test_a_token_has_a_prefix_43_random_characters_and_6_of_checksum() -> None:
    token = links.make_token()
    assert links.PATTERN.fullmatch(token)
    assert len(token) == 4 + 43 + 6
    assert links.checksum(token[:-6]) == token[-6:]


def test_no_two_tokens_are_alike() -> None:
    assert len({links.make_token() for _ in range(1000)}) == 1000


def test_the_checksum_is_the_one_of_zip_and_ethernet_in_base_62() -> None:
    # The check value of CRC-32 for "123456789" is 0xCBF43926.
    number = 0
    for character in links.checksum("123456789"):
        number = number * 62 + links.ALPHABET.index(character)
    assert number == 0xCBF43926


@given(st.integers(4, 52), st.sampled_from(links.ALPHABET))
def test_one_mistyped_character_is_noticed_without_the_database(position: int, character: str) -> None:
    token = links.make_token()
    mistyped = token[:position] + character + token[position + 1 :]
    if mistyped != token:
        assert links.find(mistyped) is None


@pytest.mark.parametrize(
    "rubbish", ["", "clk_", "clk_" + "0" * 49, "x" * 53, "clk_" + "é" * 49, "clk_" + "0" * 5000, "\0"]
)
def test_rubbish_is_refused_without_the_database(rubbish: str) -> None:
    assert links.find(rubbish) is None


def test_a_token_with_a_line_end_is_not_the_token(issued: tuple[Link, str]) -> None:
    assert links.find(issued[1] + "\n") is None


def test_a_stranger_with_a_right_checksum_finds_nothing(db: None) -> None:
    assert links.find(links.make_token()) is None


def test_an_issued_token_finds_its_link(issued: tuple[Link, str]) -> None:
    link, token = issued
    assert links.find(token) == link


def test_only_the_hash_is_stored(issued: tuple[Link, str]) -> None:
    link, token = issued
    assert bytes(link.token_hash) == hashlib.sha256(token.encode()).digest()
    for model in apps.get_models():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')  # noqa: S608 - our own table names
            assert token not in repr(cursor.fetchall())


def test_no_text_about_a_link_shows_its_token(issued: tuple[Link, str]) -> None:
    link, token = issued
    assert token not in f"{link} {link!r} {link.__dict__}"


def test_a_link_lives_as_long_as_it_was_issued_for(lender: Lender) -> None:
    with time_machine.travel(NOON, tick=False):
        link, _ = links.issue(invite(lender).collection, days=3)
        assert links.state(link) is LinkState.OPEN
    with time_machine.travel(NOON + timedelta(days=3, seconds=-1), tick=False):
        assert links.state(link) is LinkState.OPEN
    with time_machine.travel(NOON + timedelta(days=3), tick=False):
        assert links.state(link) is LinkState.EXPIRED


@pytest.mark.parametrize("connected", [NOON - timedelta(days=8), None], ids=["reports", "documents alone"])
def test_a_link_to_what_was_shared_works_ninety_days_from_then(
    connected: datetime | None, issued: tuple[Link, str]
) -> None:
    link = issued[0]
    link.collection.submitted_at, link.collection.shared_at = connected, NOON
    link.expires_at = NOON
    assert links.works_until(link) == NOON
    link.collection.status = Collection.Status.SUBMITTED
    assert links.works_until(link) == NOON + timedelta(days=90)


def test_a_new_link_ends_the_old_one(issued: tuple[Link, str]) -> None:
    old, old_token = issued
    new, new_token = links.issue(old.collection)
    found = links.find(old_token)
    assert found
    assert links.state(found) is LinkState.WITHDRAWN
    assert links.find(new_token) == new
    assert links.state(new) is LinkState.OPEN


def test_a_link_of_a_withdrawn_request_is_withdrawn(issued: tuple[Link, str]) -> None:
    link = issued[0]
    link.collection.status = Collection.Status.WITHDRAWN
    assert links.state(link) is LinkState.WITHDRAWN


def test_withdrawn_is_said_even_when_it_is_expired_too(issued: tuple[Link, str]) -> None:
    link = issued[0]
    link.expires_at = link.revoked_at = NOON - timedelta(days=400)
    assert links.state(link) is LinkState.WITHDRAWN


def test_a_link_that_was_opened_far_too_often_is_used_up(issued: tuple[Link, str]) -> None:
    link, token = issued
    Link.objects.filter(pk=link.pk).update(opened_count=links.MOST_OPENINGS - 1)
    found = links.find(token)
    assert found
    assert links.state(found) is LinkState.OPEN
    links.count_opening(found)
    found.refresh_from_db()
    assert links.state(found) is LinkState.USED_UP
    assert found.last_opened_at
