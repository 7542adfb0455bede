"""A recorded run: collections without a pause for a long time, then silence, and what is left.

    python -m tests.loads.soak --minutes 20

needs PostgreSQL's and Redis' programs. It fails when the memory of the web server or the worker has grown
by 5 % or more between the first quarter and the end, when more files or connections are open in the silence
than were under work in the first half, and when a collection does not complete.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import redis

from tests import servers
from tests.installation import AS_IN_PRODUCTION, Installation, Process, wait_until
from tests.loads import companies, pages
from tests.loads.together import lock_errors
from tests.loads.watching import Watch, open_files

COMPANIES = [f"SOAK{number}" for number in range(4)]
SECONDS_BETWEEN_ROUNDS = 56
SECONDS_OF_SILENCE = 20
MOST_GROWTH = 0.05
PROGRAMS = ("web", "worker")


@dataclass
class Soak:
    """One installation under constant work."""

    running: Installation
    company: Path
    folder: Path
    rounds: int = 0

    def begin_round(self) -> Process:
        """As many borrowers as companies come at once."""
        self.rounds += 1
        plan = {
            "from": "2026-07-01",
            "to": "2026-09-30",
            "categories": str(self.company / "assignments.csv"),
            "borrowers": [{"lender": f"bank{self.rounds}", "company": company} for company in COMPANIES],
        }
        given, result = (self.folder / f"{name}-{self.rounds}.json" for name in ("plan", "result"))
        given.write_text(json.dumps(plan))
        command = [sys.executable, "-m", "tests.loads.borrowers", str(given), str(result)]
        return self.running.start(f"borrowers-{self.rounds}", command, ready=lambda text: True)

    def browse(self, origin: str, seconds: float) -> Process:
        """Twenty people open the links of the first round and do not stop looking."""
        log = self.running.processes["borrowers-1"].log.read_text()
        links = [line.split()[1] for line in log.splitlines() if line.startswith("Link: ")] * 3
        plan = {
            "origin": origin,
            "browsers": pages.waiting(links) + pages.looking(links[:8]),
            "every": 2.0,
            "seconds": seconds,
            "result": str(self.folder / "pages.json"),
        }
        (self.folder / "browsers.json").write_text(json.dumps(plan))
        command = [sys.executable, "-m", "tests.loads.polling", str(self.folder / "browsers.json")]
        return self.running.start("browsers", command, ready=lambda text: True)

    def left_open(self) -> dict[str, int]:
        """Files and connections in use just now."""
        environment = self.running.environment
        with psycopg.connect(environment["DATABASE_URL"]) as database:
            row = database.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
            ).fetchone()
        with redis.Redis.from_url(environment["CELERY_BROKER_URL"]) as broker:
            clients = len(broker.client_list())
        files = {f"files of {name}": open_files(self.pid(name)) for name in PROGRAMS}
        return files | {"database connections": row[0] - 1 if row else 0, "broker connections": clients - 1}

    def pid(self, name: str) -> int:
        return self.running.processes[name].process.pid


def soak(soaking: Soak, minutes: float) -> dict[str, Any]:
    """Works for that long and tells what was measured."""
    running = soaking.running
    with running.web() as origin:
        running.worker()
        watched = {name: soaking.pid(name) for name in PROGRAMS}
        rounds = [first := soaking.begin_round()]
        prepared = partial(_says, first.log, "Prepared")
        wait_until(prepared, "the first borrowers have prepared", first, seconds=300)
        began = time.monotonic()
        ends = began + minutes * 60
        browsers = soaking.browse(origin, minutes * 60)
        under_work: dict[str, int] = {}
        with Watch(watched, every=2.0) as watch:
            while time.monotonic() < ends:
                if time.monotonic() - began < minutes * 60 / 2:
                    under_work = most(under_work, soaking.left_open())
                time.sleep(max(0.0, began + soaking.rounds * SECONDS_BETWEEN_ROUNDS - time.monotonic()))
                rounds.append(soaking.begin_round())
            for process in rounds:
                process.process.wait(timeout=600)
        browsers.process.wait(timeout=60)
        time.sleep(SECONDS_OF_SILENCE)
        late = soaking.left_open()
    complete = sum(
        len(json.loads(file.read_text())["collections"]) for file in soaking.folder.glob("result-*.json")
    )
    return {
        "minutes": round((time.monotonic() - began) / 60, 1),
        "load_average": [round(load, 1) for load in os.getloadavg()],
        "collections": complete,
        "expected": len(rounds) * len(COMPANIES),
        "lock_errors": lock_errors(running.data),
        "memory_mib": {name: grown(watch.used[name].samples, minutes * 60) for name in PROGRAMS},
        "open_under_work": under_work,
        "open_in_the_silence": late,
        "pages": json.loads((soaking.folder / "pages.json").read_text()),
    }


def _says(log: Path, text: str) -> bool:
    return text in log.read_text()


def most(first: dict[str, int], second: dict[str, int]) -> dict[str, int]:
    return {name: max(count, first.get(name, 0)) for name, count in second.items()}


def grown(samples: list[tuple[float, float]], seconds: float) -> dict[str, float]:
    """The usual memory in the second eighth of the time after the first quarter, and in the last one."""
    first = statistics.median(size for at, size in samples if seconds / 4 <= at < seconds * 3 / 8)
    last = statistics.median(size for at, size in samples if seconds * 7 / 8 <= at < seconds)
    return {"early": round(first, 1), "late": round(last, 1), "growth": round(last / first - 1, 4)}


def failures(told: dict[str, Any]) -> list[str]:
    """What did not hold."""
    found = []
    if told["collections"] != told["expected"]:
        found.append(f"{told['expected'] - told['collections']} collections did not complete")
    if told["lock_errors"]:
        found.append(f"{told['lock_errors']} lock errors")
    for name, memory in told["memory_mib"].items():
        if memory["growth"] >= MOST_GROWTH:
            found.append(f"the memory of {name} grew by {memory['growth']:.1%}")
    for name, before in told["open_under_work"].items():
        if told["open_in_the_silence"][name] > before:
            found.append(f"{name}: {before} under work, {told['open_in_the_silence'][name]} in the silence")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.loads.soak")
    parser.add_argument("--minutes", type=float, default=20)
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="soak-")))
        urls = {
            "DATABASE_URL": stack.enter_context(servers.PostgresServer(folder)).url,
            "CELERY_BROKER_URL": stack.enter_context(servers.RedisServer(folder)).url,
        }
        company = companies.generate(folder / "company", "SOAK", gl_lines=1, months=15, invoices=60)
        running = stack.enter_context(Installation(folder / "data", **urls, **AS_IN_PRODUCTION))
        running.must("migrate", "--verbosity", "0")
        running.sandbox(*companies.copies(company, folder / "companies", COMPANIES))
        told = soak(Soak(running, company, folder), options.minutes)
    wrong = failures(told)
    print(json.dumps(told | {"failures": wrong}, indent=1))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
