"""What processes and their children use, from /proc: memory, processor time, open files."""

import os
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Used:
    """``peak_mib`` is the largest that a single process ever was, as the kernel kept it; ``tree_mib`` is
    the largest sum over the program and its children, memory that they share counted once. ``samples``
    are such sums in time, in seconds and MiB.
    """

    peak_mib: float = 0.0
    tree_mib: float = 0.0
    processor_seconds: float = 0.0
    samples: list[tuple[float, float]] = field(default_factory=list)


class Watch:
    """Looks at programs, by name and process id, until the block ends."""

    def __init__(self, programs: dict[str, int], every: float = 1.0) -> None:
        self.used = {name: Used() for name in programs}
        self._programs = programs
        self._every = every
        self._began = time.monotonic()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._before = {name: processor_seconds(process) for name, process in self._programs.items()}
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            for name, process in self._programs.items():
                self._look(name, process)
            if self._ended.wait(self._every):
                return

    def _look(self, name: str, root: int) -> None:
        used, processes = self.used[name], tree(root)
        used.peak_mib = max([used.peak_mib, *(mib(process, "status", "VmHWM") for process in processes)])
        together = sum(mib(process, "smaps_rollup", "Pss") for process in processes)
        used.tree_mib = max(used.tree_mib, together)
        used.samples.append((time.monotonic() - self._began, together))
        spent = processor_seconds(root) - self._before[name]
        used.processor_seconds = max(used.processor_seconds, spent)


def tree(root: int) -> list[int]:
    """The process and everything below it."""
    children: dict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            children[_parent(int(entry.name))].append(int(entry.name))
    found = [root]
    for process in found:
        found.extend(children[process])
    return found


def mib(process: int, file: str, name: str) -> float:
    """A figure that the kernel keeps in kB; 0 for a process that is gone."""
    text = _read(process, file).partition(f"\n{name}:")[2]
    return int(text.split()[0]) / 1024 if text else 0.0


def processor_seconds(root: int) -> float:
    """What the program has used, its children that are there and those that have ended."""
    return sum(sum(map(int, _stat(process)[11:15])) for process in tree(root)) / TICKS


def open_files(root: int) -> int:
    """How many files, sockets and pipes the program and its children hold open."""
    total = 0
    for process in tree(root):
        try:
            total += len(os.listdir(f"/proc/{process}/fd"))
        except OSError:
            continue
    return total


def _parent(process: int) -> int:
    return int(_stat(process)[1])


def _stat(process: int) -> list[str]:
    """The fields of /proc/N/stat behind the name, which may hold blanks; the first one is the state."""
    fields = _read(process, "stat").rpartition(")")[2].split()
    return fields or ["0"] * 15


def _read(process: int, file: str) -> str:
    try:
        return Path(f"/proc/{process}/{file}").read_text("utf-8")
    except OSError:
        return ""
