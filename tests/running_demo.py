"""The demo as a process, for the tests that look at it from outside."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import free_port

ROOT = Path(__file__).resolve().parent.parent
LINES = re.compile(
    r"Borrower link:   (?P<link>http://127\.0\.0\.1:\d+/c/\S+)\n"
    r"Sage sign-in:    company=(?P<company>\S+) user=(?P<user>\S+) password=(?P<password>\S+)\n"
    r"Lender admin:    (?P<admin>http://127\.0\.0\.1:\d+/admin/)"
    r" user=(?P<staff>\S+) password=(?P<staff_password>\S+)\n"
    r"Ready\n"
)


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
