"""How long the pages of the lender's desk take, with 100,000 collections and with 1,000,000 lines."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.installation import AS_IN_PRODUCTION, ROOT, Installation
from tests.loads.companies import generate
from tests.loads.large import collect
from tests.servers import PostgresServer, ServerMissing

COLLECTIONS, LENDERS, ROUNDS = 100_000, 50, 40
LINES = 1_000_000
MOST_P95 = 300


def printed() -> list[dict[str, Any]]:
    """Each page on each database, one after another."""
    print(f"\nthe desk with {COLLECTIONS:,} collections of {LENDERS} lenders; goal: p95 under {MOST_P95} ms")
    print(
        f"{'':<15} {'page':<24} {'queries':>7} {'first':>5} {'median ms':>9} {'p95 ms':>8} {'CPU ms':>7}",
        flush=True,
    )
    rows = []
    for database in ("SQLite", "PostgreSQL"):
        try:
            rows += list(_told(database))
        except ServerMissing as missing:
            print(f"{database:<15} skipped: needs {str(missing).partition(' ')[0]}", flush=True)
            rows.append({"database": database, "skipped": str(missing)})
    return [*rows, *_large()]


def _told(database: str) -> Iterator[dict[str, Any]]:
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
        urls = {}
        if database == "PostgreSQL":
            urls["DATABASE_URL"] = running.enter_context(PostgresServer(folder)).url
        installation = running.enter_context(Installation(folder / "data", **urls))
        installation.must("migrate", "--verbosity", "0")
        installation.must("collectstatic", "--noinput", "--verbosity", "0")
        run(installation, "fill", str(COLLECTIONS), str(LENDERS))
        yield from _timed(installation, database, "time")


def _large() -> Iterator[dict[str, Any]]:
    """A company with LINES lines of the general ledger, collected from end to end, and then looked at."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        company = generate(folder / "company", "LARGE", gl_lines=LINES, months=36)
        with Installation(folder / "data", **AS_IN_PRODUCTION) as running:
            collect(running, company, "LARGE")
            running.must("collectstatic", "--noinput", "--verbosity", "0")
            yield from _timed(running, f"{LINES:,} lines", "pages")


def _timed(installation: Installation, where: str, what: str) -> Iterator[dict[str, Any]]:
    result = installation.data / "desk.json"
    run(installation, what, str(result), str(ROUNDS))
    for row in json.loads(result.read_text()):
        print(told(where, row), flush=True)
        yield {"database": where, **row}


def told(database: str, row: dict[str, Any]) -> str:
    return (
        f"{database:<15} {row['page']:<24} {row['queries']:>7} {row['first']:>5} {row['median']:>9.0f} "
        f"{row['p95']:>8.0f} {row['processor']:>7.0f}"
    )


def run(installation: Installation, *arguments: str) -> None:
    """Raises subprocess.CalledProcessError with what it printed in this process's own output."""
    command = [sys.executable, "-m", "tests.loads.desk", *arguments]
    subprocess.run(command, cwd=ROOT, env=installation.environment, check=True)
