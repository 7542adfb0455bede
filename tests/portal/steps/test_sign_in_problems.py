"""Step 4 when the sign-in does not work: each cause in its own words, and what to do about it (U13)."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

import intacct
from collections_app.models import Collection, Run
from intacct.sandbox import Sandbox
from tests.collecting import CLOSED, PASSWORD, SINGLE, USER, work

STEP = "/collection/credentials/"
RIGHT = {"company_id": SINGLE, "user_id": USER, "password": PASSWORD}
WRONG = "Canary-Wrong-Password-1!"


@dataclass(frozen=True)
class Cause:
    """What is wrong, and what the page says of it: the reason first, then what to do."""

    says: tuple[str, ...]
    typed: dict[str, str] = field(default_factory=dict)
    fault: str = ""


CAUSES = {
    "wrong password": Cause(
        ("did not accept this company ID, user ID and password", "The sign-in needs your attention"),
        {"password": WRONG},
    ),
    "wrong company": Cause(
        ("does not know an active company with this company ID", "it is not the company’s name"),
        {"company_id": "NOWHERE"},
    ),
    "sender not authorized": Cause(
        ("has not yet allowed our sender ID", "Company &gt; Setup &gt; Company &gt; Security"),
        {"company_id": CLOSED},
    ),
    "no web services": Cause(
        ("Web Services is not switched on", "Company &gt; Admin &gt; Subscriptions"),
        fault="web-services-off",
    ),
    "missing permission": Cause(
        ("lacks a permission", "What is missing:", "It is done: try again"),
        {"user_id": "ws_narrow", "password": "Narrow-Secret-1"},
    ),
    "service down": Cause(("not answering at the moment", "We keep trying", "Next try:"), fault="down"),
    "rate limited": Cause(("asks us to wait", "Next try:"), fault="rate-limited"),
    "our own sender": Cause(("refused this service, not you", "This is ours to mend"), fault="wrong-sender"),
}


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client does not wait between tries."""
    defaults: Any = intacct.connect.__kwdefaults__
    monkeypatch.setitem(defaults, "sleep", lambda seconds: None)


@pytest.mark.parametrize("cause", CAUSES)
def test_the_page_says_what_is_wrong_and_what_to_do_and_keeps_all_but_the_password(
    borrower: Client, confirmed: Collection, gateway: Sandbox, impatient: None, cause: str
) -> None:
    told = CAUSES[cause]
    typed = RIGHT | told.typed
    if told.fault:
        gateway.faults.next(told.fault, times=5)
    assert borrower.post(STEP, typed).status_code == 302
    work(Run.objects.get())
    page = borrower.get("/collection/", follow=True).content.decode()
    for words in told.says:
        assert words in page
    assert typed["password"] not in page
    form = borrower.get(STEP, {"change": "1"}).content.decode()
    assert f'value="{typed["company_id"]}"' in form
    assert f'value="{typed["user_id"]}"' in form
    assert typed["password"] not in form


def test_an_entity_that_is_closed_to_this_user_is_said_with_what_to_do(
    borrower: Client, confirmed: Collection, gateway: Sandbox
) -> None:
    borrower.post(STEP, RIGHT)
    Run.objects.update(status=Run.Status.NEEDS_BORROWER, problem="entity_refused")
    page = borrower.get("/collection/", follow=True).content.decode()
    assert "may not enter the entity that you chose" in page
    assert "or choose another one" in page


def test_after_two_refusals_the_page_says_until_when_why_and_what_can_be_done_meanwhile(
    borrower: Client, confirmed: Collection, gateway: Sandbox
) -> None:
    for number in (1, 2):
        borrower.post(STEP, RIGHT | {"password": f"{WRONG}{number}"})
        work(Run.objects.first() or Run())
    page = borrower.get(STEP).content.decode()
    for words in ("can be tried again from", "locks a user out", "Meanwhile:", "send a new password"):
        assert words in page
    before = gateway.requests["getAPISession"]
    third = borrower.post(STEP, RIGHT)
    assert third.status_code == 422
    assert "Sage Intacct refused this user twice" in third.content.decode()
    assert f'value="{SINGLE}"' in third.content.decode()
    assert PASSWORD not in third.content.decode()
    assert not Run.objects.filter(status__in=Run.LIVE).exists()
    assert gateway.requests["getAPISession"] == before
