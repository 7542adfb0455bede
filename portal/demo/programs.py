"""The demo's child programs, which never outlive it."""

import ctypes
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from portal.demo.environment import ROOT
from portal.demo.errors import DemoError

SECONDS_TO_START = 60
SECONDS_TO_STOP = 10
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def end_with_the_demo() -> None:
    """Runs in the child: on Linux the kernel then ends it even when the demo is killed outright."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Program:
    """One child, in a session of its own: Ctrl-C reaches only the demo, which then stops it in turn."""

    def __init__(self, name: str, command: list[str], environment: Mapping[str, str], log: Path) -> None:
        self.name, self.log = name, log
        self._command, self._environment = command, environment
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as output:
            self.log_start = output.tell()
            self._process = subprocess.Popen(
                self._command,
                env=self._environment,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=end_with_the_demo,
            )
        self.started_at = time.monotonic()

    @property
    def process_id(self) -> int:
        return self._process.pid

    def exit_code(self) -> int | None:
        return self._process.poll()

    def log_says(self, text: str) -> bool:
        """Whether the program has written `text` since it was started last."""
        with self.log.open("rb") as file:
            file.seek(self.log_start)
            return text.encode() in file.read()

    def wait_until_ready(self, is_ready: Callable[[], bool]) -> None:
        """Raises DemoError when the program ends or is not ready in time."""
        while not is_ready():
            if self.exit_code() is not None:
                raise DemoError(f"The {self.name} ended while it started. Its log is {self.log}")
            if time.monotonic() - self.started_at > SECONDS_TO_START:
                raise DemoError(
                    f"The {self.name} is not ready after {SECONDS_TO_START} s. Its log is {self.log}"
                )
            time.sleep(0.2)

    def ask_to_stop(self) -> None:
        """Tells the program and not its children: a worker's children would drop the task they hold."""
        if self.exit_code() is None:
            self._process.terminate()

    def stop_by(self, deadline: float) -> None:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=max(0.0, deadline - time.monotonic()))
        self._kill_group()
        self._process.wait()

    def restart(self) -> None:
        """After the program has ended; its children may have outlived it."""
        self._kill_group()
        self.start()

    def _kill_group(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process_id, signal.SIGKILL)


def stop_all(programs: Iterable[Program]) -> None:
    """Asks all to stop, waits, then kills what is left of each program's process group."""
    programs = list(programs)
    for program in programs:
        program.ask_to_stop()
    deadline = time.monotonic() + SECONDS_TO_STOP
    for program in programs:
        program.stop_by(deadline)


def answers(url: str) -> bool:
    """Whether an HTTP GET of `url` succeeds now."""
    try:
        with urllib.request.urlopen(url, timeout=5) as reply:  # noqa: S310 - our own loopback address
            return bool(reply.status == 200)
    except OSError:
        return False
