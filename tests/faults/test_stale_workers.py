"""F9 and F13: units that kill whoever takes them, and workers that wake after they were given up."""

import signal
import time

import pytest

from tests.faults.scenes import (
    HOOKS,
    Books,
    assert_as_undisturbed,
    is_complete,
    mails,
    status,
    wait_until_complete,
)
from tests.installation import Installation, Process, wait_until

LEASE_SECONDS = 3
STANDING_TRANSACTIONS = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    " AND state LIKE 'idle in transaction%' AND state_change < now() - interval '0.4 seconds'"
)


def holders(installation: Installation) -> set[int]:
    """The processes that hold a unit."""
    held = "SELECT lease_owner FROM collections_app_workunit WHERE done_at IS NULL AND lease_owner <> ''"
    return {int(owner.rpartition(":")[2]) for (owner,) in installation.query(held)}


def holds_something(installation: Installation, worker: Process) -> bool:
    return bool(holders(installation) & set(worker.members()))


@pytest.mark.services
@pytest.mark.timeout(600)
def test_a_worker_that_wakes_after_its_lease_ran_out_changes_nothing(
    scaled: Installation, small_books: Books
) -> None:
    """F13: two workers are stopped in turn in the middle of a unit, and go on when another has taken it."""
    scaled.sandbox(small_books.folder, more=("--reply-delay", "0.4"))
    # Both are there before anything is to be done, however long they take to start.
    workers = [scaled.worker("first"), scaled.worker("second")]
    reference = scaled.act("begin", *small_books.request)["reference"]
    overtaken = 0
    for turn in range(4):
        stale, fresh = workers[turn % 2], workers[(turn + 1) % 2]
        if not stop_amid_a_unit(scaled, stale, reference):
            break
        held = scaled.query(
            "SELECT id, fence FROM collections_app_workunit WHERE done_at IS NULL AND lease_owner <> ''"
        )
        time.sleep(LEASE_SECONDS + 1)
        wait_until(lambda: anything_taken_over(scaled, held), "another took a unit over", fresh)  # noqa: B023
        stale.signal_all(signal.SIGCONT)
        overtaken += 1
        # To be overtaken three times in one unit would stop the run, and rightly.
        wait_until(lambda: all_done(scaled, held), "what was taken over is done", fresh)  # noqa: B023
    for worker in workers:
        wait_until_complete(scaled, reference, worker, seconds=240)
    assert overtaken >= 3
    assert_as_undisturbed(scaled, reference, small_books)
    said = "".join(worker.log.read_text() for worker in workers)
    assert "was taken over or cancelled; its work was dropped" in said


def stop_amid_a_unit(installation: Installation, worker: Process, reference: str) -> bool:
    """Stops the worker while it reads; False when the collection is complete.

    In the middle of a transaction it would hold what it has locked for as long as it stands still, and nobody
    could take anything over: PostgreSQL ends that after the time that it is told, see the operators' guide.
    """
    while True:
        wait_until(
            lambda: holds_something(installation, worker) or is_complete(installation, reference),
            "it holds a unit",
            worker,
        )
        if is_complete(installation, reference):
            return False
        worker.signal_all(signal.SIGSTOP)
        # What others have open is over by then.
        time.sleep(0.5)
        if holds_something(installation, worker) and not installation.query(STANDING_TRANSACTIONS):
            return True
        worker.signal_all(signal.SIGCONT)


def all_done(installation: Installation, units: list[tuple[int, int]]) -> bool:
    undone = installation.query("SELECT id FROM collections_app_workunit WHERE done_at IS NULL")
    return not {unit for (unit,) in undone} & {unit for unit, _ in units}


def anything_taken_over(installation: Installation, held: list[tuple[int, int]]) -> bool:
    now = dict(installation.query("SELECT id, fence FROM collections_app_workunit"))
    return any(now[unit] > fence for unit, fence in held)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_unit_that_kills_its_worker_stops_after_three_tries_and_the_queue_goes_on(
    embedded: Installation, small_books: Books
) -> None:
    """F9: a segmentation fault whenever bills are asked for; a request without bills is not held up by it."""
    embedded.environment |= {"OPERATOR_EMAIL": "operator@example.com"}
    embedded.sandbox(small_books.folder)
    poisoned = embedded.act("begin", *small_books.request)["reference"]
    healthy = embedded.act("begin", *small_books.request, "trial_balance", "balance_sheet")["reference"]
    worker = embedded.worker(environment={"PYTHONPATH": HOOKS, "CRASH_ON": "<object>APBILL</object>"})
    wait_until(lambda: status(embedded, poisoned) == "needs_operator", "it is given up", worker, seconds=240)
    crashed = "SELECT subject, crashes FROM collections_app_workunit WHERE crashes > 0 AND done_at IS NULL"
    assert embedded.query(crashed) == [("payable_bills", 3)]
    wait_until_complete(embedded, healthy, worker)
    wait_until(lambda: "died 3 times" in worker.log.read_text(), "the log says why", worker)
    wait_until(
        lambda: any("operator@example.com" in mail and poisoned in mail for mail in mails(embedded)),
        "the operator is told",
        worker,
    )
    worker.kill()
    # What was poisonous is mended, and the operator lets the run go on.
    worker = embedded.worker()
    embedded.must("resumecollection", poisoned)
    wait_until_complete(embedded, poisoned, worker)
    held = embedded.act("holdings", poisoned)
    assert held == small_books.held
