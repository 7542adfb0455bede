"""How often a second the progress page can be polled, and how long the slowest polls wait."""

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.installation import AS_IN_PRODUCTION, Installation, wait_until
from tests.loads import pages
from tests.loads.companies import generate
from tests.loads.together import Load, begin, let_come, links_of
from tests.servers import PostgresServer, RedisServer, ServerMissing

BORROWERS, CONNECTIONS, SECONDS = 8, 32, 10
LEAST_PER_SECOND, MOST_P99 = 1000, 100
# What the script shows in turn: the tag it was given last, one of another state, or none. Among 200
# collections at once, four of five polls found nothing new.
FLOOR = "healthz, the floor"
KINDS = {
    FLOOR: ("",),
    "poll, nothing new": ("",),
    "poll, something new": ("another",),
    "poll, one in five new": ("", "", "", "", "another"),
    "poll, the first": ("nothing",),
}


def printed() -> list[dict[str, Any]]:
    """Each kind of request on each database, one after another."""
    print(f"\npolls of the progress page; goals: {LEAST_PER_SECOND:,} a second, p99 under {MOST_P99} ms")
    print(f"{'database':<12} {'request':<22} {'a second':>9} {'median ms':>9} {'p99 ms':>8}", flush=True)
    rows = []
    for database in ("SQLite", "PostgreSQL"):
        try:
            rows += list(_told(database))
        except ServerMissing as missing:
            print(f"{database:<12} skipped: needs {str(missing).partition(' ')[0]}", flush=True)
            rows.append({"database": database, "skipped": str(missing)})
    return rows


def _told(database: str) -> Iterator[dict[str, Any]]:
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
        urls = {}
        if database == "PostgreSQL":
            urls["DATABASE_URL"] = running.enter_context(PostgresServer(folder)).url
            urls["CELERY_BROKER_URL"] = running.enter_context(RedisServer(folder)).url
        installation = running.enter_context(
            Installation(folder / "data", **urls, WORKER_NICENESS=AS_IN_PRODUCTION["WORKER_NICENESS"])
        )
        links = _amid_collecting(installation, folder)
        origin = running.enter_context(installation.web())
        polls = pages.waiting([origin + "/c/" + link.rpartition("/c/")[2] for link in links])
        for kind in KINDS:
            found = _measured(installation, origin, kind, polls)
            spread = found["all"]
            print(
                f"{database:<12} {kind:<22} {found['per_second']:>9,.0f} {spread['median']:>9.1f} "
                f"{spread['p99']:>8.1f}",
                flush=True,
            )
            yield {"database": database, "request": kind, **found}


def _amid_collecting(installation: Installation, folder: Path) -> list[str]:
    """The links of collections that stand in the middle: the worker is gone as soon as all have begun."""
    company = generate(folder / "company", "POLLED", gl_lines=1, months=36, invoices=60)
    load = Load([("bank", f"C{number}") for number in range(BORROWERS)], "2023-10-01", "2026-09-30")
    sandbox = begin(installation, company, load, installation.data / "load")
    worker = installation.worker()
    borrowers = let_come(installation, company, load, installation.data / "load")
    wait_until(lambda: _collecting(installation) == BORROWERS, "all are being collected", worker, seconds=300)
    for process in (worker, borrowers, sandbox):
        process.kill()
    return links_of(installation)


def _collecting(installation: Installation) -> int:
    """How many collections have parts that are done and parts that are not."""
    ((count,),) = installation.query(
        "SELECT COUNT(DISTINCT run.id) FROM collections_app_run run"
        " JOIN collections_app_workunit unit ON unit.run_id = run.id AND unit.done_at IS NOT NULL"
        " WHERE run.kind = 'collect' AND run.status = 'running'"
    )
    return int(count)


def _measured(
    installation: Installation, origin: str, kind: str, polls: list[list[dict[str, Any]]]
) -> dict[str, Any]:
    if kind == FLOOR:
        polls = [[{"name": kind, "path": "/healthz", "headers": {}}]]
    requests = [[{**browser[0], "shows": shows} for shows in KINDS[kind]] for browser in polls]
    result = installation.data / "polls.json"
    plan = {
        "origin": origin,
        "browsers": [requests[number % len(requests)] for number in range(CONNECTIONS)],
        "every": 0,
        "seconds": SECONDS,
        "result": str(result),
    }
    result.with_suffix(".plan").write_text(json.dumps(plan))
    command = [sys.executable, "-m", "tests.loads.polling", str(result.with_suffix(".plan"))]
    polling = installation.start("polls", command, ready=lambda text: True)
    polling.process.wait(timeout=SECONDS + 60)
    found: dict[str, Any] = json.loads(result.read_text())
    statuses = {status for page in found["by_name"].values() for status in page["statuses"]}
    if not statuses <= {"200", "304"}:
        raise RuntimeError(f"Polls were answered with {statuses}.")
    return found
