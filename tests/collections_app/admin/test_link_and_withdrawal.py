import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from collections_app import links
from collections_app.links import LinkState
from collections_app.models import Collection, Connection, Lender
from tests import factories
from tests.parallel import at_once

TOKEN = re.compile(r"clk_[0-9A-Za-z]{49}")


@pytest.fixture
def started(lender: Lender) -> Collection:
    collection = factories.make_collection(lender, status=Collection.Status.STARTED)
    factories.make_connection(collection)
    return collection


def page(collection: Collection, name: str = "change") -> str:
    return f"/admin/collections_app/collection/{collection.pk}/{name}/"


def form_key(browser: Client, collection: Collection) -> str:
    key = re.search(r'name="form_key" value="([^"]+)"', browser.get(page(collection)).content.decode())
    assert key
    return key[1]


def test_a_new_link_works_and_the_old_one_stops(manager: Client, started: Collection) -> None:
    old = started.links.get()
    answer = manager.post(page(started, "link"), {"form_key": form_key(manager, started)})
    token = TOKEN.search(answer.content.decode())
    assert token
    assert "no-store" in answer.headers["Cache-Control"]
    new = links.find(token[0])
    assert new
    assert links.state(new) is LinkState.OPEN
    old.refresh_from_db()
    assert links.state(old) is LinkState.WITHDRAWN
    assert token[0] not in manager.get(page(started)).content.decode()


def test_a_mistyped_address_is_corrected_with_a_new_link(
    manager: Client, started: Collection, django_capture_on_commit_callbacks: Any
) -> None:
    before = started.borrower_email
    assert f'value="{before}"' in manager.get(page(started)).content.decode()
    sent = {"form_key": form_key(manager, started), "address": " ann@company.example ", "send_mail": "on"}
    with django_capture_on_commit_callbacks(execute=True):
        manager.post(page(started, "link"), sent)
    (told,) = mail.outbox
    assert told.to == ["ann@company.example"]
    text = manager.get(page(started)).content.decode()
    assert f"Changed the borrower&#x27;s e-mail from {before} to ann@company.example." in text
    found = manager.get("/admin/collections_app/collection/", {"q": "ann@company.example"})
    assert started.reference in found.content.decode()


@pytest.mark.parametrize(
    "wrong", ["ann", "ann@company", "a@b.example\nBcc: x@y.example", f"{'a' * 250}@b.example"]
)
def test_an_address_that_is_none_is_refused_and_the_link_stays(
    manager: Client, started: Collection, wrong: str
) -> None:
    before = started.borrower_email
    answer = manager.post(
        page(started, "link"), {"form_key": form_key(manager, started), "address": wrong}, follow=True
    )
    assert '<li class="error">' in answer.content.decode()
    started.refresh_from_db()
    assert started.borrower_email == before
    assert links.state(started.links.get()) is LinkState.OPEN


def test_an_operator_has_no_link_mailed_to_an_address_of_its_own(
    operator: Client, started: Collection, django_capture_on_commit_callbacks: Any
) -> None:
    sent = {"form_key": form_key(operator, started), "address": "operator@service.example"}
    with django_capture_on_commit_callbacks(execute=True):
        operator.post(page(started, "link"), sent)
    (told,) = mail.outbox
    assert told.to == [started.borrower_email]


def test_reloading_the_page_with_the_link_makes_no_other_link(manager: Client, started: Collection) -> None:
    key = {"form_key": form_key(manager, started)}
    manager.post(page(started, "link"), key)
    again = manager.post(page(started, "link"), key)
    assert started.links.count() == 2
    assert again.headers["Location"] == page(started)


def test_a_double_click_makes_and_mails_one_link(
    transactional_db: None, manager: Client, started: Collection
) -> None:
    """Both clicks come with the same cookies, before either has an answer."""
    sent = {"form_key": form_key(manager, started), "send_mail": "on"}

    def click() -> Any:
        browser = Client()
        browser.cookies = manager.cookies
        return browser.post(page(started, "link"), sent)

    answers: list[Any] = at_once(5, click)
    assert sorted(answer.status_code for answer in answers) == [200, 302, 302, 302, 302]
    shown = next(TOKEN.search(answer.content.decode()) for answer in answers if answer.status_code == 200)
    link = links.find(shown[0]) if shown else None
    assert link and links.state(link) is LinkState.OPEN
    assert started.links.count() == 2
    assert len(mail.outbox) == 1


def test_the_same_key_counts_for_each_person(manager: Client, operator: Client, started: Collection) -> None:
    for browser in (manager, operator):
        assert browser.post(page(started, "link"), {"form_key": "chosen"}).status_code == 200
    assert started.links.count() == 3


def test_looking_at_the_address_makes_no_link(manager: Client, started: Collection) -> None:
    assert manager.get(page(started, "link")).status_code == 405
    assert started.links.count() == 1


def test_withdrawing_is_asked_for_and_then_done(manager: Client, started: Collection) -> None:
    assert "This cannot be undone" in manager.get(page(started, "withdraw")).content.decode()
    started.refresh_from_db()
    assert started.status == Collection.Status.STARTED
    answer = manager.post(page(started, "withdraw"), follow=True)
    assert "The request was withdrawn" in answer.content.decode()
    started.refresh_from_db()
    assert started.status == Collection.Status.WITHDRAWN
    assert Connection.objects.get(collection=started).secret is None
    assert started.events.get(action="collection.withdrawn").actor_kind == "staff"


def test_a_withdrawn_request_gets_no_link(manager: Client, started: Collection) -> None:
    key = form_key(manager, started)
    manager.post(page(started, "withdraw"))
    answer = manager.post(page(started, "link"), {"form_key": key}, follow=True)
    assert "Make a new request instead" in answer.content.decode()
    assert started.links.count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_complete_collection_cannot_be_withdrawn(
    method: str, manager: Client, collected: Collection
) -> None:
    answer = getattr(manager, method)(page(collected, "withdraw"), follow=True)
    assert "cannot be withdrawn" in answer.content.decode()
    collected.refresh_from_db()
    assert collected.status == Collection.Status.SUBMITTED


def test_a_link_is_switched_off_and_the_request_stays(manager: Client, started: Collection) -> None:
    assert "Switch the link off" in manager.get(page(started)).content.decode()
    answer = manager.post(page(started, "revoke"), follow=True)
    assert "The link no longer works" in answer.content.decode()
    assert "Switch the link off" not in answer.content.decode()
    assert links.state(started.links.get()) is LinkState.WITHDRAWN
    started.refresh_from_db()
    assert started.status == Collection.Status.STARTED
    assert started.events.get(action="link.revoked").actor_kind == "staff"
    again = manager.post(page(started, "revoke"), follow=True)
    assert "has no link that works" in again.content.decode()
    assert manager.get(page(started, "revoke")).status_code == 405


def test_only_managers_switch_links_off(analyst: Client, stranger: Client, started: Collection) -> None:
    assert analyst.post(page(started, "revoke")).status_code == 403
    assert stranger.post(page(started, "revoke")).status_code == 404
    assert links.state(started.links.get()) is LinkState.OPEN
