"""A child program never outlives the demo."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.demo.errors import DemoError
from portal.demo.programs import Program, stop_all

STARTS_A_CHILD_AND_WAITS = """
import os, sys, time
from pathlib import Path
from portal.demo.programs import Program
sleep = [sys.executable, "-c", "import time; time.sleep(600)"]
print(Program("sleeper", sleep, os.environ, Path(sys.argv[1])).process_id, flush=True)
time.sleep(600)
"""
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("up", grandchild.pid, flush=True)
time.sleep(600)
"""


def alive(process_id: int) -> bool:
    """Whether it runs; one that has ended and waits to be noticed does not."""
    try:
        state = Path(f"/proc/{process_id}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def wait_until(holds: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def python(code: str, log: Path) -> Program:
    return Program("trial", [sys.executable, "-c", code], os.environ, log)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_a_child_ends_even_when_the_demo_is_killed_outright(tmp_path: Path) -> None:
    command = [sys.executable, "-c", STARTS_A_CHILD_AND_WAITS, str(tmp_path / "log")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        assert alive(child)
        parent.kill()
    wait_until(lambda: not alive(child))


def test_a_child_that_will_not_stop_is_killed_with_its_own_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.demo.programs.SECONDS_TO_STOP", 0.2)
    program = python(STUBBORN, tmp_path / "log")
    wait_until(lambda: program.log_says("up"))
    grandchild = int((tmp_path / "log").read_text().split()[1])
    stop_all([program])
    assert program.exit_code() == -9
    wait_until(lambda: not alive(grandchild))


def test_a_child_that_ends_while_it_starts_is_reported_with_its_log(tmp_path: Path) -> None:
    program = python("raise SystemExit(3)", tmp_path / "log")
    with pytest.raises(DemoError, match=f"The trial ended while it started. Its log is {tmp_path / 'log'}"):
        program.wait_until_ready(lambda: False)


def test_what_an_earlier_start_wrote_does_not_count_as_ready(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("ready\n")
    program = python("pass", tmp_path / "log")
    stop_all([program])
    assert not program.log_says("ready")
