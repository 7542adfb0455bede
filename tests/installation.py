"""The product as a person runs it: commands, a worker, a web server, a gateway, each its own process."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Self

import psycopg
import redis

ROOT = Path(__file__).resolve().parent.parent
SENDER_ID, SENDER_PASSWORD = "strongbox", "sandbox-sender-1"


class Process:
    """A running program whose output goes to a file."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=output, stderr=output, start_new_session=True
            )

    def kill(self) -> None:
        """SIGKILL for the program and all its children: no time to tidy up."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        if self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.kill()


class Installation:
    """One database, one storage, one broker; programs run on them and are stopped with the installation."""

    def __init__(self, data: Path, **settings: str) -> None:
        data.mkdir(parents=True)
        self.data = data
        self.started = ExitStack()
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONWARNINGS": "error::DeprecationWarning:portal",
            "DATA_DIR": str(data),
            "SECRET_KEY": "the key of an installation under test, long enough for every check 0123456789",
            "VAULT_KEYS": "dGhlIHZhdWx0IGtleSBvZiB0aGUgdGVzdHMsIDMyIGI=",
            "ALLOWED_HOSTS": "127.0.0.1",
            "EMAIL_URL": f"filemail://{data / 'mail'}",
            "INTACCT_SANDBOX": "1",
            "INTACCT_ENDPOINT": f"http://127.0.0.1:{free_port()}/ia/xml/xmlgw.phtml",
            "INTACCT_SENDER_ID": SENDER_ID,
            "INTACCT_SENDER_PASSWORD": SENDER_PASSWORD,
            "RUN_LEASE_SECONDS": "3",
            "RUN_RECOVERY_SECONDS": "1",
            **settings,
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.started.close()

    def empty_services(self) -> None:
        """An empty database and an empty broker, whatever an earlier test left there."""
        with psycopg.connect(self.environment["DATABASE_URL"], autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
        with redis.Redis.from_url(self.environment["CELERY_BROKER_URL"]) as broker:
            broker.flushdb()

    def manage(
        self, *arguments: str, given: str = "", environment: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Runs a management command to its end."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment | (environment or {}),
            input=given,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )

    def must(self, *arguments: str, given: str = "") -> str:
        """Runs a management command that has to succeed; returns what it printed."""
        finished = self.manage(*arguments, given=given)
        assert finished.returncode == 0, finished.stderr
        return finished.stdout

    def prepare(self) -> None:
        """A database with one lender."""
        self.must("migrate", "--verbosity", "0")
        self.must("createlender", "--slug", "harbor", "--name", "Harbor Community Bank")

    def invite(self, start: str, end: str, *more: str) -> str:
        """A request of the lender; returns its secure link."""
        arguments = ["--lender", "harbor", "--borrower", "Acme Ltd", "--email", "owner@example.com"]
        printed = self.must("invite", *arguments, "--from", start, "--to", end, *more)
        return printed.splitlines()[-1]

    def reference(self) -> str:
        """The reference of the newest collection."""
        return self.must("listcollections").split()[0]

    def statements(self) -> dict[str, Any]:
        """The newest collection's statements.json, as exported."""
        folder = self.data / "exported"
        self.must("export", self.reference(), "--to", str(folder))
        content: dict[str, Any] = json.loads((folder / "statements.json").read_text())
        return content

    def sandbox(self, *folders: Path, more: tuple[str, ...] = ()) -> Process:
        """The gateway, serving these companies, at the address the installation asks."""
        port = self.environment["INTACCT_ENDPOINT"].split(":")[2].split("/")[0]
        companies = [part for folder in folders for part in ("--company", str(folder))]
        sender = ["--sender-id", SENDER_ID, "--sender-password", SENDER_PASSWORD]
        command = [sys.executable, "-m", "intacct.sandbox", *companies, "--port", port, *sender, *more]
        return self.start("sandbox", command, ready=lambda text: "Sandbox ready" in text)

    def worker(self) -> Process:
        """A worker with its clock."""
        command = [sys.executable, "-m", "celery", "-A", "portal", "worker", "-B"]
        options = ["--concurrency", "2", "--loglevel", "INFO", "--without-mingle", "--without-gossip"]
        worker = self.start("worker", [*command, *options], ready=lambda text: " ready." in text)
        # At the end nothing is left to finish in good order, which takes Celery seconds.
        self.started.callback(worker.kill)
        return worker

    @contextmanager
    def web(self) -> Iterator[str]:
        """The web server; yields its address."""
        address = f"127.0.0.1:{free_port()}"
        self.environment |= {"BASE_URL": f"http://{address}", "STATIC_ROOT": str(self.data / "static")}
        self.must("collectstatic", "--noinput", "--verbosity", "0")
        command = [sys.executable, "-m", "gunicorn", "--config", "python:portal.webserver", "portal.wsgi"]
        server = self.start(
            "web", [*command, "--bind", address], ready=lambda _: answers(f"http://{address}/healthz")
        )
        try:
            yield f"http://{address}"
        finally:
            server.stop()

    def start_command(self, *arguments: str) -> Process:
        """Starts a management command in the background."""
        command = [sys.executable, "manage.py", *arguments]
        return self.start(arguments[0], command, ready=lambda text: True)

    def start(self, name: str, command: list[str], ready: Callable[[str], bool]) -> Process:
        log = self.data / f"{name}.log"
        known = log.stat().st_size if log.exists() else 0
        process = Process(command, self.environment, log)
        self.started.callback(process.stop)
        wait_until(lambda: ready(log.read_text()[known:]), f"{name} is ready", process)
        return process

    def everything_written(self) -> Iterator[tuple[Path, bytes]]:
        """Every file under the data folder: database, logs, messages, mails, reports."""
        for path in sorted(self.data.rglob("*")):
            if path.is_file():
                yield path, path.read_bytes()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def wait_until(
    condition: Callable[[], bool], what: str, process: Process | None = None, seconds: float = 30
) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        ended = process is not None and process.process.poll() is not None
        if ended or time.monotonic() > deadline:
            log = process.log.read_text()[-3000:] if process else ""
            raise AssertionError(f"Waited in vain until {what}.\n{log}")
        time.sleep(0.05)


def token_of(link: str) -> str:
    found = re.search(r"clk_\w+", link)
    assert found, link
    return found.group()
