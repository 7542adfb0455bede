"""PostgreSQL and Redis of our own on free ports: started, stopped, frozen and started again at one address.

Used by `.ci/services.py` as well, so nothing here knows pytest or Django.
"""

import contextlib
import itertools
import os
import shutil
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis

SECONDS_TO_START = 120
# Below those that Linux gives out by itself, which begin at 32768.
FIRST_PORT, PORTS = 10_000, 20_000
_asked = itertools.count()
# Celery's queue is a list of this name; the oldest message is its last.
QUEUE = "celery"


class ServerMissing(Exception):
    """The server's program is not installed on this machine."""


class Server(ABC):
    """A program that answers at `url`. Everything it writes is below its folder."""

    ends_with = signal.SIGTERM

    def __init__(self, url: str, command: Sequence[str], log: Path, user: str | None = None) -> None:
        self.url = url
        self._command, self._log, self._user = command, log, user
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    @property
    def process_id(self) -> int:
        """Raises RuntimeError while it does not run."""
        if self._process is None:
            raise RuntimeError("The server does not run.")
        return self._process.pid

    @abstractmethod
    def answers(self) -> bool:
        """Whether it takes a connection now."""

    def start(self) -> None:
        """Returns once it answers. Raises RuntimeError with the end of its log when it does not."""
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                self._command, stdout=output, stderr=output, user=self._user, start_new_session=True
            )
        deadline = time.monotonic() + SECONDS_TO_START
        while not self.answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop(signal.SIGKILL)
                raise RuntimeError(f"A private server did not start:\n{self._log.read_text()[-2000:]}")
            time.sleep(0.1)

    def stop(self, how: signal.Signals | None = None) -> None:
        """Ends it in its own good order, or by another signal."""
        if self._process is None:
            return
        self._process.send_signal(how or self.ends_with)
        self._process.wait(timeout=30)
        self._process = None

    def freeze(self) -> None:
        """It keeps its connections, accepts new ones, and answers nothing."""
        if self._process:
            self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        if self._process:
            self._process.send_signal(signal.SIGCONT)


class PostgresServer(Server):
    """It refuses to run as root, so root hands it to the user that Debian made for it."""

    # The quick way: clients are cut off instead of waited for.
    ends_with = signal.SIGINT

    def __init__(self, folder: Path) -> None:
        initdb = program("initdb", "usr/lib/postgresql/*/bin/initdb")
        user = "postgres" if os.geteuid() == 0 else None
        cluster, port = folder / "postgres", free_port()
        cluster.mkdir()
        if user:
            folder.chmod(0o755)
            shutil.chown(cluster, user)
        subprocess.run(
            [initdb, "--pgdata", cluster, "--auth", "trust", "--username", "postgres", "--no-sync"],
            user=user, check=True, stdout=subprocess.DEVNULL, cwd=folder,
        )  # fmt: skip
        place = ["-D", str(cluster), "-k", str(cluster), "-h", "127.0.0.1", "-p", str(port)]
        super().__init__(
            f"postgres://postgres@127.0.0.1:{port}/postgres",
            [str(Path(initdb).with_name("postgres")), *place, "-F"],
            folder / "postgres.log",
            user,
        )

    def answers(self) -> bool:
        return postgres_answers(self.url)


class RedisServer(Server):
    """It keeps nothing: what was in it is gone when it is started again."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        address = ["--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(folder)]
        command = [program("redis-server"), *address, "--save", "", "--appendonly", "no"]
        super().__init__(f"redis://127.0.0.1:{self.port}/15", command, folder / "redis.log")

    def answers(self) -> bool:
        return redis_answers(self.url)

    def flush(self) -> None:
        with redis.Redis.from_url(self.url) as server:
            server.flushall()

    def first_message(self) -> bytes:
        """The oldest message of the worker's queue; it stays there. Raises LookupError when there is none."""
        with redis.Redis.from_url(self.url) as server:
            message = server.lindex(QUEUE, -1)
        if message is None:
            raise LookupError("There is no message in the queue.")
        return bytes(message)

    def put(self, message: bytes, times: int) -> None:
        """Delivers the same message so many times at once."""
        with redis.Redis.from_url(self.url) as server:
            server.lpush(QUEUE, *[message] * times)

    def waiting(self) -> int:
        """How many messages nobody has taken."""
        with redis.Redis.from_url(self.url) as server:
            return int(server.llen(QUEUE))


def new_database(server_url: str, name: str) -> str:
    """Creates an empty database; returns its address."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))


def postgres_answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.Error:
        return False
    return True


def redis_answers(url: str) -> bool:
    with contextlib.closing(redis.Redis.from_url(url, socket_connect_timeout=3, socket_timeout=3)) as server:
        try:
            server.ping()
        except redis.RedisError:
            return False
    return True


def program(name: str, *patterns: str) -> str:
    """The path of a server's program, from PATH or from Debian's versioned folders, newest first.

    Raises ServerMissing.
    """
    found = shutil.which(name)
    for pattern in patterns:
        found = found or next(map(str, sorted(Path("/").glob(pattern), reverse=True)), None)
    if not found:
        raise ServerMissing(f"{name} is not installed, and the tests that stop a server need their own.")
    return found


def free_port() -> int:
    """A port that nobody has, each time another one.

    None that the system gives out by itself: what is bound to a port of the system's choice, in a test beside
    this one, could be given this port before it is bound here.
    """
    while True:
        port = FIRST_PORT + (os.getpid() * 1009 + next(_asked)) % PORTS
        with socket.socket() as listener, contextlib.suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port
