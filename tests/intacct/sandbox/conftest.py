from collections.abc import Iterator
from pathlib import Path

import pytest

from intacct.sandbox import Sandbox
from tests.intacct.sandbox.gateway_client import EXCHANGES, SENDER_ID, SENDER_PASSWORD


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
def maple_gateway(maple: Path) -> Iterator[Sandbox]:
    """A gateway that serves the real ledger."""
    with Sandbox([maple], sender_id=SENDER_ID, sender_password=SENDER_PASSWORD) as running:
        yield running
