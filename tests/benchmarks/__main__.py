"""`make bench`: prints the tables and writes bench.json.

`python -m tests.benchmarks PART...` runs some parts alone.
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.benchmarks import books, desk, detail, gateway, large, many, polls, tables, walks, workbooks
from tests.benchmarks.measure import Benchmark, Row, measure

RUNS = 15


def measured(runs: int = RUNS) -> list[Row]:
    return [measure(benchmark, runs) for benchmark in every_benchmark()]


def every_benchmark() -> list[Benchmark]:
    return [*gateway.benchmarks(), *books.benchmarks(), *tables.benchmarks()]


def table(rows: list[Row]) -> str:
    lines = [f"{'':<48} {'ours ms':>9} {'floor ms':>9} {'ratio':>6}  floor"]
    lines += [
        f"{row.name:<48} {row.ours_seconds * 1000:>9.2f} {row.floor_seconds * 1000:>9.2f} {row.ratio:>6.1f}"
        f"  {row.floor_is}"
        for row in rows
    ]
    return "\n".join(lines)


def ratios() -> list[dict[str, Any]]:
    rows = measured()
    print(table(rows), flush=True)
    return [asdict(row) for row in rows]


def reading() -> list[dict[str, Any]]:
    print()
    return [asdict(told) for told in detail.printed()]


def writing() -> list[dict[str, Any]]:
    print()
    return [asdict(told) for told in workbooks.printed()]


# The names are those of the parts in bench.json too.
PARTS: dict[str, Callable[[], Any]] = {
    "rows": ratios,
    "detail": reading,
    "workbooks": writing,
    "polls": polls.printed,
    "walks": walks.printed,
    "many": many.printed,
    "large": large.printed,
    "desk": desk.printed,
}


def document(parts: dict[str, Any]) -> str:
    machine = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "processors": os.cpu_count(),
        "load_average": [round(load, 1) for load in os.getloadavg()],
    }
    return json.dumps({"schema": 1, **machine, **parts}, indent=1) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], metavar="PART", help=", ".join(PARTS))
    chosen = parser.parse_args().parts or list(PARTS)
    told = {name: PARTS[name]() for name in chosen}
    Path("bench.json").write_text(document(told), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
