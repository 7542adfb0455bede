"""F7: a database that restarts, drops a connection or is locked by another, and a disk that is full."""

import resource
import signal
import sqlite3
import time
from contextlib import closing

import psycopg
import pytest

from tests.faults.scenes import (
    Books,
    assert_as_undisturbed,
    begun,
    nobody_was_asked,
    status,
    wait_for_units,
    wait_until_complete,
)
from tests.installation import Installation, Process, wait_until
from tests.servers import PostgresServer

# Bytes: a write meets the limit as it would meet a full disk. A report takes more than the first, the
# smallest table more than the second.
NO_ROOM, NOT_EVEN_FOR_A_TABLE = 1024, 128


@pytest.mark.services
@pytest.mark.timeout(600)
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["restarted", "crashed"])
def test_a_database_that_restarts_in_the_middle_is_waited_for(
    scaled: Installation, postgres_server: PostgresServer, small_books: Books, how: signal.Signals
) -> None:
    """Nobody is asked for anything, and no unit is done twice."""
    reference, worker = begun(scaled, small_books, reply_seconds=0.2)
    for away in (0.0, 4.0):
        wait_for_units(scaled, 3, worker)
        postgres_server.stop(how)
        time.sleep(away)
        postgres_server.start()
    wait_until_complete(scaled, reference, worker, seconds=240)
    assert_as_undisturbed(scaled, reference, small_books)
    assert nobody_was_asked(scaled)


@pytest.mark.services
@pytest.mark.timeout(600)
def test_connections_dropped_in_the_middle_of_whatever_they_do_are_opened_again(
    scaled: Installation, small_books: Books
) -> None:
    # So slow that six times a unit is left to wait for.
    reference, worker = begun(scaled, small_books, reply_seconds=0.4)
    for _ in range(6):
        wait_for_units(scaled, 1, worker)
        drop_every_connection(scaled)
    wait_until_complete(scaled, reference, worker, seconds=240)
    assert_as_undisturbed(scaled, reference, small_books)
    assert nobody_was_asked(scaled)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_sqlite_locked_by_another_process_for_fifteen_seconds_is_waited_for(
    embedded: Installation, small_books: Books
) -> None:
    reference, worker = begun(embedded, small_books, reply_seconds=0.1)
    wait_for_units(embedded, 3, worker)
    with closing(sqlite3.connect(embedded.data / "strongbox.sqlite3", timeout=20)) as other:
        other.execute("BEGIN IMMEDIATE")
        time.sleep(15)
        other.rollback()
    wait_until_complete(embedded, reference, worker)
    assert_as_undisturbed(embedded, reference, small_books)
    assert nobody_was_asked(embedded)


@pytest.mark.services
@pytest.mark.timeout(600)
def test_a_storage_without_room_is_told_to_the_operator_and_leaves_no_half_file(
    scaled: Installation, small_books: Books
) -> None:
    """Once there is room and the operator says so, the collection goes on with the units that it has."""
    scaled.environment |= {"OPERATOR_EMAIL": "operator@example.com"}
    reference, worker = begun(scaled, small_books)
    set_room(worker, NOT_EVEN_FOR_A_TABLE)
    wait_until(lambda: status(scaled, reference) == "needs_operator", "the operator is asked", worker)
    worker.kill()
    stored = {name for (name,) in scaled.query("SELECT storage_name FROM collections_app_collectedtable")}
    reports = scaled.data / "reports"
    assert {str(path.relative_to(reports)) for path in reports.rglob("*") if path.is_file()} == stored
    assert [path for path in scaled.data.glob("tmp*")] == []
    kept = scaled.query("SELECT id, checksum FROM collections_app_workunit WHERE done_at IS NOT NULL")
    worker = scaled.worker()
    # The mail found no room either; the clock sends it.
    scaled.must("resumecollection", reference)
    wait_until_complete(scaled, reference, worker)
    assert_as_undisturbed(scaled, reference, small_books)
    assert set(kept) <= set(scaled.query("SELECT id, checksum FROM collections_app_workunit"))
    assert scaled.query("SELECT count(*) FROM collections_app_notice WHERE kind = 'stopped'") == [(1,)]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_data_folder_without_any_room_stops_nothing_for_good(
    embedded: Installation, small_books: Books
) -> None:
    """Not even the database can be written: what is begun is begun again when there is room."""
    reference, worker = begun(embedded, small_books, reply_seconds=0.1)
    wait_for_units(embedded, 3, worker)
    set_room(worker, NO_ROOM)
    time.sleep(6)
    set_room(worker, resource.RLIM_INFINITY)
    worker.kill()
    with closing(sqlite3.connect(embedded.data / "strongbox.sqlite3")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    worker = embedded.worker()
    if status(embedded, reference) == "needs_operator":
        embedded.must("resumecollection", reference)
    wait_until_complete(embedded, reference, worker)
    assert_as_undisturbed(embedded, reference, small_books)


def set_room(worker: Process, most: int) -> None:
    """Limits every file that the worker and its children write."""
    for process_id in worker.members():
        resource.prlimit(process_id, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


def drop_every_connection(installation: Installation) -> None:
    with psycopg.connect(installation.environment["DATABASE_URL"], autocommit=True) as server:
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
