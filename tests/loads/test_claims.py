"""Workers in processes of their own that reach for the same units at the same moment."""

import re
import sys
from collections import Counter
from functools import partial

import pytest

from tests.installation import Installation, Process, wait_until

UNITS, WORKERS = 200, 4
PLAN = f"""
from collections_app.models import Collection, Run, WorkUnit
run = Run.objects.create(collection=Collection.objects.get(), kind=Run.Kind.COLLECT)
WorkUnit.objects.bulk_create(
    WorkUnit(run=run, position=position, kind=WorkUnit.Kind.REPORTS) for position in range({UNITS})
)
print(run.pk)
"""


def finished(worker: Process) -> bool:
    return "Finished" in worker.log.read_text()


def planned(running: Installation) -> str:
    """The run of a request, with units to claim."""
    running.prepare()
    running.invite("2026-01-01", "2026-01-31", "--no-email")
    return running.must("shell", "--no-imports", "--command", PLAN).strip()


@pytest.mark.services
@pytest.mark.timeout(300)
def test_on_postgresql_no_unit_is_ever_claimed_by_two_workers(services_installation: Installation) -> None:
    """Units of reports need no place in a company, so all four workers go for the first one each time."""
    running = services_installation
    running.environment["RUN_LEASE_SECONDS"] = "600"
    run_id = planned(running)
    signal = running.data / "begin"
    command = [sys.executable, "-m", "tests.loads.claiming", run_id, str(signal)]
    workers = [
        running.start(f"claiming-{number}", command, ready=lambda text: "Waiting" in text)
        for number in range(WORKERS)
    ]
    signal.touch()
    for worker in workers:
        wait_until(partial(finished, worker), "all is claimed", worker, seconds=200)
    claims = Counter(unit for worker in workers for unit in re.findall(r"Unit (\d+)", worker.log.read_text()))
    assert len(claims) == UNITS
    assert {count for count in claims.values()} == {1}
    assert sum("Unit" in worker.log.read_text() for worker in workers) > 1


@pytest.mark.services
@pytest.mark.parametrize("scene", ["finish", "begin", "purge", "replay"])
def test_on_postgresql_a_page_and_a_worker_never_wait_for_each_other(
    services_installation: Installation, scene: str
) -> None:
    running = services_installation
    run_id = planned(running)
    page = running.start(
        "page",
        [sys.executable, "-m", "tests.loads.locking", run_id, scene],
        ready=lambda text: "waits" in text,
    )
    wait_until(lambda: "Both went on" in page.log.read_text(), "page and worker went on", page, seconds=30)
