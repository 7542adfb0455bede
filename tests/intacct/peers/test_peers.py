"""Intacct clients written by others work against the sandbox without being changed."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from intacct.sandbox import Sandbox
from tests.intacct.peers.installing import Peer, PeerMissing, intacct_sdk, sage_intacct_sdk
from tests.intacct.sandbox.gateway_client import BIRCHWOOD, EXCHANGES, SENDER_ID, SENDER_PASSWORD

pytestmark = [pytest.mark.peers, pytest.mark.timeout(300)]

WINDOW = ("--start", "04/01/2026", "--end", "04/15/2026")
LINES = [
    ["12-1", "04/12/2026", "6000", "-5.00"],
    ["12-2", "04/12/2026", "2000", "5.00"],
    ["7-1", "04/02/2026", "1000", "1250.50"],
    ["7-2", "04/02/2026", "1200", "-1250.50"],
    ["8-1", "04/10/2026", "1200", "820.00"],
    ["8-2", "04/10/2026", "4000", "-820.00"],
    ["9-1", "04/15/2026", "6000", "400.00"],
    ["9-2", "04/15/2026", "2000", "-400.00"],
]


@pytest.fixture(scope="module")
def gateway() -> Iterator[Sandbox]:
    with Sandbox([EXCHANGES / "company"], sender_id=SENDER_ID, sender_password=SENDER_PASSWORD) as running:
        yield running


@pytest.fixture(scope="module", params=[sage_intacct_sdk, intacct_sdk])
def seen(request: pytest.FixtureRequest, gateway: Sandbox) -> dict[str, Any]:
    """What one client saw, with its name."""
    install: Callable[[], Peer] = request.param
    try:
        peer = install()
    except PeerMissing as missing:
        pytest.skip(f"NOT TESTED: a public client {missing}.")
    company, user, password = BIRCHWOOD
    printed = peer.run(
        *("exercise", "--endpoint", gateway.endpoint, "--company-id", company, "--user-id", user),
        *("--password", password, "--sender-id", SENDER_ID, "--sender-password", SENDER_PASSWORD, *WINDOW),
    )
    return {"client": peer.name, **json.loads(printed)}


def test_a_public_client_lists_accounts_in_small_pages(seen: dict[str, Any]) -> None:
    shared = ["1000", "1200", "2000", "3000", "3900", "4000", "6000", "6100"]
    assert seen["accounts"] == shared


def test_a_public_client_lists_entities(seen: dict[str, Any]) -> None:
    assert seen["entities"] == ["E100", "E200"]


def test_a_public_client_reads_detail_in_a_date_range(seen: dict[str, Any]) -> None:
    assert seen["lines"] == LINES


def test_a_public_client_reads_one_object(seen: dict[str, Any]) -> None:
    assert seen["one"] == {"RECORDNO": "11", "TITLE": "Operating bank"}


def test_a_public_client_is_told_of_an_unknown_object_in_its_own_way(seen: dict[str, Any]) -> None:
    names = {"sageintacctsdk": "WrongParamsError", "@intacct/intacct-sdk": "ResultException"}
    assert seen["unknown"]["name"] == names[seen["client"]]


def test_a_public_client_fails_on_a_wrong_password_in_its_own_way(seen: dict[str, Any]) -> None:
    names = {"sageintacctsdk": "InvalidTokenError", "@intacct/intacct-sdk": "ResponseException"}
    assert seen["wrong_password"]["name"] == names[seen["client"]]
    assert "not-the-password" not in str(seen["wrong_password"])
