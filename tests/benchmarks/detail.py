"""Reading general-ledger detail from a million-line company: our client, public clients, and a floor.

Server, readers and public clients run in processes of their own, one reader at a time. At the size that is
compared each reader reads everything twice and the second time counts: the first time the server sorts and
writes the pages that this reader asks for, which no reader is to be praised or blamed for.
"""

import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from intacct.sandbox.generate.writer import PASSWORD, USER
from tests.intacct.peers.installing import Peer, PeerMissing, intacct_sdk, sage_intacct_sdk

LINES, SOME, FEW = 1_000_000, 200_000, 100_000
COMPANY, SENDER_ID, SENDER_PASSWORD = "MILLION", "bench", "bench-sender-1"
FIELDS = (
    "RECORDNO,BATCHKEY,BATCH_DATE,BATCH_TITLE,SYMBOL,BOOKID,MODULEKEY,LINE_NO,ENTRY_DATE,ACCOUNTNO,DEPARTMENTID,"
    "LOCATIONID,CURRENCY,BASECURR,DEBITAMOUNT,CREDITAMOUNT,TRX_AMOUNT,DOCUMENT,DESCRIPTION,STATISTICAL"
)


@dataclass(frozen=True)
class Reading:
    """What one reader did; `cpu` are the seconds that its own process computed, on a busy machine the fairer
    measure, and `skipped` says what it would have needed.
    """

    name: str
    size: str
    rows: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    peak_mib: float = 0.0
    skipped: str = ""

    @property
    def pace(self) -> float:
        """Rows a second."""
        return self.rows / self.seconds if self.seconds else 0.0

    def told(self, against: "Reading | None") -> str:
        """The line of the table, with the pace as a multiple of another reader's."""
        name = f"{self.size:<10} {self.name:<32}"
        if self.skipped:
            return f"{name} skipped: {self.skipped}"
        times = f"{self.pace / against.pace:>8.2f}" if against is not None and against.pace else " " * 8
        return (
            f"{name} {self.rows:>9,} {self.seconds:>8.2f} {self.cpu:>7.2f} {self.pace:>10,.0f} {times} "
            f"{self.peak_mib:>8.1f}"
        )


HEADING = (
    f"{'size':<10} {'reader':<32} {'rows':>9} {'seconds':>8} {'cpu s':>7} {'rows/s':>10} "
    f"{'x floor':>8} {'peak MiB':>8}"
)
Command = Callable[[], tuple[tuple[str, ...], dict[str, str]]]


def readings() -> Iterator[Reading]:
    """Every reading, as it is done. The company is written first, which takes a while."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "million"
        sizes = ["--company-id", COMPANY, "--gl-lines", str(LINES)]
        _run([sys.executable, "-m", "intacct.sandbox", "generate", str(folder), *sizes])
        days = _days(folder)
        with _served(folder) as endpoint:
            for name, command in _readers():
                compared = (days[0], days[SOME])
                rehearsal = _read(name, f"{SOME:,}", command, endpoint, compared)
                yield (
                    rehearsal if rehearsal.skipped else _read(name, f"{SOME:,}", command, endpoint, compared)
                )
            for name, command in (("our client", _own("ours")), *_peers()):
                yield _read(name, f"{FEW:,}", command, endpoint, (days[0], days[FEW]))
            yield _read("our client", f"{LINES:,}", _own("ours"), endpoint, (days[0], days[LINES]))


def _readers() -> Iterator[tuple[str, Command]]:
    yield "bytes off a bare server", _own("bare")
    yield "bytes off the sandbox", _own("bytes")
    yield "floor: lxml finds each row", _own("floor")
    yield "our client", _own("ours")
    yield from _peers()


def _peers() -> Iterator[tuple[str, Command]]:
    yield "@intacct/intacct-sdk", _peer(intacct_sdk)
    yield "sageintacctsdk", _peer(sage_intacct_sdk)


def _own(way: str) -> Command:
    return lambda: ((sys.executable, "-m", "tests.benchmarks.detail_reader", way), {})


def _peer(install: Callable[[], Peer]) -> Command:
    def command() -> tuple[tuple[str, ...], dict[str, str]]:
        peer = install()
        return (*peer.command, "detail"), dict(peer.environment)

    return command


def _read(name: str, size: str, command: Command, endpoint: str, window: tuple[str, str]) -> Reading:
    try:
        program, environment = command()
    except PeerMissing as missing:
        return Reading(name, size, skipped=str(missing))
    given = {
        "endpoint": endpoint,
        "sender-id": SENDER_ID,
        "sender-password": SENDER_PASSWORD,
        "company-id": COMPANY,
        "user-id": USER,
        "password": PASSWORD,
        "start": window[0],
        "end": window[1],
        "fields": FIELDS,
    }
    options = [part for key, value in given.items() for part in (f"--{key}", value)]
    before = _computed()
    told = json.loads(_run([*program, *options], environment))
    return Reading(name, size, told["rows"], told["seconds"], _computed() - before, told["peak_kib"] / 1024)


def _computed() -> float:
    """Seconds of processor time of every reader that has ended; the server is still running."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _run(command: list[str], environment: dict[str, str] | None = None) -> str:
    everything = {**os.environ, **(environment or {})}
    ended = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, text=True, env=everything, timeout=900
    )
    return ended.stdout


def _days(folder: Path) -> dict[int, str]:
    """The first day, and for each size the last one up to which no more posted lines of the book stand."""
    counts: Counter[str] = Counter()
    with (folder / "GLDETAIL.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["BOOKID"] == "ACCRUAL" and row["STATE"] == "Posted":
                month, day, year = row["ENTRY_DATE"].split("/")
                counts[f"{year}/{month}/{day}"] += 1
    year, month, day = min(counts).split("/")
    found, total = {0: f"{month}/{day}/{year}"}, 0
    for key in sorted(counts):
        total += counts[key]
        year, month, day = key.split("/")
        for size in (FEW, SOME, LINES):
            if total <= size or size == LINES:
                found[size] = f"{month}/{day}/{year}"
    return found


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "intacct.sandbox", "--company", str(folder), "--port", "0"]
    sender = ["--sender-id", SENDER_ID, "--sender-password", SENDER_PASSWORD]
    with subprocess.Popen([*command, *sender], stdout=subprocess.PIPE, text=True) as server:
        if server.stdout is None:
            raise RuntimeError("The sandbox has no output.")
        try:
            yield server.stdout.readline().split()[-1]
        finally:
            server.terminate()


def printed() -> Iterator[Reading]:
    """Every reading, told as a line of a table when it is done."""
    print(HEADING, flush=True)
    against: Reading | None = None
    for reading in readings():
        against = reading if reading.name.startswith("floor") else against
        print(reading.told(against), flush=True)
        yield reading


if __name__ == "__main__":
    for _ in printed():
        pass
