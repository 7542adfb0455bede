"""How a row of the benchmark table is measured: our way and a floor, in turns, the best of several."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Benchmark:
    """Two ways to do the same thing: ours, and the least that any program would have to do for it."""

    name: str
    ours: Callable[[], object]
    floor: Callable[[], object]
    floor_is: str


@dataclass(frozen=True)
class Row:
    """Seconds of the best run of each; ``ratio`` is ours over the floor."""

    name: str
    ours_seconds: float
    floor_seconds: float
    ratio: float
    floor_is: str
    runs: int


def measure(benchmark: Benchmark, runs: int) -> Row:
    """The best of `runs`: what else the machine does can only slow a run down. In turns, so it hits both."""
    ours, floor = [], []
    for _ in range(runs):
        ours.append(seconds(benchmark.ours))
        floor.append(seconds(benchmark.floor))
    ratio = min(ours) / min(floor)
    return Row(benchmark.name, min(ours), min(floor), ratio, benchmark.floor_is, runs)


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
