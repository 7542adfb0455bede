"""The borrower's password: sealed on arrival, opened for one unit, destroyed as soon as it can be."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from collections_app import vault
from collections_app.ledger import SignIn
from collections_app.models import Collection, Connection, Lender
from collections_app.problems import Trouble
from collections_app.services import credentials, invitations
from tests.collecting import OPERATOR, PASSWORD, actions, after_event, sign_in, started

HOURS = 3600


@pytest.fixture
def connection(collection: Collection) -> Connection:
    sign_in(collection)
    return Connection.objects.get(collection=collection)


def in_seconds(seconds: float) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(seconds=seconds))


def test_what_was_sealed_is_opened_for_the_worker(connection: Connection) -> None:
    opened = credentials.credentials_open(connection=connection)
    assert (opened.password, opened.session) == (PASSWORD, "")


def test_an_opened_sign_in_shows_no_secret() -> None:
    opened = SignIn("BIRCHSOLO", "ws_lender", PASSWORD, '{"id": "session-id-1"}')
    assert PASSWORD not in f"{opened} {opened!r}"
    assert "session-id-1" not in f"{opened} {opened!r}"


def test_a_ciphertext_copied_to_another_collection_does_not_open(
    connection: Connection, lender: Lender
) -> None:
    other = started(lender)
    sign_in(other, password="Another-Secret-1")
    Connection.objects.filter(collection=other).update(secret=connection.secret)
    with pytest.raises(vault.VaultError):
        credentials.credentials_open(connection=Connection.objects.get(collection=other))


def test_a_password_does_not_open_as_a_session(connection: Connection) -> None:
    connection.session = connection.secret
    with pytest.raises(vault.VaultError):
        credentials.credentials_open(connection=connection)


def test_a_session_is_kept_sealed(connection: Connection) -> None:
    credentials.session_keep(connection=connection, session='{"id": "session-id-1"}')
    connection.refresh_from_db()
    assert connection.session
    assert b"session-id-1" not in bytes(connection.session)
    assert credentials.credentials_open(connection=connection).session == '{"id": "session-id-1"}'


def test_a_session_is_not_kept_once_the_password_is_destroyed_or_replaced(connection: Connection) -> None:
    stale = Connection.objects.get(pk=connection.pk)
    sign_in(connection.collection, password="Another-Secret-1")
    credentials.session_keep(connection=stale, session="{}")
    connection.refresh_from_db()
    assert connection.session is None
    credentials.credentials_destroy(collection=connection.collection, by=OPERATOR, why="test")
    credentials.session_keep(connection=connection, session="{}")
    connection.refresh_from_db()
    assert connection.session is None


def test_destroying_leaves_nothing_and_says_when_and_why_once(connection: Connection) -> None:
    collection = connection.collection
    assert credentials.credentials_destroy(collection=collection, by=OPERATOR, why="asked")
    assert not credentials.credentials_destroy(collection=collection, by=OPERATOR, why="asked")
    connection.refresh_from_db()
    assert (connection.secret, connection.session) == (None, None)
    assert connection.destroyed_at
    assert actions(collection).count("credentials.destroyed") == 1
    assert collection.events.get(action="credentials.destroyed").data == {"why": "asked"}


def test_opening_what_was_destroyed_is_the_borrowers_to_mend(connection: Connection) -> None:
    credentials.credentials_destroy(collection=connection.collection, by=OPERATOR, why="asked")
    connection.refresh_from_db()
    with pytest.raises(Trouble) as trouble:
        credentials.credentials_open(connection=connection)
    assert trouble.value.problem.name == "password_gone"


def test_withdrawing_destroys(connection: Connection) -> None:
    invitations.collection_withdraw(collection=connection.collection, by=OPERATOR)
    connection.refresh_from_db()
    assert (connection.secret, connection.session) == (None, None)


def test_purging_destroys_what_was_kept_longer_than_the_setting_says(
    connection: Connection, settings: Any
) -> None:
    settings.CREDENTIAL_HOURS = 2
    with in_seconds(2 * HOURS - 60):
        assert credentials.credentials_purge() == 0
    with in_seconds(2 * HOURS + 60):
        assert credentials.credentials_purge() == 1
        assert credentials.credentials_purge() == 0
    connection.refresh_from_db()
    assert connection.secret is None
    assert connection.collection.events.get(action="credentials.destroyed").data == {"why": "kept too long"}


def test_a_password_that_was_saved_after_the_purge_had_looked_stays(
    connection: Connection, lender: Lender, settings: Any
) -> None:
    """Two are kept too long; while the first is destroyed, the borrower of the second signs in anew."""
    settings.CREDENTIAL_HOURS = 2
    late = started(lender)
    sign_in(late)
    with in_seconds(3 * HOURS), after_event("credentials.destroyed", lambda: sign_in(late, password="newer")):
        assert credentials.credentials_purge() == 1
    connection.refresh_from_db()
    assert connection.secret is None
    kept = Connection.objects.get(collection=late)
    assert credentials.credentials_open(connection=kept).password == "newer"


def test_signing_in_again_begins_the_hours_anew(connection: Connection, settings: Any) -> None:
    settings.CREDENTIAL_HOURS = 2
    with in_seconds(1.5 * HOURS):
        sign_in(connection.collection, password="a newer one")
    with in_seconds(3 * HOURS):
        assert credentials.credentials_purge() == 0
    with in_seconds(4 * HOURS):
        assert credentials.credentials_purge() == 1
