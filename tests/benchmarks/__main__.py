"""`make bench`: prints the table of ratios and writes bench.json."""

import json
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from tests.benchmarks import books, detail, gateway
from tests.benchmarks.measure import Row, measure

RUNS = 15


def measured(runs: int = RUNS) -> list[Row]:
    return [measure(benchmark, runs) for benchmark in [*gateway.benchmarks(), *books.benchmarks()]]


def table(rows: list[Row]) -> str:
    lines = [f"{'':<48} {'ours ms':>9} {'floor ms':>9} {'ratio':>6}  floor"]
    lines += [
        f"{row.name:<48} {row.ours_seconds * 1000:>9.2f} {row.floor_seconds * 1000:>9.2f} {row.ratio:>6.1f}"
        f"  {row.floor_is}"
        for row in rows
    ]
    return "\n".join(lines)


def document(rows: list[Row], readings: Sequence[detail.Reading] = ()) -> str:
    machine = {"python": platform.python_version(), "machine": platform.machine()}
    told = {"rows": [asdict(row) for row in rows], "detail": [asdict(reading) for reading in readings]}
    return json.dumps({"schema": 1, **machine, **told}, indent=1) + "\n"


def main() -> int:
    rows = measured()
    print(table(rows), flush=True)
    readings = list(detail.printed())
    Path("bench.json").write_text(document(rows, readings), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
