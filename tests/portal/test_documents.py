"""The page of documents, through the browser's own form: no script is needed for any of this."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from collections_app.documents import documents_of
from collections_app.events import Who
from collections_app.models import Collection, Document, DocumentRequest, Lender
from collections_app.services import documents
from collections_app.services.invitations import Invitation
from collections_app.uploads.rules import UploadRules
from tests.collecting import actions, invite
from tests.portal.conftest import Open
from tests.uploaded_files import CSV, PDF, SOUND, workbook

PAGE = "/collection/documents/"
STAFF = Who("staff", "ana@harbor.example")


@pytest.fixture
def asking(asked: Collection) -> Collection:
    Collection.objects.filter(pk=asked.pk).update(allows_other_documents=True)
    DocumentRequest.objects.create(
        collection=asked, position=1, name="2025 tax return", explanation="All pages, <b>as filed</b>."
    )
    asked.refresh_from_db()
    return asked


def file(content: bytes = PDF, name: str = "tax.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def upload(browser: Client, *files: SimpleUploadedFile, key: str = "", **headers: str) -> Any:
    return browser.post(PAGE, {"document_request": key, "file": list(files)}, headers=headers or None)


def test_the_page_says_what_is_asked_for_and_what_is_taken(borrower: Client, asking: Collection) -> None:
    page = borrower.get(PAGE).content.decode()
    for part in (
        "2025 tax return",
        "&lt;b&gt;as filed&lt;/b&gt;",
        "still missing",
        "at most 25&nbsp;MB",
        ".docx",
    ):
        assert part in page
    assert "can read nothing of this until your reports are shared" in page
    assert PAGE in borrower.get("/collection/select-system/").content.decode()


def test_the_page_says_what_this_lender_takes(borrower: Client, asking: Collection) -> None:
    settings = {"upload_kinds": ["csv", "jpg"], "upload_megabytes": 3, "upload_documents": 1}
    Lender.objects.filter(pk=asking.lender_id).update(**settings)
    page = borrower.get(PAGE).content.decode()
    assert "Files of these kinds are taken: CSV, JPG. Each at most 3&nbsp;MB" in page
    assert "At most 1 document in all." in page
    assert 'accept=".csv,.jpg,.jpeg"' in page and "larger than 3 MB" in page
    page = upload(borrower, file()).content.decode()
    assert "“tax.pdf” is not of a kind that is taken here. Save it as one of these: CSV, JPG." in page
    assert 'accept=".csv,.jpg,.jpeg"' in page
    assert upload(borrower, file(CSV, "list.csv")).status_code == 302


def test_files_are_uploaded_listed_replaced_and_removed_without_script(
    borrower: Client, asking: Collection
) -> None:
    key = asking.document_requests.get().key
    response = upload(borrower, file(), file(CSV, "list.csv"), key=key)
    assert (response.status_code, response.headers["Location"]) == (302, f"{PAGE}?added=2")
    assert "2 files were added" in borrower.get(response.headers["Location"]).content.decode()
    first = Document.objects.first()
    assert first and b"".join(borrower.get(f"{PAGE}{first.key}")) == PDF
    response = borrower.post(f"{PAGE}{first.key}/replace/", {"file": file(workbook(), "accounts.xlsx")})
    assert response.headers["Location"] == f"{PAGE}?replaced=1"
    (one, other) = documents_of(asking).asked[0].documents
    assert (one.name, other.name) == ("list.csv", "accounts.xlsx")
    assert "Remove “list.csv”?" in borrower.get(f"{PAGE}{one.key}/remove/").content.decode()
    assert borrower.post(f"{PAGE}{one.key}/remove/").headers["Location"] == f"{PAGE}?removed=1"
    assert borrower.post(f"{PAGE}{one.key}/remove/").headers["Location"] == PAGE
    assert actions(asking)[-5:] == [
        "document.added",
        "document.added",
        "document.downloaded",
        "document.replaced",
        "document.removed",
    ]


def test_each_file_is_kept_or_refused_by_itself_and_the_page_says_why(
    borrower: Client, asking: Collection
) -> None:
    response = upload(borrower, file(), file(b"", "empty.pdf"), file(b"MZ", "tax.pdf.exe"))
    page = response.content.decode()
    assert response.status_code == 422
    assert page.count("“empty.pdf” is empty") == page.count("“tax.pdf.exe” is not of a kind") == 2
    assert "<title>Error: " in page and "1 file was added" in page and 'href="#id_file_other"' in page
    assert [document.name for document in Document.objects.all()] == ["tax.pdf"]


def test_the_script_gets_the_same_words(borrower: Client, asking: Collection) -> None:
    asks = {"accept": "application/json"}
    assert upload(borrower, file(), **asks).json() == {"kept": 1, "refused": []}
    response = upload(borrower, file(name="again.pdf"), **asks)
    assert response.status_code == 422
    assert response.json()["refused"] == ["“again.pdf” is here already, as “tax.pdf”. Nothing was added."]
    Collection.objects.filter(pk=asking.pk).update(status="submitted")
    assert upload(borrower, file(CSV, "a.csv"), **asks).json()["kept"] == 1


def test_names_from_a_browser_are_names_alone(borrower: Client, asking: Collection) -> None:
    tricks = {
        "../../etc/tax.pdf": (PDF, "tax.pdf"),
        "C:\\private\\list.csv": (CSV, "list.csv"),
        "<script>alert(1)</script>.png": (SOUND["photo.png"], None),
        "phot\u202egpj.jpg": (SOUND["plan.jpeg"], "photgpj.jpg"),
        "con.docx": (SOUND["letter.docx"], None),
        "x" * 300 + ".xlsx": (workbook({"a": b"1"}), None),
    }
    for given, (content, kept) in tricks.items():
        before = Document.objects.count()
        response = upload(borrower, file(content, given))
        newest = Document.objects.last()
        assert "<script>alert(1)" not in response.content.decode()
        assert (Document.objects.count() > before) == (kept is not None), given
        assert kept is None or (newest and newest.name == kept)


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"file": "not a file"},
        {"document_request": "0" * 32, "file": "x"},
        {"document_request": ["", "x"], "collection": "1", "first_opened_at": "2020-01-01"},
        {"document_request": "\0\ud7ff\u202e<script>" + "x" * 100_000},
    ],
)
def test_a_form_without_a_file_or_with_made_up_fields_changes_nothing(
    borrower: Client, asking: Collection, posted: dict[str, Any]
) -> None:
    before = actions(asking)
    assert borrower.post(PAGE, posted).status_code in (404, 422)
    assert (Document.objects.count(), actions(asking)) == (0, before)


def test_a_second_click_adds_nothing(borrower: Client, asking: Collection) -> None:
    upload(borrower, file())
    assert upload(borrower, file()).status_code == 422
    assert Document.objects.count() == 1


def test_anothers_documents_are_not_there(
    borrower: Client, asking: Collection, invitation: Invitation, open_link: Open
) -> None:
    upload(borrower, file())
    kept = Document.objects.get()
    stranger = open_link(invite(asking.lender, allows_other_documents=True))
    key = asking.document_requests.get().key
    assert stranger.get(f"{PAGE}{kept.key}").status_code == 404
    assert stranger.post(f"{PAGE}{kept.key}/replace/", {"file": file(CSV, "a.csv")}).status_code == 404
    assert stranger.post(f"{PAGE}{kept.key}/remove/").status_code == 302
    assert upload(stranger, file(CSV, "a.csv"), key=key).status_code == 404
    assert Client().get(f"{PAGE}{kept.key}").status_code == 403
    assert Document.objects.get().pk == kept.pk


def test_nobody_is_led_to_documents_that_nobody_wants(borrower: Client, asked: Collection) -> None:
    assert borrower.get(PAGE).headers["Location"] == "/collection/"
    assert upload(borrower, file()).status_code == 302
    assert not Document.objects.exists()
    assert PAGE not in borrower.get("/collection/select-system/").content.decode()


def test_a_file_over_the_limit_is_cut_off_and_refused(
    borrower: Client, asking: Collection, monkeypatch: Any
) -> None:
    monkeypatch.setattr("portal.upload_handler.MOST_BYTES", 100)
    monkeypatch.setattr(UploadRules, "most_bytes", 100)
    for content, status in ((PDF + b"\n" * (100 - len(PDF)), 302), (CSV * 50, 422)):
        assert upload(borrower, file(content, "a.pdf" if status == 302 else "a.csv")).status_code == status
    monkeypatch.setattr("portal.upload_handler.MOST_BYTES_OF_A_REQUEST", 1_000)
    assert upload(borrower, file(CSV * 500, "b.csv")).status_code >= 400
    assert Document.objects.count() == 1


def test_what_the_lender_decided_on_is_offered_for_removal_no_more(
    borrower: Client, asking: Collection
) -> None:
    upload(borrower, file())
    assert "/remove/" in borrower.get(PAGE).content.decode()
    Collection.objects.filter(pk=asking.pk).update(review="accepted")
    page = borrower.get(PAGE).content.decode()
    assert "has reviewed it, so it stays." in page and "/remove/" not in page


def test_what_the_lender_opened_cannot_be_removed_and_the_page_says_so(
    borrower: Client, asking: Collection
) -> None:
    upload(borrower, file())
    kept = Document.objects.get()
    documents.document_open(document=kept, by=STAFF).close()
    assert "so it stays" in borrower.get(PAGE).content.decode()
    response = borrower.post(f"{PAGE}{kept.key}/remove/")
    assert response.status_code == 422 and "has opened it" in response.content.decode()


def test_a_document_is_handed_out_as_a_file_and_never_shown_as_a_page(
    borrower: Client, asking: Collection
) -> None:
    upload(borrower, file(b"<script>alert(1)</script>,1\n", "list.csv"))
    response = borrower.get(f"{PAGE}{Document.objects.get().key}")
    assert response.headers["Content-Disposition"].startswith("attachment; filename=")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"].startswith("sandbox")
    assert response.getvalue()


def test_what_was_told_cannot_be_made_up(borrower: Client, asking: Collection) -> None:
    for query in ("added=<script>", "added=999999999", "added=-1", "added=٣", "removed=", "told=x"):
        page = borrower.get(f"{PAGE}?{query}").content.decode()
        assert "notice--success" not in page, json.dumps(query)
