"""What every test may use: companies to collect from, and a network that ends at this machine."""

import gc
import ipaddress
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from hypothesis import HealthCheck, settings

from tests.installation import Installation

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"

# How long an example takes says how busy the machine is, and nothing about the code.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# For changes of parser or paging: pytest --hypothesis-profile=thorough --timeout=0 tests/intacct
settings.register_profile(
    "thorough", parent=settings.get_profile("suite"), max_examples=6_000, print_blob=True
)
settings.load_profile("suite")


def pytest_collection_finish() -> None:
    """What is there by now stays to the end: looking through it for garbage again and again took a seventh of
    the suite's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Real browsers and processes take their time where the machine is not theirs alone."""
    for item in items:
        takes_long = item.get_closest_marker("slow") or item.get_closest_marker("services")
        if takes_long and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(400))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Where a run must end by a certain time, a long test that might outlast it is told and not begun."""
    end = float(os.environ.get("LONG_TESTS_END_BY", "inf"))
    limit = item.get_closest_marker("timeout")
    if item.get_closest_marker("slow") and limit and time.time() + limit.args[0] > end:
        pytest.skip("NOT TESTED: this machine had no time left for it. Run it by itself.")


@pytest.fixture(autouse=True)
def only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails a test that connects to anything but loopback."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = ipaddress.ip_address(socket.gethostbyname(address[0]))
            assert host.is_loopback, f"a test tried to reach {address[0]}"
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Test databases are emptied again and again, which the triggers of the audit would refuse; and each test
    has keys of its own, under which the audit's key is made when it is first needed.
    """
    from django.db import connection
    from django.db.models.signals import post_migrate

    from collections_app.audit import guards
    from collections_app.models import AuditChain

    post_migrate.disconnect(sender=apps.get_app_config("collections_app"), dispatch_uid=guards.TABLE)
    with django_db_blocker.unblock():
        guards.remove(connection)
        AuditChain.objects.all().delete()


@pytest.fixture(autouse=True)
def audit_key_of_this_database() -> None:
    """Each test has a database of its own, and its key; counts are written down in none by chance."""
    keys, tallies = (sys.modules.get(f"collections_app.{name}") for name in ("audit.keys", "tallies"))
    if keys is not None:
        keys.forget()
    if tallies is not None:
        vars(tallies)["SECONDS_BETWEEN"] = float("inf")


@pytest.fixture(scope="session")
def maple() -> Path:
    """The folder of a real company's ledger, where it is at hand."""
    folder = SHARED / "data" / "companies" / "maple"
    if not folder.is_dir():
        pytest.skip("NOT TESTED: the folder with the real ledger is not beside this checkout.")
    return folder


@pytest.fixture(scope="session")
def small_company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated company with several entities and a consolidation book, small enough to be quick."""
    folder = tmp_path_factory.mktemp("companies") / "small"
    command = [sys.executable, "-m", "intacct.sandbox", "generate", str(folder)]
    sizes = ["--months", "15", "--invoices", "120", "--gl-lines", "2000"]
    subprocess.run([*command, *sizes], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return folder


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """The whole product as processes of its own, on the embedded defaults."""
    with Installation(tmp_path / "data") as running:
        yield running


@pytest.fixture
def services_installation(tmp_path: Path) -> Iterator[Installation]:
    """The same on PostgreSQL and Redis."""
    missing = [name for name in ("SERVICES_DATABASE_URL", "SERVICES_REDIS_URL") if name not in os.environ]
    if missing:
        pytest.fail(f"{' and '.join(missing)} must be set: run these tests through .ci/services.py.")
    with Installation(
        tmp_path / "data",
        DATABASE_URL=os.environ["SERVICES_DATABASE_URL"],
        CELERY_BROKER_URL=os.environ["SERVICES_REDIS_URL"],
    ) as running:
        running.empty_services()
        yield running
