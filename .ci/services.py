"""Runs a command with real servers: `.venv/bin/python .ci/services.py COMMAND...`

Sets SERVICES_DATABASE_URL (a new, empty PostgreSQL database, dropped afterwards) and SERVICES_REDIS_URL
(Redis database 15). A server is the one those variables name, else one that answers on 127.0.0.1, else a
private one started from Debian's programs. The exit code is the command's; "no tests collected" is a failure.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis

POSTGRES_URL = "postgres://postgres@127.0.0.1:5432/postgres"
REDIS_URL = "redis://127.0.0.1:6379/15"
ROOT = Path(__file__).resolve().parent.parent
NO_TESTS_COLLECTED = 5


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


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def install(purpose: str) -> None:
    subprocess.run([ROOT / ".ci" / "system-packages", purpose], check=True)


def program(name: str, *patterns: str) -> str:
    """The path of a server's program, from PATH or from Debian's versioned folders (newest first)."""
    found = shutil.which(name)
    for pattern in patterns:
        found = found or next(map(str, sorted(Path("/").glob(pattern), reverse=True)), None)
    if not found:
        sys.exit(f"{name} is not installed and no server answers: the tests that need it cannot run.")
    return found


def wait_until(answers: Callable[[str], bool], url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 30
    while not answers(url):
        if server.poll() is not None or time.monotonic() > deadline:
            sys.exit(f"A private server did not start:\n{log.read_text()[-2000:]}")
        time.sleep(0.1)


@contextlib.contextmanager
def running(
    command: list[str], stop_with: signal.Signals, *, log: Path, user: str | None
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        server = subprocess.Popen(command, stdout=output, stderr=output, user=user, start_new_session=True)
    try:
        yield server
    finally:
        server.send_signal(stop_with)
        server.wait(timeout=30)


@contextlib.contextmanager
def private_postgres(folder: Path) -> Iterator[str]:
    """A PostgreSQL of our own. It refuses to run as root, so root hands it to the user Debian made for it."""
    user = "postgres" if os.geteuid() == 0 else None
    cluster, log, port = folder / "postgres", folder / "postgres.log", free_port()
    cluster.mkdir()
    if user:
        folder.chmod(0o755)
        shutil.chown(cluster, user)
    initdb = program("initdb", "usr/lib/postgresql/*/bin/initdb")
    subprocess.run(
        [initdb, "--pgdata", cluster, "--auth", "trust", "--username", "postgres", "--no-sync"],
        user=user, check=True, stdout=subprocess.DEVNULL, cwd=folder,
    )  # fmt: skip
    command = [
        str(Path(initdb).with_name("postgres")),
        "-D",
        str(cluster),
        "-h",
        "127.0.0.1",
        "-p",
        str(port),
    ]
    command += ["-k", str(cluster), "-F"]
    url = f"postgres://postgres@127.0.0.1:{port}/postgres"
    with running(command, signal.SIGINT, log=log, user=user) as server:
        wait_until(postgres_answers, url, server, log)
        yield url


@contextlib.contextmanager
def private_redis(folder: Path) -> Iterator[str]:
    port, log = free_port(), folder / "redis.log"
    command = [program("redis-server"), "--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder)]
    command += ["--save", "", "--appendonly", "no"]
    url = f"redis://127.0.0.1:{port}/15"
    with running(command, signal.SIGTERM, log=log, user=None) as server:
        wait_until(redis_answers, url, server, log)
        yield url


@contextlib.contextmanager
def own_database(server_url: str) -> Iterator[str]:
    name = f"strongbox_services_{os.getpid()}"
    try:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        yield urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            for leftover in (name, f"test_{name}"):
                connection.execute(f'DROP DATABASE IF EXISTS "{leftover}" WITH (FORCE)')


def postgres(stack: contextlib.ExitStack, folder: Path) -> str:
    url = os.environ.get("SERVICES_DATABASE_URL", POSTGRES_URL)
    if not postgres_answers(url):
        install("postgresql")
        url = stack.enter_context(private_postgres(folder))
    return stack.enter_context(own_database(url))


def redis_server(stack: contextlib.ExitStack, folder: Path) -> str:
    url = os.environ.get("SERVICES_REDIS_URL", REDIS_URL)
    if redis_answers(url):
        return url
    install("redis")
    return stack.enter_context(private_redis(folder))


def main(command: list[str]) -> int:
    # Without this an ended run would leave its servers and its database behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="services-")))
        environment = {
            "SERVICES_DATABASE_URL": postgres(stack, folder),
            "SERVICES_REDIS_URL": redis_server(stack, folder),
        }
        code = subprocess.run(command, env=os.environ | environment, check=False).returncode
    if code == NO_TESTS_COLLECTED:
        print(
            "No test is marked `services`: nothing was tried against PostgreSQL and Redis.", file=sys.stderr
        )
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
