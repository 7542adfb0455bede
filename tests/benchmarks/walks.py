"""Many borrowers who walk through the pages at once: what each page takes, and whether any is refused."""

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.installation import AS_IN_PRODUCTION, Installation, wait_until
from tests.loads import companies
from tests.loads.together import Load, begin, lock_errors, start_workers
from tests.servers import PostgresServer, RedisServer, ServerMissing

MOST_P95 = 300
# Of so many borrowers one has no script.
WITHOUT_SCRIPT = 5


@dataclass(frozen=True)
class Crowd:
    """How many come within how many seconds, how long each stays on a page, and what the portal runs on."""

    borrowers: int
    arrive_within: int
    pause: float
    seconds: int
    servers: bool

    @property
    def runs_on(self) -> str:
        return "PostgreSQL and Redis" if self.servers else "the embedded default"


CROWDS = (
    Crowd(borrowers=50, arrive_within=10, pause=4, seconds=600, servers=False),
    # All within ten minutes: the last ones come after seven.
    Crowd(borrowers=500, arrive_within=420, pause=15, seconds=900, servers=True),
)


def printed(crowds: tuple[Crowd, ...] = CROWDS) -> list[dict[str, Any]]:
    """Each crowd's pages, one crowd after another."""
    rows = []
    for crowd in crowds:
        print(f"\n{crowd.borrowers} borrowers walk at once on {crowd.runs_on}", flush=True)
        try:
            told = _walked(crowd)
        except ServerMissing as missing:
            print(f"skipped: needs {str(missing).partition(' ')[0]}", flush=True)
            rows.append({"borrowers": crowd.borrowers, "skipped": str(missing)})
            continue
        print("\n".join(_lines(told)), flush=True)
        rows.append({"borrowers": crowd.borrowers, "runs_on": crowd.runs_on, **told})
    return rows


def _walked(crowd: Crowd) -> dict[str, Any]:
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
        settings = dict(AS_IN_PRODUCTION)
        if crowd.servers:
            settings["DATABASE_URL"] = running.enter_context(PostgresServer(folder)).url
            settings["CELERY_BROKER_URL"] = running.enter_context(RedisServer(folder)).url
        company = companies.generate(folder / "company", "WALKS", gl_lines=1, months=15, invoices=20)
        installation = running.enter_context(Installation(folder / "data", **settings))
        ids = [f"W{number:03}" for number in range(crowd.borrowers)]
        load = Load([("harbor", company_id) for company_id in ids], "2026-09-01", "2026-09-30", workers=1)
        begin(installation, company, load, installation.data / "load")
        origin = running.enter_context(installation.web())
        start_workers(installation, load)
        plan = {
            "origin": origin,
            "borrowers": [
                {"link": link, "company": company_id, "has_script": number % WITHOUT_SCRIPT > 0}
                for number, (link, company_id) in enumerate(
                    zip(_links(installation, crowd.borrowers), ids, strict=True)
                )
            ],
            "categories": str(company / "assignments.csv"),
            "arrive_within": crowd.arrive_within,
            "pause": crowd.pause,
            "seconds": crowd.seconds,
            "result": str(folder / "result.json"),
        }
        (folder / "plan.json").write_text(json.dumps(plan))
        command = [sys.executable, "-m", "tests.loads.walking", str(folder / "plan.json")]
        walking = installation.start("walking", command, ready=lambda text: True)
        result = folder / "result.json"
        wait_until(
            result.exists, "all have walked", walking, seconds=crowd.arrive_within + crowd.seconds + 120
        )
        walking.process.wait(timeout=30)
        told: dict[str, Any] = json.loads(result.read_text())
        jobs = installation.query(
            "SELECT COUNT(*), COUNT(DISTINCT collection_id) FROM collections_app_run WHERE kind = 'collect'"
        )
        return told | {
            "jobs": jobs[0][0],
            "collections_with_a_job": jobs[0][1],
            "lock_errors": lock_errors(installation.data),
        }


def _links(installation: Installation, count: int) -> list[str]:
    return installation.act("invite_many", str(count), "2026-09-01", "2026-09-30")["links"].split()


def _lines(told: dict[str, Any]) -> Iterator[str]:
    yield (
        f"{told['finished']} came to their progress page, {len(told['lost'])} did not (goal: 0); "
        f"{told['jobs']} jobs of {told['collections_with_a_job']} collections; "
        f"lock errors {told['lock_errors']} (goal: 0)"
    )
    yield f"statuses {told['statuses']}"
    yield f"pages, ms (goal: p95 under {MOST_P95}): {'':<8} {'median':>8} {'p95':>8} {'p99':>8} {'worst':>8}"
    for name, page in {"all": told["all"], **told["by_name"]}.items():
        if page:
            yield (
                f"  {name:<38} {page['median']:>8.1f} {page['p95']:>8.1f} {page['p99']:>8.1f} "
                f"{page['worst']:>8.1f}"
            )
    yield from (f"  lost: {sentence}" for sentence in told["lost"][:10])
