"""A borrower whose system cannot be connected is not stuck: documents take the reports' place."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from collections_app.models import Collection, DocumentRequest
from tests import factories
from tests.collecting import actions
from tests.portal.test_documents import file, upload

STEP = "/collection/share-documents/"


@pytest.fixture
def elsewhere(borrower: Client, asked: Collection) -> Collection:
    """The books are in a system that is not listed."""
    borrower.post("/collection/select-system/", {"unlisted_system": "Ledgerly"})
    asked.refresh_from_db()
    return asked


def test_an_unlisted_system_leads_to_documents_and_back(borrower: Client, elsewhere: Collection) -> None:
    assert STEP in borrower.get("/collection/select-system/").content.decode()
    assert borrower.get("/collection/").headers["Location"] == STEP
    assert borrower.get("/collection/review/").status_code == 404
    page = borrower.get(STEP).content.decode()
    assert "Step 2 of 2" in re.sub(r"\s+", " ", page) and "/collection/documents/" in page
    borrower.post("/collection/select-system/", {"system": "sage-intacct"})
    assert borrower.get("/collection/").headers["Location"] == "/collection/review/"
    assert borrower.get(STEP).status_code == 404


def test_nothing_is_shared_without_documents_or_without_those_required(
    borrower: Client, elsewhere: Collection
) -> None:
    response = borrower.post(STEP, {"agreed": "on"})
    assert response.status_code == 422 and "at least one document" in response.content.decode()
    DocumentRequest.objects.create(collection=elsewhere, position=1, name="2025 tax return")
    upload(borrower, file())
    response = borrower.post(STEP, {"agreed": "on"})
    assert response.status_code == 422 and "Still missing: 2025 tax return" in response.content.decode()
    upload(borrower, file(b"a,b\n", "list.csv"), key=elsewhere.document_requests.get().key)
    assert borrower.post(STEP).status_code == 422
    elsewhere.refresh_from_db()
    assert elsewhere.status == Collection.Status.STARTED


def test_documents_alone_are_shared_and_everybody_is_told_that_no_reports_were_collected(
    borrower: Client, elsewhere: Collection, django_capture_on_commit_callbacks: Any
) -> None:
    upload(borrower, file())
    staff = Client()
    staff.force_login(factories.make_staff(elsewhere.lender))
    desk = f"/admin/collections_app/collection/{elsewhere.pk}/"
    before = staff.get(f"{desk}change/").content.decode()
    assert "1 document and not shared it yet" in re.sub(r"\s+", " ", before) and "tax.pdf" not in before
    key = elsewhere.documents.get().key
    assert staff.get(f"{desk}documents/{key}").status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            assert borrower.post(STEP, {"agreed": "on"}).status_code == 302
    assert actions(elsewhere).count("collection.submitted") == 1
    done = borrower.get("/collection/", follow=True).content.decode()
    assert "your documents are shared" in done and "tax.pdf" in done and "Sage Intacct, and" not in done
    assert "No reports were collected" in staff.get(f"{desk}change/").content.decode()
    staff.get(f"{desk}documents/{key}").getvalue()
    elsewhere.refresh_from_db()
    assert (elsewhere.consent_version, elsewhere.shared_at is None) == ("documents 2026-11-26", False)
    assert "has your documents" in mail.outbox[-1].subject
