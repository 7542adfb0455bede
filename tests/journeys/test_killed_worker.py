"""Workers that die, messages that get lost or come twice: a collection is finished all the same, once."""

import sqlite3
import time
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.installation import Installation, wait_until

PASSWORD = "Maple-Reader-1!"


def prepare(installation: Installation, maple: Path) -> None:
    """Everything but the worker, on a gateway slow enough to be interrupted."""
    installation.prepare()
    installation.sandbox(maple, more=("--reply-delay", "0.15"))


@pytest.fixture
def collecting(installation: Installation, maple: Path) -> Installation:
    prepare(installation, maple)
    return installation


def rows(installation: Installation, query: str) -> list[tuple[Any, ...]]:
    url = installation.environment.get("DATABASE_URL")
    if url:
        with psycopg.connect(url) as server:
            return server.execute(query.encode()).fetchall()
    with closing(sqlite3.connect(installation.data / "strongbox.sqlite3", timeout=20)) as database:
        return database.execute(query).fetchall()


def units_done(installation: Installation) -> int:
    query = "SELECT count(*) FROM collections_app_workunit WHERE done_at IS NOT NULL"
    return int(rows(installation, query)[0][0])


def enough_units_done(installation: Installation, number: int) -> bool:
    return units_done(installation) >= number


def begin(installation: Installation, maple: Path) -> Any:
    """Starts `collect` beside a worker, in the background; returns its process."""
    link = installation.invite("2020-01-01", "2020-12-31", "--no-email")
    answers = ["--company", "MAPLE", "--user", "ws_strongbox", "--categories", str(maple / "assignments.csv")]
    installation.environment |= {"COLLECTION_LINK": link, "INTACCT_PASSWORD": PASSWORD}
    return installation.start_command("collect", *answers)


def complete(installation: Installation) -> bool:
    return rows(installation, "SELECT status FROM collections_app_collection") == [("submitted",)]


def kill_and_start_again(collecting: Installation, maple: Path) -> None:
    """Three kills of a worker and all its children, at three places of one collection."""
    worker = collecting.worker()
    collect = begin(collecting, maple)
    # One unit checks the sign-in, two read the chart; from the fourth on it is the collection itself.
    for reached in (6, 12, 18):
        wait_until(partial(enough_units_done, collecting, reached), f"{reached} units are done", worker)
        worker.kill()
        time.sleep(0.2)
        worker = collecting.worker()
    wait_until(lambda: complete(collecting), "the collection is complete", worker, seconds=60)
    assert collect.process.wait(timeout=30) == 0, collect.log.read_text()

    lines = rows(collecting, "SELECT count(*) FROM collections_app_trialbalanceline")[0][0]
    distinct = (
        "SELECT count(*) FROM (SELECT DISTINCT start, account FROM collections_app_trialbalanceline) AS lines"
    )
    assert lines == rows(collecting, distinct)[0][0] == 22 * 71
    done = "SELECT kind, count(*) FROM collections_app_workunit WHERE done_at IS NOT NULL GROUP BY kind"
    assert dict(rows(collecting, done))["trial_balance"] == 22
    assert len(rows(collecting, "SELECT * FROM collections_app_reportfile")) == 2
    destroyed = "SELECT count(*) FROM collections_app_event WHERE action = 'credentials.destroyed'"
    assert rows(collecting, destroyed) == [(1,)]

    statements = collecting.statements()
    (net_income,) = [
        line["values"][-1] for line in statements["income_statement"]["lines"] if line["key"] == "net_income"
    ]
    assert net_income == "369541.45"


def test_a_worker_killed_in_the_middle_and_started_again_finishes_with_no_row_twice(
    collecting: Installation, maple: Path
) -> None:
    kill_and_start_again(collecting, maple)


@pytest.mark.services
def test_a_worker_killed_on_postgresql_and_redis_finishes_with_no_row_twice(
    services_installation: Installation, maple: Path
) -> None:
    prepare(services_installation, maple)
    kill_and_start_again(services_installation, maple)


def test_a_collection_goes_on_when_every_message_is_lost(collecting: Installation, maple: Path) -> None:
    worker = collecting.worker()
    collect = begin(collecting, maple)
    wait_until(lambda: units_done(collecting) >= 5, "5 units are done", worker)
    worker.kill()
    for message in (collecting.data / "broker" / "messages").iterdir():
        message.unlink()
    worker = collecting.worker()
    wait_until(lambda: complete(collecting), "the collection is complete", worker, seconds=60)
    assert collect.process.wait(timeout=30) == 0


def test_a_message_that_comes_many_times_over_changes_nothing(collecting: Installation, maple: Path) -> None:
    worker = collecting.worker()
    collect = begin(collecting, maple)
    wait_until(lambda: units_done(collecting) >= 4, "the collection runs", worker)
    run_id = rows(collecting, "SELECT max(id) FROM collections_app_run")[0][0]
    ring = f"from collections_app import tasks\nfor _ in range(10): tasks.publish({run_id})"
    collecting.must("shell", "--no-imports", "--command", ring)
    wait_until(lambda: complete(collecting), "the collection is complete", worker, seconds=60)
    collecting.must("shell", "--no-imports", "--command", ring)
    assert collect.process.wait(timeout=30) == 0
    happened = [action for (action,) in rows(collecting, "SELECT action FROM collections_app_event")]
    assert happened.count("collection.submitted") == 1
    assert happened.count("run.done") == 3
