"""F4 to F6: a broker that stops, forgets, falls silent or repeats itself. The database row is the job."""

import signal
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
import requests

from tests.faults.borrower import Borrower
from tests.faults.scenes import (
    HOOKS,
    PATIENT_LEASE,
    Books,
    assert_as_undisturbed,
    begun,
    children_of,
    end,
    status,
    units_done,
    wait_for_units,
    wait_until_complete,
)
from tests.installation import Installation, Process, wait_until
from tests.proxy import Proxy
from tests.servers import RedisServer

# A silent broker would hold a page for ever. One time-out and not two: see tests/portal/test_celery.py.
LONGEST_PAGE_SECONDS = 10
WEDGED = 75

pytestmark = [pytest.mark.services, pytest.mark.timeout(600)]


def supervised(installation: Installation, worker: Process) -> Process:
    """What a supervisor does: starts a worker that ended itself again."""
    if worker.process.poll() is None:
        return worker
    assert worker.process.returncode == WEDGED, worker.log.read_text()[-3000:]
    worker.kill()
    return installation.worker()


def in_hand(installation: Installation) -> int:
    held = "SELECT count(*) FROM collections_app_workunit WHERE done_at IS NULL AND lease_owner <> ''"
    return int(installation.query(held)[0][0])


def test_a_redis_that_is_silent_at_an_acknowledgement_ends_the_worker_and_a_fresh_one_goes_on(
    scaled: Installation, redis_server: RedisServer, small_books: Books
) -> None:
    """F4. Without the watch on the log, the worker stays up and never takes a task again."""
    reference, worker = begun(scaled, small_books, reply_seconds=0.6)
    wait_until(lambda: in_hand(scaled) == 2, "both hands are full", worker)
    redis_server.freeze()
    try:
        assert worker.process.wait(timeout=60) == WEDGED
        wait_until(lambda: children_of(worker) == [], "no child outlives its worker", seconds=30)
    finally:
        redis_server.thaw()
    goes_on(scaled, reference, worker, small_books)


def test_a_redis_that_is_stopped_at_an_acknowledgement_wedges_no_worker(
    scaled: Installation, redis_server: RedisServer, small_books: Books
) -> None:
    """F4. A worker that notices the loss before it acknowledges connects again; another ends with code 75."""
    reference, worker = begun(scaled, small_books, reply_seconds=0.6)
    wait_until(lambda: in_hand(scaled) == 2, "both hands are full", worker)
    redis_server.stop()
    wait_until(lambda: in_hand(scaled) == 0 or worker.process.poll() is not None, "the units are done")
    redis_server.start()
    goes_on(scaled, reference, worker, small_books)


def goes_on(installation: Installation, reference: str, worker: Process, books: Books) -> None:
    """Redis is back: a worker takes units, and the collection is what it always is."""
    before = units_done(installation)

    def more_done() -> bool:
        return units_done(installation) > before

    wait_until(
        lambda: more_done() or worker.process.poll() is not None,
        "work goes on or the worker ends",
        seconds=60,
    )
    worker = supervised(installation, worker)
    wait_until(more_done, "work goes on", worker, seconds=60)
    wait_until_complete(installation, reference, worker)
    assert_as_undisturbed(installation, reference, books)


@pytest.mark.parametrize("seconds", [1, 5])
def test_a_redis_that_comes_back_empty_loses_nothing_that_was_queued(
    scaled: Installation, redis_server: RedisServer, small_books: Books, seconds: int
) -> None:
    scaled.sandbox(small_books.folder)
    worker = scaled.worker()
    with scaled.web() as address:
        made = scaled.act("ready", *small_books.request)
        borrower = Borrower(address)
        borrower.open(made["link"])
        borrower.slowest = 0.0
        redis_server.stop()
        gone = time.monotonic()
        # Pressed while the broker is away: nothing is rung, and nobody waits.
        pressed = borrower.post("/collection/check/")
        assert pressed.status_code == 302
        assert borrower.get("/collection/progress/").status_code == 200
        time.sleep(max(0.0, seconds - (time.monotonic() - gone)))
        redis_server.start()
        goes_on(scaled, made["reference"], worker, small_books)
        assert borrower.slowest < LONGEST_PAGE_SECONDS


def test_a_redis_that_is_flushed_in_the_middle_changes_nothing(
    scaled: Installation, redis_server: RedisServer, small_books: Books
) -> None:
    reference, worker = begun(scaled, small_books, reply_seconds=0.1)
    for _ in range(3):
        wait_for_units(scaled, 2, worker)
        redis_server.flush()
    wait_until_complete(scaled, reference, worker)
    assert_as_undisturbed(scaled, reference, small_books)


@pytest.fixture
def silent_path(scaled: Installation, redis_server: RedisServer) -> Iterator[Proxy]:
    """A way to Redis that can fall silent: it accepts and never answers."""
    with Proxy(redis_server.port) as proxy:
        scaled.environment["CELERY_BROKER_URL"] = f"redis://127.0.0.1:{proxy.port}/15"
        yield proxy


def test_a_redis_that_accepts_and_never_answers_holds_no_page_and_work_starts_when_it_recovers(
    scaled: Installation, silent_path: Proxy, small_books: Books
) -> None:
    """F5. The work that waits is begun without anybody pressing anything again."""
    scaled.sandbox(small_books.folder)
    worker = scaled.worker()
    with scaled.web() as address:
        made = scaled.act("ready", *small_books.request)
        borrower = Borrower(address)
        borrower.open(made["link"])
        borrower.slowest = 0.0
        silent_path.fall_silent()
        assert borrower.post("/collection/check/").status_code == 302
        for page in ("/collection/progress/", "/collection/", "/healthz", "/readyz"):
            assert borrower.get(page).status_code < 500
        assert borrower.slowest < LONGEST_PAGE_SECONDS
        assert status(scaled, made["reference"]) in ("queued", "running")
        silent_path.recover()
    wait_until(lambda: status(scaled, made["reference"]) != "queued", "the work starts", seconds=60)
    worker = supervised(scaled, worker)
    wait_until_complete(scaled, made["reference"], worker)
    assert_as_undisturbed(scaled, made["reference"], small_books)


def test_the_same_message_ten_times_at_once_and_again_after_the_end_does_each_unit_once(
    scaled: Installation, redis_server: RedisServer, small_books: Books
) -> None:
    """F6. The very same text of the message, put into the queue again and again."""
    scaled.environment["RUN_LEASE_SECONDS"] = PATIENT_LEASE
    scaled.sandbox(small_books.folder, more=("--reply-delay", "0.1"))
    reference = scaled.act("begin", *small_books.request)["reference"]
    message = redis_server.first_message()
    worker = scaled.worker()
    wait_for_units(scaled, 2, worker)
    redis_server.put(message, times=10)
    wait_until_complete(scaled, reference, worker)
    done = scaled.query("SELECT id, fence, done_at, checksum FROM collections_app_workunit ORDER BY id")
    redis_server.put(message, times=10)
    wait_until(lambda: redis_server.waiting() == 0, "the repeated messages are taken", worker)
    assert_as_undisturbed(scaled, reference, small_books)
    assert (
        scaled.query("SELECT id, fence, done_at, checksum FROM collections_app_workunit ORDER BY id") == done
    )
    # A fence grows with every claim: each unit was claimed once.
    assert {fence for _, fence, _, _ in done} == {1}


def test_a_page_server_killed_between_the_commit_and_the_message_still_starts_the_work(
    scaled: Installation, small_books: Books
) -> None:
    """F12. The process dies before its first message; the clock finds the row."""
    trap = scaled.data / "die-before-ringing"
    scaled.sandbox(small_books.folder)
    with scaled.web(environment={"PYTHONPATH": HOOKS, "DIE_BEFORE_RINGING": str(trap)}) as address:
        made = scaled.act("ready", *small_books.request)
        borrower = Borrower(address)
        borrower.open(made["link"])
        worker = scaled.worker()
        trap.touch()
        with suppress(requests.ConnectionError):
            borrower.post("/collection/check/")
        assert not trap.exists(), "the page server did not die"
        killed = time.monotonic()
        wait_until(lambda: status(scaled, made["reference"]) != "queued", "the work starts", worker)
        assert time.monotonic() - killed < 60
        # Another page server answers for the one that died, and pressing again makes no second run.
        assert borrower.post("/collection/check/").status_code == 302
    wait_until_complete(scaled, made["reference"], worker)
    assert_as_undisturbed(scaled, made["reference"], small_books)


def test_a_worker_that_is_killed_alone_takes_its_clock_and_children_with_it(scaled: Installation) -> None:
    """Else a supervisor's fresh worker would be the second clock."""
    worker = scaled.worker()
    assert children_of(worker)
    end(worker.process.pid, signal.SIGKILL)
    worker.process.wait()
    wait_until(lambda: worker.members() == [], "clock and children are gone", seconds=15)
