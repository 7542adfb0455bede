"""What every test may use: companies to collect from, and a network that ends at this machine."""

import ipaddress
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.installation import Installation

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"

# How long an example takes says how busy the machine is, and nothing about the code.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


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
