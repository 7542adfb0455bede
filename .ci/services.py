"""Runs a command with real servers: `.venv/bin/python .ci/services.py COMMAND...`

Sets SERVICES_DATABASE_URL (a new, empty PostgreSQL database, dropped afterwards) and SERVICES_REDIS_URL
(Redis database 15). A server is the one those variables name, else one that answers on 127.0.0.1, else a
private one started from Debian's programs. The exit code is the command's; "no tests collected" is a failure.
"""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.servers import (  # noqa: E402 - the path comes first
    PostgresServer,
    RedisServer,
    ServerMissing,
    new_database,
    postgres_answers,
    redis_answers,
)

POSTGRES_URL = "postgres://postgres@127.0.0.1:5432/postgres"
REDIS_URL = "redis://127.0.0.1:6379/15"
NO_TESTS_COLLECTED = 5


def install(purpose: str) -> None:
    subprocess.run([ROOT / ".ci" / "system-packages", purpose], check=True)


@contextlib.contextmanager
def own_database(server_url: str) -> Iterator[str]:
    name = f"strongbox_services_{os.getpid()}"
    try:
        yield new_database(server_url, name)
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            for leftover in (name, f"test_{name}"):
                connection.execute(f'DROP DATABASE IF EXISTS "{leftover}" WITH (FORCE)')


def postgres(stack: contextlib.ExitStack, folder: Path) -> str:
    url = os.environ.get("SERVICES_DATABASE_URL", POSTGRES_URL)
    if not postgres_answers(url):
        install("postgresql")
        url = stack.enter_context(PostgresServer(folder)).url
    return stack.enter_context(own_database(url))


def redis_server(stack: contextlib.ExitStack, folder: Path) -> str:
    url = os.environ.get("SERVICES_REDIS_URL", REDIS_URL)
    if redis_answers(url):
        return url
    install("redis")
    return stack.enter_context(RedisServer(folder)).url


def main(command: list[str]) -> int:
    # Without this an ended run would leave its servers and its database behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="services-")))
        try:
            environment = {
                "SERVICES_DATABASE_URL": postgres(stack, folder),
                "SERVICES_REDIS_URL": redis_server(stack, folder),
            }
        except (ServerMissing, RuntimeError) as error:
            sys.exit(str(error))
        code = subprocess.run(command, env=os.environ | environment, check=False).returncode
    if code == NO_TESTS_COLLECTED:
        print(
            "No test is marked `services`: nothing was tried against PostgreSQL and Redis.", file=sys.stderr
        )
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
