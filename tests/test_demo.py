"""`make demo`'s supervisor with its real programs."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from portal.demo.environment import stored_secrets
from tests.installation import wait_until
from tests.running_demo import ROOT, demo, four_lines, running_in

pytestmark = pytest.mark.slow

SECONDS_TO_START = 90


@pytest.fixture(scope="module")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo-data")


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
    wait_until(lambda: running_in(data_folder) == {}, "nothing of it is left")


@pytest.mark.slow
def test_a_second_start_reuses_what_is_there_and_heals_or_ends_with_its_programs(
    data_folder: Path, small_company: Path
) -> None:
    kept = stored_secrets(data_folder)
    with demo(data_folder, small_company) as process:
        found = four_lines(process)
        assert found["staff_password"] == kept["DEMO_STAFF_PASSWORD"]
        os.kill(main_process(data_folder, "celery"), signal.SIGKILL)
        wait_for_line(process, "The worker ended (code -9) and is started again.")
        os.kill(main_process(data_folder, "gunicorn"), signal.SIGKILL)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert f"The web server ended by itself. Its log is {data_folder}/logs/web-server.log" in errors
    wait_until(lambda: running_in(data_folder) == {}, "nothing of it is left")


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
