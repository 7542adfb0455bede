"""The cast: a sender, a borrower's user, and the company of the written-down exchanges behind a sandbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import intacct
from intacct.sandbox import Sandbox

Connect = Callable[..., intacct.Company]
EXCHANGES = Path(__file__).parent / "exchanges"


@pytest.fixture
def sender() -> intacct.Sender:
    return intacct.Sender(id="lenderportal", password="sender-secret-1")


@pytest.fixture
def login() -> intacct.Login:
    return intacct.Login(company_id="BIRCHWOOD", user_id="ws_lender", password="Reader-Secret-1")


@pytest.fixture
def sandbox(sender: intacct.Sender) -> Iterator[Sandbox]:
    folders = [EXCHANGES / "company", EXCHANGES / "unauthorized"]
    with Sandbox(folders, sender_id=sender.id, sender_password=sender.password, port=0) as running:
        yield running


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def connect(sandbox: Sandbox, sender: intacct.Sender, login: intacct.Login, waits: list[float]) -> Connect:
    def connected(**changes: Any) -> intacct.Company:
        arguments: dict[str, Any] = {"sender": sender, "login": login, "endpoint": sandbox.endpoint}
        return intacct.connect(**(arguments | {"allow_sandbox": True, "sleep": waits.append} | changes))

    return connected
