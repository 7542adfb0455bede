"""A company collected from end to end with real processes, at 100,000 and at 1,000,000 lines."""

import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.installation import AS_IN_PRODUCTION, Installation
from tests.loads.companies import generate
from tests.loads.large import Collected, collect

SIZES = (100_000, 1_000_000)
MOST_MIB = 400
HEADING = (
    f"{'lines':>9} {'seconds':>8} {'lines/s':>8} {'worker MiB':>10} {'all MiB':>8} {'stored MiB':>10} "
    f"{'B/line':>7} {'worker CPU s':>12} {'gateway CPU s':>13}"
)


def printed() -> list[dict[str, Any]]:
    """Every size, told as a line of a table when it is done, then how all grew."""
    print(
        f"\ncollected end to end; goals: worker under {MOST_MIB} MiB, linear, memory flat\n{HEADING}",
        flush=True,
    )
    done = []
    for collected in collections():
        print(told(collected), flush=True)
        done.append(collected)
    print(growth(*done), flush=True)
    return [asdict(collected) for collected in done]


def collections() -> Iterator[Collected]:
    for size in SIZES:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            company = generate(folder / "company", "LARGE", gl_lines=size, months=36)
            with Installation(folder / "data", **AS_IN_PRODUCTION) as running:
                yield collect(running, company, "LARGE")


def told(row: Collected) -> str:
    return (
        f"{row.lines:>9,} {row.seconds:>8.1f} {row.lines / row.seconds:>8,.0f} {row.worker_mib:>10.0f} "
        f"{row.tree_mib:>8.0f} {row.stored_bytes / 2**20:>10.1f} {row.stored_bytes / row.lines:>7.1f} "
        f"{row.worker_seconds:>12.1f} {row.gateway_seconds:>13.1f}"
    )


def growth(small: Collected, large: Collected) -> str:
    return (
        f"{large.lines / small.lines:.1f} times the lines: "
        f"{large.seconds / small.seconds:.1f} times the seconds, "
        f"{large.stored_bytes / small.stored_bytes:.1f} times the bytes, "
        f"{large.worker_mib / small.worker_mib:.2f} times the memory"
    )
