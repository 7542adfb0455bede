from collections.abc import Iterator
from pathlib import Path

import pytest

from intacct.sandbox import Sandbox
from tests.intacct.sandbox.gateway_client import EXCHANGES, SENDER_ID, SENDER_PASSWORD

MAPLE = Path(__file__).parents[4] / "shared" / "data" / "companies" / "maple"


@pytest.fixture(scope="module")
def birchwood() -> Iterator[Sandbox]:
    """The two companies of the exchanges."""
    folders = [EXCHANGES / "company", EXCHANGES / "unauthorized"]
    with Sandbox(folders, sender_id=SENDER_ID, sender_password=SENDER_PASSWORD) as running:
        yield running


@pytest.fixture
def sandbox(birchwood: Sandbox) -> Sandbox:
    """The same, with nothing left over from the test before."""
    birchwood.faults.clear()
    birchwood.sessions.end_all()
    return birchwood


@pytest.fixture(scope="module")
def maple_folder() -> Path:
    """A real ledger that lies beside a developer's checkout and is not part of the project."""
    if not MAPLE.is_dir():
        pytest.skip(f"LOUD: the real ledger is not at {MAPLE}, so nothing here checks the sandbox against it")
    return MAPLE


@pytest.fixture(scope="module")
def maple(maple_folder: Path) -> Iterator[Sandbox]:
    with Sandbox([maple_folder], sender_id=SENDER_ID, sender_password=SENDER_PASSWORD) as running:
        yield running
