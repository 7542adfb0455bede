"""A system that lost the answer sends its request again: what was made is not made twice."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends import locmem
from django.utils import timezone

from collections_app.models import Collection, Event, Lender, SentRequest
from collections_app.services import invitations, repeating
from collections_app.services.erasing import collection_erase
from tests import factories
from tests.collecting import OPERATOR
from tests.parallel import at_once
from tests.portal.test_api import BASE, System

WANTED = {"borrower": "Birch", "email": "o@birch.example", "from": "2026-01-01", "to": "2026-03-31"}


def test_the_same_request_with_the_same_key_is_made_and_mailed_once(
    lender: Lender, django_capture_on_commit_callbacks: Any
) -> None:
    system = System(lender)
    with django_capture_on_commit_callbacks(execute=True):
        first = system.post(BASE, WANTED, idempotency_key="loan 77")
        again = system.post(BASE, WANTED, idempotency_key="loan 77")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["reference"] == first.json()["reference"] and again.json()["link"] is None
    assert (Collection.objects.count(), len(mail.outbox)) == (1, 1)
    assert Event.objects.filter(action="request.viewed").count() == 1
    assert system.post(BASE, WANTED, idempotency_key="loan 78").status_code == 201
    assert system.post(BASE, WANTED).status_code == 201
    assert system.post(BASE, WANTED).status_code == 201
    assert Collection.objects.count() == 4


def test_a_key_stands_for_one_request_of_one_lender(lender: Lender) -> None:
    system, other = System(lender), System(factories.make_lender())
    made = system.post(BASE, WANTED, idempotency_key="1").json()["reference"]
    refused = system.post(BASE, {**WANTED, "to": "2026-06-30"}, idempotency_key="1")
    assert refused.status_code == 422
    assert "stands for another request" in refused.json()["detail"]
    elsewhere = system.post(f"{BASE}/{made}/refresh", WANTED, idempotency_key="1")
    assert elsewhere.status_code == 422
    assert other.post(BASE, WANTED, idempotency_key="1").status_code == 201
    assert Collection.objects.count() == 2


def test_what_was_refused_may_be_mended_under_the_same_key(lender: Lender) -> None:
    system = System(lender)
    wrong = system.post(BASE, {**WANTED, "to": "2025-01-01"}, idempotency_key="1")
    assert wrong.status_code == 422 and not SentRequest.objects.exists()
    assert system.post(BASE, WANTED, idempotency_key="1").status_code == 201


def test_a_refresh_that_is_sent_again_is_made_once(lender: Lender) -> None:
    system, earlier = System(lender), factories.collected_collection(lender)
    address = f"{BASE}/{earlier.reference}/refresh"
    wanted = {"from": "2026-02-01", "to": "2026-04-30"}
    first, again = (system.post(address, wanted, idempotency_key="1") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["reference"] == again.json()["reference"]
    assert earlier.refreshed_by.count() == 1


def test_twenty_at_once_make_one(transactional_db: None, lender: Lender) -> None:
    system = System(lender)

    def send() -> Any:
        return system.post(BASE, WANTED, idempotency_key="1")

    answers: list[Any] = at_once(20, send)
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert {answer.json()["reference"] for answer in answers} == {Collection.objects.get().reference}
    assert len(mail.outbox) == 1


def test_the_answer_tells_whether_the_borrower_was_mailed(
    transactional_db: None, lender: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = System(lender)
    mailed = [system.post(BASE, WANTED, idempotency_key="1").json()["mailed"] for _ in range(2)]
    assert mailed == [True, True]
    # The process dies, for all that the system can see, before it mails.
    monkeypatch.setattr(invitations, "_send_invitation", lambda *_: None)
    assert system.post(BASE, WANTED, idempotency_key="2").status_code == 201
    with time_machine.travel(timezone.now() + timedelta(seconds=121)):
        assert system.post(BASE, WANTED, idempotency_key="2").json()["mailed"] is False
    assert len(mail.outbox) == 1


def test_while_the_mail_is_on_its_way_nobody_is_told_that_the_borrower_has_none(
    transactional_db: None, lender: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mail server takes its time, and the system sends the same again meanwhile."""
    system, meanwhile = System(lender), list[Any]()

    def send_slowly(_backend: object, messages: list[Any]) -> int:
        meanwhile.append(system.post(BASE, WANTED, idempotency_key="1").json()["mailed"])
        return len(messages)

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", send_slowly)
    assert system.post(BASE, WANTED, idempotency_key="1").json()["mailed"] is True
    assert meanwhile == [None]
    assert system.post(BASE, WANTED, idempotency_key="1").json()["mailed"] is True


def test_where_no_mail_was_taken_or_wanted_the_answer_says_so_at_once(
    transactional_db: None, lender: Lender, broken_mail: Callable[[Exception], None]
) -> None:
    system = System(lender)
    broken_mail(ConnectionRefusedError("away"))
    for wanted, key in (({**WANTED, "send_mail": False}, "1"), (WANTED, "2")):
        told = [system.post(BASE, wanted, idempotency_key=key).json()["mailed"] for _ in range(2)]
        assert told == [False, False]


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_a_key_that_is_empty_or_too_long_is_named_and_nothing_is_made(lender: Lender, key: str) -> None:
    refused = System(lender).post(BASE, WANTED, idempotency_key=key)
    assert refused.status_code == 422
    told = "Idempotency-Key: send 1 to 200 characters of your own, or leave the header out."
    assert refused.json()["detail"] == told
    assert not Collection.objects.exists()


def test_what_was_erased_is_not_made_again_by_a_late_try(lender: Lender) -> None:
    system = System(lender)
    made = system.post(BASE, WANTED, idempotency_key="1").json()["reference"]
    collection_erase(collection=Collection.objects.get(), by=OPERATOR, why="asked")
    assert bytes(SentRequest.objects.get().content_hash) == b""
    again = system.post(BASE, WANTED, idempotency_key="1")
    assert (again.status_code, again.json()["reference"]) == (200, made)
    assert Collection.objects.count() == 1


def test_keys_are_forgotten_after_a_week(lender: Lender) -> None:
    System(lender).post(BASE, WANTED, idempotency_key="1")
    assert repeating.sent_requests_forget() == 0
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert repeating.sent_requests_forget() == 1
    assert Collection.objects.exists()
