"""Workers that die, messages that get lost or come twice: a collection is finished all the same, once."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest
import redis

from tests.installation import Installation, wait_until

PASSWORD = "Maple-Reader-1!"


def units_done(installation: Installation) -> int:
    query = "SELECT count(*) FROM collections_app_workunit WHERE done_at IS NOT NULL"
    return int(installation.query(query)[0][0])


def enough_units_done(installation: Installation, number: int) -> bool:
    return units_done(installation) >= number


def begin(installation: Installation, maple: Path) -> Any:
    """Starts `collect` beside a worker, in the background; returns its process."""
    link = installation.invite("2020-01-01", "2020-12-31", "--no-email")
    answers = ["--company", "MAPLE", "--user", "ws_strongbox", "--categories", str(maple / "assignments.csv")]
    installation.environment |= {"COLLECTION_LINK": link, "INTACCT_PASSWORD": PASSWORD}
    return installation.start_command("collect", *answers)


def complete(installation: Installation) -> bool:
    return installation.query("SELECT status FROM collections_app_collection") == [("submitted",)]


def nothing_else(installation: Installation) -> None:
    """The kill alone."""


def lose_every_message(installation: Installation) -> None:
    url = installation.environment.get("CELERY_BROKER_URL")
    if url:
        with redis.Redis.from_url(url) as broker:
            broker.flushdb()
    else:
        for message in (installation.data / "broker" / "messages").iterdir():
            message.unlink()


def ring_ten_times(installation: Installation) -> None:
    ring = "from collections_app import tasks\nfor _ in range(10): tasks.publish()"
    installation.must("shell", "--no-imports", "--command", ring)


def kill_and_start_again(collecting: Installation, maple: Path) -> None:
    """Kills a worker and all its children three times; once all messages are lost, once they come doubled."""
    collecting.prepare()
    # Slow enough to be interrupted.
    collecting.sandbox(maple, more=("--reply-delay", "0.15"))
    worker = collecting.worker()
    collect = begin(collecting, maple)
    # One unit checks the sign-in, two read the chart; from the fourth on it is the collection itself.
    for reached, befall in ((6, nothing_else), (12, lose_every_message), (18, ring_ten_times)):
        wait_until(partial(enough_units_done, collecting, reached), f"{reached} units are done", worker)
        worker.kill()
        befall(collecting)
        worker = collecting.worker()
    wait_until(lambda: complete(collecting), "the collection is complete", worker, seconds=240)
    assert collect.process.wait(timeout=30) == 0, collect.log.read_text()

    months = collecting.query("SELECT start, row_count FROM collections_app_trialbalance")
    assert len({start for start, _ in months}) == len(months) == 22
    assert {count for _, count in months} == {71}
    done = "SELECT kind, count(*) FROM collections_app_workunit WHERE done_at IS NOT NULL GROUP BY kind"
    assert dict(collecting.query(done))["trial_balance"] == 22
    assert len(collecting.query("SELECT * FROM collections_app_reportfile")) == 3
    happened = [action for (action,) in collecting.query("SELECT action FROM collections_app_event")]
    assert happened.count("credentials.destroyed") == happened.count("collection.submitted") == 1
    assert happened.count("run.done") == 3

    statements = collecting.statements()
    (net_income,) = [
        line["values"][-1] for line in statements["income_statement"]["lines"] if line["key"] == "net_income"
    ]
    assert net_income == "369541.45"


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_and_started_again_finishes_with_no_row_twice(
    installation: Installation, maple: Path
) -> None:
    kill_and_start_again(installation, maple)


@pytest.mark.services
def test_a_worker_killed_on_postgresql_and_redis_finishes_with_no_row_twice(
    services_installation: Installation, maple: Path
) -> None:
    kill_and_start_again(services_installation, maple)
