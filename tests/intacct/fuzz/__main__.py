"""Fuzzes one target: with atheris if somebody has installed it, else guided by the lines that are reached.

    python -m tests.intacct.fuzz listed 600            # seconds
    python -m tests.intacct.fuzz listed 600 -seed=1    # further arguments go to atheris

Inputs that reach new lines are kept in the folder named by FUZZ_FOLDER, a temporary one otherwise; one that
breaks a target is written there as ``find-*`` and ends the run. Every find becomes a file in ``corpus``.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from tests.intacct.fuzz.mutation import mutated
from tests.intacct.fuzz.targets import TARGETS

CORPUS = Path(__file__).parent / "corpus"
CLIENT = str(Path(__file__).parents[3] / "intacct")
Reached = set[tuple[str, int, int]]


def reached_by(target: Callable[[bytes], None], data: bytes) -> Reached:
    """The steps from line to line that the client takes on this input."""
    reached: Reached = set()

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        name = frame.f_code.co_filename
        if not name.startswith(CLIENT):
            return None
        last = 0

        def line(inner: FrameType, kind: str, value: Any) -> Any:
            nonlocal last
            reached.add((name, last, inner.f_lineno))
            last = inner.f_lineno
            return line

        return line

    sys.settrace(trace)
    try:
        target(data)
    finally:
        sys.settrace(None)
    return reached


def guided(name: str, seconds: float, folder: Path) -> int:
    """Mutates what reached something new, until the time is up. Returns 1 for a find."""
    target, chance = TARGETS[name], random.Random()
    kept = [path.read_bytes() for path in sorted(CORPUS.glob(f"{name}-*"))]
    known: Reached = set()
    for data in kept:
        known |= reached_by(target, data)
    ends, runs = time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        data, runs = mutated(chance.choice(kept or [b""]), kept, chance), runs + 1
        try:
            reached = reached_by(target, data)
        except Exception as problem:
            found = write(folder, f"find-{name}", data)
            print(f"{type(problem).__name__} after {runs} runs: {found}")
            return 1
        if not reached <= known:
            known |= reached
            kept.append(data)
            write(folder, name, data)
    print(f"{name}: {runs} runs, {len(known)} steps reached, {len(kept)} inputs kept in {folder}")
    return 0


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / f"{name}-{hashlib.sha256(data).hexdigest()[:16]}"
    path.write_bytes(data)
    return path


def with_atheris(name: str, seconds: float, folder: Path, further: list[str]) -> None:
    atheris = importlib.import_module("atheris")
    atheris.instrument_all()
    arguments = [sys.argv[0], f"-max_total_time={int(seconds)}", f"-artifact_prefix={folder}/find-{name}-"]
    atheris.Setup([*arguments, *further, str(folder), str(CORPUS)], TARGETS[name])
    atheris.Fuzz()


def main() -> int:
    name, seconds = sys.argv[1], float(sys.argv[2])
    folder = Path(os.environ.get("FUZZ_FOLDER") or tempfile.mkdtemp(prefix="fuzz-"))
    if importlib.util.find_spec("atheris") is None:
        return guided(name, seconds, folder)
    with_atheris(name, seconds, folder, sys.argv[3:])
    return 0


if __name__ == "__main__":
    sys.exit(main())
