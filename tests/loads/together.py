"""Many collections at once on one installation, with everything that the loads are judged by."""

import json
import re
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.installation import AS_IN_PRODUCTION, Installation, Process, wait_until
from tests.loads import companies, pages
from tests.loads.watching import Used, Watch

# What SQLite and PostgreSQL say when writers get into each other's way.
LOCK_ERRORS = re.compile(
    r"database (?:table )?is locked|deadlock detected|lock timeout|could not serialize|could not obtain lock"
)
SECONDS_OF_A_LOAD = 2400
# The page's script asks every 2 seconds for a minute, then every 10.
EVERY_SECONDS = 5.0
PLAIN_BROWSERS = 10


@dataclass(frozen=True)
class Load:
    """What is asked for: borrowers as pairs of lender and company id, the days, and who works on it."""

    borrowers: Sequence[tuple[str, str]]
    start: str
    end: str
    workers: int = 2
    concurrency: int = 2
    reply_delay: float = 0.0
    browsers: int = 0


@dataclass(frozen=True)
class Outcome:
    """What came of it. ``collections`` are in the order in which Connect was pressed; their seconds count
    from the first press to their end.
    """

    prepare_seconds: float
    collections: list[dict[str, Any]]
    most_in_flight: dict[str, int]
    requests: dict[str, int]
    lock_errors: int
    pages: dict[str, Any]
    used: dict[str, Used]

    @property
    def seconds(self) -> float:
        """From the first press of Connect to the end of the last collection."""
        return max(float(collection["seconds"]) for collection in self.collections)


def collect_together(
    installation: Installation, company: Path, load: Load, servers: dict[str, int] | None = None
) -> Outcome:
    """Starts the portal and its gateway, lets all borrowers come, and waits until all collections are
    complete.

    ``servers`` are further programs to watch, by name and process id. Raises AssertionError with a log's
    end when something does not come to its end.
    """
    folder = installation.data / "load"
    sandbox = begin(installation, company, load, folder)
    with ExitStack() as running:
        origin = running.enter_context(installation.web())
        workers = start_workers(installation, load)
        names = ("sandbox", "web", *workers)
        programs = {name: installation.processes[name].process.pid for name in names} | (servers or {})
        watch = running.enter_context(Watch(programs))
        borrowers = let_come(installation, company, load, folder)
        polling = browse(installation, load, origin, folder) if load.browsers else None
        result = folder / "result.json"
        wait_until(result.exists, "all collections are complete", borrowers, seconds=SECONDS_OF_A_LOAD)
        borrowers.process.wait(timeout=30)
        if polling:
            polling.stop()
    sandbox.stop()
    told = json.loads(result.read_text())
    counted = json.loads((folder / "statistics.json").read_text())
    return Outcome(
        prepare_seconds=told["prepare_seconds"],
        collections=told["collections"],
        most_in_flight=counted["most_in_flight"],
        requests=counted["requests"],
        lock_errors=lock_errors(installation.data),
        pages=json.loads((folder / "pages.json").read_text()) if polling else {},
        used=watch.used,
    )


def begin(installation: Installation, company: Path, load: Load, folder: Path) -> Process:
    """A database, and a gateway that serves all companies of the load and counts."""
    # What is counted is how often a company is asked: no unit is taken over from a worker that is only slow.
    installation.environment["RUN_LEASE_SECONDS"] = AS_IN_PRODUCTION["RUN_LEASE_SECONDS"]
    installation.must("migrate", "--verbosity", "0")
    folder.mkdir()
    ids = [company_id for _, company_id in load.borrowers]
    folders = companies.copies(company, folder / "companies", dict.fromkeys(ids))
    more = ("--statistics", str(folder / "statistics.json"), "--reply-delay", str(load.reply_delay))
    return installation.sandbox(*folders, more=more)


def start_workers(installation: Installation, load: Load) -> list[str]:
    names = [f"worker-{number}" for number in range(1, load.workers + 1)]
    for name in names:
        installation.worker(name, clock=name == names[0], concurrency=load.concurrency)
    return names


def let_come(installation: Installation, company: Path, load: Load, folder: Path) -> Process:
    """All borrowers; returns once each has a link."""
    plan = {
        "from": load.start,
        "to": load.end,
        "categories": str(company / "assignments.csv"),
        "borrowers": [{"lender": lender, "company": company_id} for lender, company_id in load.borrowers],
    }
    (folder / "plan.json").write_text(json.dumps(plan))
    command = [sys.executable, "-m", "tests.loads.borrowers", str(folder / "plan.json")]
    borrowers = installation.start(
        "borrowers", [*command, str(folder / "result.json")], ready=lambda text: True
    )
    # The links are there soon; the work has only begun.
    come = len(load.borrowers)
    wait_until(lambda: len(links_of(installation)) == come, "all have come", borrowers, seconds=300)
    return borrowers


def browse(installation: Installation, load: Load, origin: str, folder: Path) -> Process:
    """Every borrower's browser polls; some people look at pages besides."""
    links = links_of(installation)[: load.browsers]
    plan = {
        "origin": origin,
        "browsers": pages.waiting(links) + pages.looking(links[:PLAIN_BROWSERS]),
        "every": EVERY_SECONDS,
        "seconds": SECONDS_OF_A_LOAD,
        "result": str(folder / "pages.json"),
    }
    (folder / "browsers.json").write_text(json.dumps(plan))
    command = [sys.executable, "-m", "tests.loads.polling", str(folder / "browsers.json")]
    return installation.start("browsers", command, ready=lambda text: True)


def links_of(installation: Installation) -> list[str]:
    """The secure links of the borrowers who came."""
    return re.findall(r"Link: (\S+)", installation.processes["borrowers"].log.read_text())


def lock_errors(data: Path) -> int:
    """How often any program of an installation complained of a lock."""
    return sum(len(LOCK_ERRORS.findall(log.read_text(errors="replace"))) for log in data.glob("*.log"))
