"""F1 to F3: workers that are killed at any point, and workers that are asked to go."""

import random
import signal
import time
from pathlib import Path

import pytest

from tests.faults.scenes import (
    HOOKS,
    PATIENT_LEASE,
    Books,
    assert_as_undisturbed,
    is_alive,
    is_complete,
    nobody_was_asked,
    wait_for_units,
    wait_until_complete,
)
from tests.installation import ROOT, Installation, wait_until

# Where something is claimed, asked, written, stored or told, in the order in which a unit meets them.
POINTS = (
    "collections_app.leases:claim:before",
    "collections_app.leases:claim:after",
    "collections_app.services.credentials:credentials_open:after",
    "collections_app.services.credentials:session_keep:before",
    "collections_app.services.credentials:session_keep:after",
    "collections_app.sealed_files:_put:before",
    "collections_app.sealed_files:_put:after",
    "collections_app.services.collecting:_store:before",
    "collections_app.leases:confirm:after",
    "collections_app.tables:keep:after",
    "collections_app.services.collecting:_store:after",
    "collections_app.tasks:publish:before",
    "collections_app.services.reporting:_write:after",
    "collections_app.services.reporting:_store:after",
    "collections_app.states:move_collection:after",
    "collections_app.services.notifying:completion_tell:after",
)
KILLS = 50
SEED = 20261126


def deaths(installation: Installation) -> list[int]:
    """How many workers each unit lost that is not done yet: a third death in it stops the run, rightly."""
    undone = installation.query(
        "SELECT lease_owner, crashes FROM collections_app_workunit unit JOIN collections_app_run run"
        " ON run.id = unit.run_id WHERE unit.done_at IS NULL AND run.status IN ('queued', 'running')"
    )
    # A death counts as a crash only when another has taken the unit over.
    return [
        crashes + bool(owner and not is_alive(int(owner.rpartition(":")[2]))) for owner, crashes in undone
    ]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_child_killed_at_any_point_of_a_unit_loses_and_doubles_nothing(
    embedded: Installation, small_books: Books
) -> None:
    """F1: the point is said by a file, and whoever reaches it first is killed there."""
    point = embedded.data / "die-here"
    hooks = {"PYTHONPATH": HOOKS, "DIE_POINTS": " ".join(POINTS), "DIE_FILE": str(point)}
    embedded.sandbox(small_books.folder, more=("--reply-delay", "0.2"))
    references = [embedded.act("begin", *small_books.request)["reference"]]
    worker = embedded.worker(environment=hooks)
    for name in POINTS:
        wait_until(lambda: not any(deaths(embedded)), "what the dead held is taken over", worker)
        point.write_text(name)
        while point.exists():
            if is_complete(embedded, references[-1]):
                references.append(embedded.act("begin", *small_books.request)["reference"])
            time.sleep(0.05)
    killed_at = time.monotonic()
    for reference in references:
        wait_until_complete(embedded, reference, worker)
    assert time.monotonic() - killed_at < 60
    for reference in references:
        assert_as_undisturbed(embedded, reference, small_books)


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_a_worker_killed_at_fifty_random_moments_collects_what_an_undisturbed_one_does(
    embedded: Installation, small_books: Books
) -> None:
    """F2 fifty times: worker, children and clock at once; as many collections as that takes."""
    chance = random.Random(SEED)
    embedded.sandbox(small_books.folder, more=("--reply-delay", "0.05"))
    references = [embedded.act("begin", *small_books.request)["reference"]]
    for _ in range(KILLS):
        if is_complete(embedded, references[-1]):
            references.append(embedded.act("begin", *small_books.request)["reference"])
        worker = embedded.worker()
        # A worker that is never given the time to do one unit cannot go on.
        wait_for_units(embedded, 1, worker)
        # That unit may have been the other child's, while one that was killed twice is still in hand.
        wait_until(lambda: max(deaths(embedded), default=0) < 2, "none is at its last try", worker)
        time.sleep(chance.uniform(0, 1))
        worker.kill()
    worker = embedded.worker()
    for reference in references:
        wait_until_complete(embedded, reference, worker, seconds=120)
        assert_as_undisturbed(embedded, reference, small_books)


@pytest.mark.services
@pytest.mark.timeout(600)
def test_workers_that_are_restarted_in_turn_hand_over_and_no_job_fails(
    scaled: Installation, small_books: Books
) -> None:
    """F3: a rolling restart by SIGTERM under load."""
    scaled.environment["RUN_LEASE_SECONDS"] = PATIENT_LEASE
    scaled.sandbox(small_books.folder, more=("--reply-delay", "0.3"))
    workers = {name: scaled.worker(name) for name in ("first", "second")}
    references = []
    for name in ("first", "second"):
        references.append(scaled.act("begin", *small_books.request)["reference"])
        wait_for_units(scaled, 1, workers[name])
        asked = time.monotonic()
        workers[name].process.send_signal(signal.SIGTERM)
        assert workers[name].process.wait(timeout=30) == 0
        assert time.monotonic() - asked < 30
        workers[name] = scaled.worker(name)
    for reference in references:
        wait_until_complete(scaled, reference, workers["first"])
        assert_as_undisturbed(scaled, reference, small_books)
    assert scaled.query("SELECT max(crashes) FROM collections_app_workunit") == [(0,)]
    assert nobody_was_asked(scaled)


def test_the_hooks_of_these_tests_are_no_part_of_the_product() -> None:
    assert not any(
        "DIE_" in path.read_text()
        for folder in ("portal", "collections_app", "intacct")
        for path in Path(ROOT, folder).rglob("*.py")
    )
