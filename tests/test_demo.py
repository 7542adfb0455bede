"""`make demo`'s supervisor with its real programs."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portal.demo.environment import stored_secrets
from tests.installation import free_port

ROOT = Path(__file__).resolve().parent.parent
SECONDS_TO_START = 90
LINES = re.compile(
    r"Borrower link:   (?P<link>http://127\.0\.0\.1:\d+/c/\S+)\n"
    r"Sage sign-in:    company=\S+ user=\S+ password=\S+\n"
    r"Lender admin:    http://127\.0\.0\.1:\d+/admin/ user=\S+ password=(?P<password>\S+)\n"
    r"Ready\n"
)


@pytest.fixture(scope="module")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo-data")


@contextmanager
def demo(data_folder: Path, company: Path) -> Iterator[subprocess.Popen[str]]:
    environment = os.environ | {
        "DATA_DIR": str(data_folder),
        "DEMO_COMPANY": str(company),
        "DEMO_PORT": str(free_port()),
        "SANDBOX_PORT": str(free_port()),
    }
    command = [sys.executable, "-m", "portal.demo"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()


def four_lines(process: subprocess.Popen[str]) -> re.Match[str]:
    assert process.stdout and process.stderr
    lines = "".join(process.stdout.readline() for _ in range(4))
    found = LINES.fullmatch(lines)
    assert found, lines + process.stderr.read()
    return found


def running_in(data_folder: Path) -> dict[int, str]:
    """The processes whose environment says that they belong to this demo, with their command lines."""
    mark = f"DATA_DIR={data_folder}\0".encode()
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes():
                found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
    return found


def main_process(data_folder: Path, word: str) -> int:
    """The oldest process of a program: the one that the supervisor started."""
    return min(number for number, command in running_in(data_folder).items() if word in command)


def wait_for_line(process: subprocess.Popen[str], text: str) -> None:
    assert process.stderr
    deadline = time.monotonic() + SECONDS_TO_START
    while text not in process.stderr.readline():
        assert process.poll() is None and time.monotonic() < deadline


def test_the_demo_starts_prints_its_lines_and_leaves_nothing_behind(
    data_folder: Path, small_company: Path
) -> None:
    with demo(data_folder, small_company) as process:
        link = four_lines(process)["link"]
        with urllib.request.urlopen(link, timeout=10) as reply:
            assert reply.status == 200 and b"Harbor Community Bank" in reply.read()
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=30)
    assert (process.returncode, rest) == (0, "")
    assert running_in(data_folder) == {}


def test_a_second_start_reuses_what_is_there_and_heals_or_ends_with_its_programs(
    data_folder: Path, small_company: Path
) -> None:
    kept = stored_secrets(data_folder)
    with demo(data_folder, small_company) as process:
        found = four_lines(process)
        assert found["password"] == kept["DEMO_STAFF_PASSWORD"]
        os.kill(main_process(data_folder, "celery"), signal.SIGKILL)
        wait_for_line(process, "The worker ended (code -9) and is started again.")
        os.kill(main_process(data_folder, "gunicorn"), signal.SIGKILL)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert f"The web server ended by itself. Its log is {data_folder}/logs/web-server.log" in errors
    assert running_in(data_folder) == {}


def test_a_busy_port_ends_the_start_with_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        environment = os.environ | {"DATA_DIR": str(tmp_path), "DEMO_PORT": port}
        command = [sys.executable, "-m", "portal.demo"]
        result = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
        )
    sentence = f"Port {port} is busy. Set DEMO_PORT to another port, or stop what uses it.\n"
    assert (result.returncode, result.stdout, result.stderr) == (1, "", sentence)
