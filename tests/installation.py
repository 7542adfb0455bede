"""The product as a person runs it: commands, a worker, a web server, a gateway, each its own process."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import psycopg
import redis

from tests.servers import free_port

ROOT = Path(__file__).resolve().parent.parent
# What a test that measures sets back; the others would wait too long.
AS_IN_PRODUCTION = {"RUN_LEASE_SECONDS": "30", "RUN_RECOVERY_SECONDS": "10", "WORKER_NICENESS": "10"}
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
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def signal_all(self, number: signal.Signals) -> None:
        """A signal for the program and all its children."""
        os.killpg(self.process.pid, number)

    def members(self) -> list[int]:
        """The process numbers of the program and its children that are still there."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                state, _, group = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
                if int(group) == self.process.pid and state != "Z":
                    found.append(int(folder.name))
        return found

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
        self.gateway_port = free_port()
        self.started = ExitStack()
        self.processes: dict[str, Process] = {}
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONWARNINGS": "error::DeprecationWarning:portal",
            "DATA_DIR": str(data),
            "SECRET_KEY": "the key of an installation under test, long enough for every check 0123456789",
            "VAULT_KEYS": "dGhlIHZhdWx0IGtleSBvZiB0aGUgdGVzdHMsIDMyIGI=",
            "ALLOWED_HOSTS": "127.0.0.1",
            "EMAIL_URL": f"filemail://{data / 'mail'}",
            "INTACCT_SANDBOX": "1",
            "INTACCT_ENDPOINT": f"http://127.0.0.1:{self.gateway_port}/ia/xml/xmlgw.phtml",
            "INTACCT_SENDER_ID": SENDER_ID,
            "INTACCT_SENDER_PASSWORD": SENDER_PASSWORD,
            "RUN_LEASE_SECONDS": "3",
            "RUN_RECOVERY_SECONDS": "1",
            # A test waits for its worker, beside whatever else is going on.
            "WORKER_NICENESS": "1",
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
            timeout=400,
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

    def act(self, *answers: str) -> dict[str, str]:
        """What people do, through the product's own services: see tests.faults.acting."""
        command = [sys.executable, "-m", "tests.faults.acting", *answers]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=400, check=False
        )
        assert done.returncode == 0, done.stderr
        said: dict[str, str] = json.loads(done.stdout)
        return said

    def sandbox(self, *folders: Path, more: tuple[str, ...] = ()) -> Process:
        """The gateway, serving these companies, at the address that the installation asks."""
        companies = [part for folder in folders for part in ("--company", str(folder))]
        sender = ["--sender-id", SENDER_ID, "--sender-password", SENDER_PASSWORD]
        command = [
            sys.executable,
            "-m",
            "intacct.sandbox",
            *companies,
            "--port",
            str(self.gateway_port),
            *sender,
            *more,
        ]
        return self.start("sandbox", command, ready=lambda text: "Sandbox ready" in text)

    def worker(
        self,
        name: str = "worker",
        *,
        clock: bool = True,
        concurrency: int = 2,
        environment: dict[str, str] | None = None,
    ) -> Process:
        """A worker, with its clock unless told otherwise. A second one needs another name."""
        command = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "portal",
            "worker",
        ]
        options = [
            "--concurrency",
            str(concurrency),
            "--loglevel",
            "INFO",
            "--hostname",
            f"{name}@%h",
        ]
        # Two clocks must not write to one schedule.
        clockwork = ["-B", "--schedule", str(self.data / f"beat-schedule-{name}")] if clock else []
        worker = self.start(
            name,
            [*command, *options, *clockwork],
            ready=lambda text: " ready." in text,
            environment=environment,
        )
        # At the end nothing is left to finish in good order, which takes Celery seconds.
        self.started.callback(worker.kill)
        return worker

    @contextmanager
    def web(self, environment: dict[str, str] | None = None) -> Iterator[str]:
        """The web server; yields its address."""
        address = f"127.0.0.1:{free_port()}"
        self.environment |= {"BASE_URL": f"http://{address}", "STATIC_ROOT": str(self.data / "static")}
        self.must("collectstatic", "--noinput", "--verbosity", "0")
        command = [sys.executable, "-m", "gunicorn", "--config", "python:portal.webserver", "portal.wsgi"]
        server = self.start(
            "web",
            [*command, "--bind", address],
            ready=lambda _: answers(f"http://{address}/healthz"),
            environment=environment,
        )
        try:
            yield f"http://{address}"
        finally:
            server.stop()

    def start_command(self, *arguments: str) -> Process:
        """Starts a management command in the background."""
        command = [sys.executable, "manage.py", *arguments]
        return self.start(arguments[0], command, ready=lambda text: True)

    def start(
        self,
        name: str,
        command: list[str],
        ready: Callable[[str], bool],
        environment: dict[str, str] | None = None,
    ) -> Process:
        log = self.data / f"{name}.log"
        known = log.stat().st_size if log.exists() else 0
        process = self.processes[name] = Process(command, self.environment | (environment or {}), log)
        self.started.callback(process.stop)
        wait_until(lambda: ready(log.read_text()[known:]), f"{name} is ready", process)
        return process

    def query(self, query: str, **values: str) -> list[tuple[Any, ...]]:
        """What a SELECT finds in the installation's database; `:name` in it stands for a value."""
        url = self.environment.get("DATABASE_URL")
        if url:
            named = re.sub(r":(\w+)", r"%(\1)s", query).encode() if values else query.encode()
            with psycopg.connect(url) as server:
                return server.execute(named, values or None).fetchall()
        with closing(sqlite3.connect(self.data / "strongbox.sqlite3", timeout=20)) as database:
            return database.execute(query, values).fetchall()

    def everything_written(self) -> Iterator[tuple[Path, bytes]]:
        """Every file under the data folder: database, logs, messages, mails, reports."""
        for path in sorted(self.data.rglob("*")):
            if path.is_file():
                yield path, path.read_bytes()


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def wait_until(
    condition: Callable[[], bool], what: str, process: Process | None = None, seconds: float = 120
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
