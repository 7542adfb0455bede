"""200 collections from 200 companies at once, on PostgreSQL and Redis, while their borrowers watch."""

import tempfile
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.installation import AS_IN_PRODUCTION, Installation
from tests.loads.companies import generate
from tests.loads.together import Load, Outcome, collect_together
from tests.servers import PostgresServer, RedisServer, ServerMissing

COLLECTIONS, LENDERS = 200, 10


def printed(collections: int = COLLECTIONS) -> dict[str, Any]:
    """What came of it, told in a few lines."""
    print(f"\n{collections} collections from as many companies at once", flush=True)
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
        try:
            database = running.enter_context(PostgresServer(folder))
            broker = running.enter_context(RedisServer(folder))
        except ServerMissing as missing:
            print(f"skipped: needs {str(missing).partition(' ')[0]}", flush=True)
            return {"skipped": str(missing)}
        company = generate(folder / "company", "MANY", gl_lines=1, months=15, invoices=60)
        urls = {"DATABASE_URL": database.url, "CELERY_BROKER_URL": broker.url}
        installation = running.enter_context(Installation(folder / "data", **urls, **AS_IN_PRODUCTION))
        servers = {"postgres": database.process_id, "redis": broker.process_id}
        outcome = collect_together(installation, company, load(collections), servers)
    print(told(outcome), flush=True)
    return {
        "collections": len(outcome.collections),
        "prepare_seconds": outcome.prepare_seconds,
        "seconds": outcome.seconds,
        "most_in_flight": max(outcome.most_in_flight.values()),
        "gateway_requests": sum(outcome.requests.values()),
        "lock_errors": outcome.lock_errors,
        "pages": outcome.pages,
        "used": {name: asdict(used) | {"samples": []} for name, used in outcome.used.items()},
    }


def load(collections: int) -> Load:
    borrowers = [(f"bank{number % LENDERS}", f"C{number:03}") for number in range(collections)]
    return Load(borrowers, "2026-07-01", "2026-09-30", browsers=collections)


def told(outcome: Outcome) -> str:
    lines = [
        f"all {len(outcome.collections)} complete: prepared in {outcome.prepare_seconds:.0f} s, "
        f"collected in {outcome.seconds:.0f} s, {sum(outcome.requests.values()):,} requests to the gateway",
        f"most requests of a company in flight {max(outcome.most_in_flight.values())} (goal: at most 2), "
        f"lock errors {outcome.lock_errors} (goal: 0)",
        f"pages, ms: {'':<20} {'median':>8} {'p95':>8} {'p99':>8} {'worst':>8}",
    ]
    pages = {"all": outcome.pages["all"], **outcome.pages["by_name"]}
    lines += [
        f"  {name:<29} {page['median']:>8.1f} {page['p95']:>8.1f} {page['p99']:>8.1f} {page['worst']:>8.1f}"
        for name, page in pages.items()
    ]
    lines += [
        f"  {name:<29} {used.processor_seconds:>8.1f} CPU s {used.peak_mib:>6.0f} MiB the largest process, "
        f"{used.tree_mib:.0f} MiB all"
        for name, used in outcome.used.items()
    ]
    return "\n".join(lines)
