"""The last page: what was shared, who has looked since, and how to withdraw."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from collections_app.models import Collection, DocumentRequest, Lender
from tests import factories
from tests.collecting import actions
from tests.portal.previewing import browser_of, waiting
from tests.portal.test_documents import file, upload
from tests.uploaded_files import PDF

DONE, WITHDRAW = "/collection/done/", "/collection/withdraw/"


@pytest.fixture
def shared(lender: Lender) -> Collection:
    return factories.collected_collection(lender, linked=False)


@pytest.fixture
def browser(shared: Collection) -> Client:
    return browser_of(shared)


@pytest.fixture
def staff(shared: Collection) -> Client:
    client = Client()
    client.force_login(factories.make_staff(shared.lender))
    return client


def desk(collection: Collection, more: str = "change/") -> str:
    return f"/admin/collections_app/collection/{collection.pk}/{more}"


def words_of(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.mark.slow
def test_it_shows_who_has_looked_since_without_naming_the_person(
    browser: Client, staff: Client, shared: Collection
) -> None:
    assert "Nobody yet" in words_of(browser.get(DONE))
    for _ in range(3):
        assert staff.get(desk(shared)).status_code == 200
    staff.get(desk(shared, "files/report.xlsx")).getvalue()
    page = words_of(browser.get(DONE))
    assert page.count("Staff of Harbor Community Bank: Looked at the page of your reports") == 1
    assert "Staff of Harbor Community Bank: Downloaded report.xlsx" in page
    assert "@staff.test" not in page


@pytest.mark.slow
def test_what_is_required_and_missing_is_said_first(browser: Client, shared: Collection) -> None:
    DocumentRequest.objects.create(collection=shared, position=1, name="2025 tax return")
    page = words_of(browser.get(DONE))
    assert "One thing is left" in page and "2025 tax return" in page
    key = shared.document_requests.get().key
    assert upload(browser, file(), key=key).status_code == 302
    page = words_of(browser.get(DONE))
    assert "There is nothing more to do" in page and "tax.pdf" in page


@pytest.mark.slow
def test_a_lender_that_gives_no_copy_gives_none(browser: Client, shared: Collection) -> None:
    assert "report.xlsx" in words_of(browser.get(DONE))
    Lender.objects.update(allows_copy=False)
    assert "report.xlsx" not in words_of(browser.get(DONE))
    assert browser.get("/collection/download/report.xlsx").status_code == 404


@pytest.mark.slow
def test_the_lender_downloads_documents_from_its_desk_and_others_do_not(
    browser: Client, staff: Client, shared: Collection
) -> None:
    Collection.objects.update(allows_other_documents=True)
    upload(browser, file(name="Größe.pdf"))
    kept = shared.documents.get()
    page = staff.get(desk(shared)).content.decode()
    assert "Download Größe.pdf" in page and "Not scanned for viruses" in page
    assert b"".join(staff.get(desk(shared, f"documents/{kept.key}"))) == PDF
    assert "Downloaded Größe.pdf" in words_of(browser.get(DONE))
    stranger = Client()
    stranger.force_login(factories.make_staff(factories.make_lender("Southern Trust")))
    assert stranger.get(desk(shared, f"documents/{kept.key}")).status_code == 404
    assert (
        staff.get(desk(factories.make_collection(shared.lender), f"documents/{kept.key}")).status_code == 404
    )


def test_withdrawing_after_sharing_ends_the_lenders_access_and_erases_nothing(
    browser: Client, staff: Client, shared: Collection, django_capture_on_commit_callbacks: Any
) -> None:
    page = words_of(browser.get(WITHDRAW))
    assert "can no longer open your reports" in page and "not erased by this" in page
    assert "so there are no copies to call back" in page
    with django_capture_on_commit_callbacks(execute=True):
        response = browser.post(WITHDRAW, {"reason": "Another bank\r\nBcc: x@evil.example"})
    assert response.headers["Location"] == "/collection/"
    closed = browser.get("/collection/")
    assert closed.status_code == 410 and "You have withdrawn" in words_of(closed)
    assert "can make a new request" in words_of(closed) and "for a new link" not in words_of(closed)
    (told,) = mail.outbox
    assert told.to == ["lending@harbor.example"]
    assert "Another bank Bcc: x@evil.example" in str(told.body)
    page = words_of(staff.get(desk(shared)))
    assert "has withdrawn what it shared" in page and "report.xlsx" not in page.split('id="work"')[0]
    assert "The reason given: Another bank" in page
    assert staff.get(desk(shared, "files/report.xlsx")).status_code == 404
    assert shared.files.exists()
    assert browser.post(WITHDRAW).status_code == 410
    assert actions(shared).count("collection.withdrawn") == 1


@pytest.mark.slow
def test_withdrawing_before_sharing_takes_everything_along(
    lender: Lender, django_capture_on_commit_callbacks: Any
) -> None:
    collection = waiting(lender, allows_other_documents=True)
    browser = browser_of(collection)
    upload(browser, file())
    page = words_of(browser.get(WITHDRAW))
    assert "Nothing is shared" in page and "that you uploaded are deleted" in page
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(WITHDRAW)
    assert not collection.documents.exists()
    assert "Nothing had been shared" in str(mail.outbox[0].body)


@pytest.mark.slow
def test_a_reason_that_is_too_long_is_kept_on_the_page(browser: Client, shared: Collection) -> None:
    response = browser.post(WITHDRAW, {"reason": "x" * 501})
    assert response.status_code == 422 and "x" * 501 in response.content.decode()
    for reason in ("\0", "{{ 7*7 }}" * 100):
        assert browser.post(WITHDRAW, {"reason": reason}).status_code == 422
    shared.refresh_from_db()
    assert shared.status == Collection.Status.SUBMITTED


@pytest.mark.slow
def test_the_staffs_own_withdrawal_cannot_undo_a_sharing(staff: Client, shared: Collection) -> None:
    staff.post(desk(shared, "withdraw/"))
    shared.refresh_from_db()
    assert shared.status == Collection.Status.SUBMITTED
