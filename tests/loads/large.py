"""One large company, collected from end to end on the embedded defaults, and what that took."""

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from intacct.sandbox.generate.writer import PASSWORD, USER
from tests.installation import Installation, wait_until
from tests.loads.watching import Watch

# The months that `generate --months 36` writes.
FIRST_DAY, LAST_DAY = "2023-10-01", "2026-09-30"
ROWS = "SELECT COALESCE(SUM(row_count), 0) FROM collections_app_collectedtable WHERE name = 'general_ledger'"


@dataclass(frozen=True)
class Collected:
    """``seconds`` are those of the whole journey, sign-in to reports. ``worker_mib`` is the peak of the
    largest of the worker's processes, ``tree_mib`` of all of them together. ``stored_bytes`` are those of
    the storage and the database.
    """

    lines: int
    seconds: float
    worker_mib: float
    tree_mib: float
    stored_bytes: int
    worker_seconds: float
    gateway_seconds: float


def collect(running: Installation, company: Path, company_id: str, *, within: float = 1500) -> Collected:
    """Collects all tables and reports of 36 months.

    Raises AssertionError when that takes more than ``within`` seconds.
    """
    running.prepare()
    running.sandbox(company)
    worker = running.worker()
    programs = {name: running.processes[name].process.pid for name in ("worker", "sandbox")}
    link = running.invite(FIRST_DAY, LAST_DAY, "--no-email")
    running.environment |= {"COLLECTION_LINK": link, "INTACCT_PASSWORD": PASSWORD}
    answers = ["--company", company_id, "--user", USER, "--top-level"]
    categories = ["--categories", str(company / "assignments.csv")]
    with Watch(programs, every=0.5) as watch:
        began = time.monotonic()
        journey = running.start_command("collect", *answers, *categories)
        wait_until(lambda: journey.process.poll() is not None, "it is collected", worker, seconds=within)
        seconds = time.monotonic() - began
    assert journey.process.returncode == 0, journey.log.read_text()[-3000:]
    used = watch.used
    return Collected(
        lines=lines_of(running.data),
        seconds=seconds,
        worker_mib=used["worker"].peak_mib,
        tree_mib=used["worker"].tree_mib,
        stored_bytes=bytes_of(running.data),
        worker_seconds=used["worker"].processor_seconds,
        gateway_seconds=used["sandbox"].processor_seconds,
    )


def lines_of(data: Path) -> int:
    """How many lines of the ledger the collection holds."""
    with closing(sqlite3.connect(data / "strongbox.sqlite3", timeout=30)) as database:
        return int(database.execute(ROWS).fetchone()[0])


def bytes_of(data: Path) -> int:
    """What the storage and the database take on the disk."""
    files = [*(data / "reports").rglob("*"), *data.glob("strongbox.sqlite3*")]
    return sum(file.stat().st_size for file in files if file.is_file())
