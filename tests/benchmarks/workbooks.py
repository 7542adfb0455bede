"""report.xlsx of large books beside XlsxWriter alone writing the same cells, each in a process of its own.

Seconds are those that the process computed: on a busy machine the fairer measure. The floor is measured
right after ours and reads its cells off our file, so both write the same.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# Journal lines, months, accounts, documents: the largest books that the reports are promised for.
LARGEST = (1_000_000, 36, 400, 100_000)
DETAIL = (200_000, 12, 100, 0)
LIMIT_SECONDS = 3600


@dataclass(frozen=True)
class Writing:
    """What one way cost: seconds to build the reports, to write the file, and the process's peak memory."""

    name: str
    build: float
    write: float
    peak_mib: float
    size_mib: float

    def told(self) -> str:
        """The line of the table."""
        figures = (self.build, self.write, self.peak_mib, self.size_mib)
        return f"{self.name:<48} {' '.join(f'{figure:>9.1f}' for figure in figures)}"


HEADING = f"{'workbooks':<48} {'build s':>9} {'write s':>9} {'peak MiB':>9} {'file MiB':>9}"


def writings() -> Iterator[Writing]:
    """Every way, as it is done."""
    with tempfile.TemporaryDirectory() as temporary:
        file = Path(temporary) / "report.xlsx"
        for way, name, sizes in (
            ("detail", "ledger sheet of 200,000 lines", DETAIL),
            ("ours", "all reports of 1,000,000 lines", LARGEST),
        ):
            yield _writing(name, way, file, sizes)
            yield _writing("floor: XlsxWriter alone, the same cells", "floor", file, ())


def _writing(name: str, way: str, file: Path, sizes: tuple[int, ...]) -> Writing:
    command = [sys.executable, "-m", "tests.benchmarks.workbook_writer", way, str(file), *map(str, sizes)]
    ended = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=LIMIT_SECONDS)
    told = json.loads(ended.stdout)
    return Writing(name, told["build"], told["write"], told["peak_kib"] / 1024, told["size"] / 1024**2)


def printed() -> Iterator[Writing]:
    """Every way, told as a line of a table when it is done."""
    print(HEADING, flush=True)
    for writing in writings():
        print(writing.told(), flush=True)
        yield writing


if __name__ == "__main__":
    for _ in printed():
        pass
