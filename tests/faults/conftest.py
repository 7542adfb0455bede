"""Servers and companies of the tests that break something; nothing here touches the machine's own servers."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.scenes import Books, undisturbed
from tests.installation import Installation
from tests.servers import PostgresServer, RedisServer, ServerMissing, new_database


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """A folder that the user of PostgreSQL may enter, which pytest's own are not."""
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def postgres_server(server_folder: Path) -> Iterator[PostgresServer]:
    try:
        with PostgresServer(server_folder) as server:
            yield server
    except ServerMissing as missing:
        pytest.skip(f"NOT TESTED: {missing}")


@pytest.fixture(scope="session")
def redis_of_tests(server_folder: Path) -> RedisServer:
    try:
        return RedisServer(server_folder)
    except ServerMissing as missing:
        pytest.skip(f"NOT TESTED: {missing}")


@pytest.fixture
def redis_server(redis_of_tests: RedisServer) -> Iterator[RedisServer]:
    """A Redis that a test may stop and start; the next test gets an empty one."""
    with redis_of_tests:
        yield redis_of_tests


@pytest.fixture
def scaled(
    postgres_server: PostgresServer, redis_server: RedisServer, tmp_path: Path
) -> Iterator[Installation]:
    """The product on a PostgreSQL and a Redis that the test may break."""
    database = new_database(postgres_server.url, tmp_path.name)
    with Installation(
        tmp_path / "data", DATABASE_URL=database, CELERY_BROKER_URL=redis_server.url
    ) as running:
        running.must("migrate", "--verbosity", "0")
        yield running


@pytest.fixture
def embedded(installation: Installation) -> Installation:
    """The product on a folder and SQLite, with its tables made."""
    installation.must("migrate", "--verbosity", "0")
    return installation


@pytest.fixture(scope="session")
def small_books(small_company: Path, tmp_path_factory: pytest.TempPathFactory) -> Books:
    """Two months of the small company."""
    with Installation(tmp_path_factory.mktemp("undisturbed") / "data") as running:
        return undisturbed(running, small_company, "2026-05-01", "2026-06-30")
