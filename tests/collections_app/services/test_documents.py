"""Uploaded documents: kept whole and sealed, or refused without a trace."""

import io
import os
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage

from collections_app import sealed_files
from collections_app.documents import documents_of
from collections_app.events import Who
from collections_app.models import Collection, Document, DocumentRequest, Lender
from collections_app.services import documents, erasing, invitations
from collections_app.states import AnswersClosed
from collections_app.uploads.limits import MEGABYTE, MOST_BYTES
from collections_app.uploads.refusal import UploadRefused
from tests import factories
from tests.collecting import BORROWER, OPERATOR, actions
from tests.uploaded_files import CSV, PDF, SOUND

STAFF = Who("staff", "ana@harbor.example")


@pytest.fixture
def asking(collection: Collection) -> Collection:
    """A request that asks for a tax return, and takes other documents too."""
    Collection.objects.filter(pk=collection.pk).update(allows_other_documents=True)
    DocumentRequest.objects.create(collection=collection, position=1, name="2025 tax return")
    collection.refresh_from_db()
    return collection


def add(collection: Collection, content: bytes = PDF, name: str = "tax.pdf", **more: Any) -> Document:
    more = {"request": None, "by": BORROWER} | more
    return documents.document_add(collection=collection, file=io.BytesIO(content), name=name, **more)


def lender_takes(collection: Collection, **settings: Any) -> None:
    Lender.objects.filter(pk=collection.lender_id).update(**settings)
    collection.refresh_from_db()


def traces(collection: Collection, folder: Path) -> tuple[list[str], list[Any], list[str]]:
    """All that an upload could leave behind."""
    stored = sorted(str(path) for path in folder.rglob("*") if path.is_file())
    return stored, list(Document.objects.values()), actions(collection)


def test_a_document_is_sealed_in_the_storage_and_comes_back_whole(
    asking: Collection, reports_folder: Path
) -> None:
    content = PDF[:-6] + os.urandom(700_000).replace(b"PK", b"pk") + b"\n%%EOF\n"
    kept = add(asking, content, "Steuer 2025.pdf", request=asking.document_requests.get())
    (stored,) = [path for path in reports_folder.rglob("*") if path.is_file()]
    assert PDF[:8] not in stored.read_bytes() and "Steuer" not in str(stored)
    assert b"Steuer" not in bytes(Document.objects.values_list("sealed", flat=True).get())
    with documents.document_open(document=kept, by=BORROWER) as opened:
        assert opened.read() == content
    kept.refresh_from_db()
    assert (kept.name, kept.size, kept.first_opened_at) == ("Steuer 2025.pdf", len(content), None)
    assert documents_of(asking).missing == ()
    assert actions(asking)[-2:] == ["document.added", "document.downloaded"]
    assert sealed_files.orphans_sweep() == 0


@pytest.mark.parametrize(
    ("content", "name"), [(b"", "tax.pdf"), (b"MZ", "tax.pdf"), (PDF, "con.pdf"), (PDF, "tax.exe")]
)
def test_what_is_refused_leaves_no_trace(
    asking: Collection, reports_folder: Path, content: bytes, name: str
) -> None:
    before = traces(asking, reports_folder)
    with pytest.raises(UploadRefused):
        add(asking, content, name)
    assert traces(asking, reports_folder) == before


def test_the_same_file_is_refused_under_any_name_and_leaves_no_trace(
    asking: Collection, reports_folder: Path
) -> None:
    add(asking)
    before = traces(asking, reports_folder)
    with pytest.raises(UploadRefused, match="is here already, as “tax.pdf”"):
        add(asking, name="another.pdf")
    assert traces(asking, reports_folder) == before


def test_a_scanner_that_does_not_answer_lets_nothing_in(
    asking: Collection, reports_folder: Path, settings: Any
) -> None:
    settings.CLAMAV_URL = "unix:///nowhere/clamd.ctl"
    before = traces(asking, reports_folder)
    with pytest.raises(UploadRefused, match="Try again later"):
        add(asking)
    assert traces(asking, reports_folder) == before


def test_a_full_collection_takes_no_more(
    asking: Collection,
    reports_folder: Path,
    monkeypatch: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    first = add(asking)
    monkeypatch.setattr(documents, "MOST_BYTES_OF_A_COLLECTION", len(PDF) + 1)
    before = traces(asking, reports_folder)
    with pytest.raises(UploadRefused, match="too large together"):
        add(asking, CSV, "list.csv")
    lender_takes(asking, upload_documents=1)
    with pytest.raises(UploadRefused, match="At most 1 document can be kept here"):
        add(asking, CSV, "list.csv")
    assert traces(asking, reports_folder) == before
    with django_capture_on_commit_callbacks(execute=True):
        documents.document_remove(document=first, by=BORROWER)
    assert traces(asking, reports_folder)[:2] == ([], [])


def test_what_was_asked_for_by_name_has_room_for_one_file_however_few_are_taken(asking: Collection) -> None:
    lender_takes(asking, upload_documents=1)
    asked = asking.document_requests.get()
    add(asking, CSV, "list.csv")
    kept = add(asking, request=asked)
    with pytest.raises(UploadRefused, match="At most 1 document can be kept here"):
        add(asking, SOUND["photo.png"], "photo.png", request=asked)
    add(asking, SOUND["photo.png"], "photo.png", replaces=kept)
    assert sorted(document.name for document in Document.objects.all()) == ["list.csv", "photo.png"]


@pytest.mark.parametrize(
    ("taken", "name", "sentence"),
    [
        ({"upload_kinds": ["csv", "zip"]}, "tax return.pdf", "Save it as one of these: CSV, ZIP."),
        ({"upload_kinds": ["csv", "zip"]}, "all of it.zip", "“tax return.pdf” is not of a kind"),
        ({"upload_kinds": ["pdf"]}, "photo.png", "is not of a kind that is taken here. Save it as a PDF"),
        ({"upload_megabytes": 1}, "large.pdf", "is larger than 1 MB"),
    ],
)
def test_what_the_lender_does_not_take_is_refused_and_leaves_no_trace(
    asking: Collection, reports_folder: Path, taken: dict[str, Any], name: str, sentence: str
) -> None:
    lender_takes(asking, **taken)
    large = PDF[:-6] + bytes(MEGABYTE) + b"%%EOF\n"
    before = traces(asking, reports_folder)
    with pytest.raises(UploadRefused, match=sentence):
        add(asking, SOUND.get(name, large), name)
    assert traces(asking, reports_folder) == before


def test_a_picture_is_taken_under_both_of_its_endings(asking: Collection) -> None:
    lender_takes(asking, upload_kinds=["jpg"])
    assert add(asking, SOUND["plan.jpeg"], "plan.jpeg").name == "plan.jpeg"
    assert add(asking, SOUND["photo.JPG"], "photo.JPG").name == "photo.JPG"


def test_a_storage_that_is_away_says_so_and_keeps_nothing(asking: Collection, monkeypatch: Any) -> None:
    def away(*arguments: Any, **more: Any) -> str:
        raise OSError("no room")

    monkeypatch.setattr(FileSystemStorage, "_save", away)
    with pytest.raises(UploadRefused, match="through no fault of yours"):
        add(asking)
    assert not Document.objects.exists()


def test_a_document_that_replaces_another_takes_its_place(
    asking: Collection, reports_folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    first = add(asking, request=asking.document_requests.get())
    with django_capture_on_commit_callbacks(execute=True):
        second = add(asking, CSV, "tax.csv", replaces=first)
    assert [document.pk for document in documents_of(asking).asked[0].documents] == [second.pk]
    assert len(traces(asking, reports_folder)[0]) == 1
    with pytest.raises(AnswersClosed):
        documents.document_remove(document=first, by=BORROWER)
    with pytest.raises(AnswersClosed):
        add(asking, SOUND["photo.png"], "photo.png", replaces=first)
    assert len(traces(asking, reports_folder)[0]) == 1


@pytest.mark.parametrize("review", ["accepted", "declined", "accept?"])
def test_what_a_verdict_rests_on_stays_and_more_may_come(asking: Collection, review: str) -> None:
    kept = add(asking)
    Collection.objects.filter(pk=asking.pk).update(review=review)
    with pytest.raises(UploadRefused, match="Harbor Community Bank has reviewed it"):
        documents.document_remove(document=kept, by=BORROWER)
    with pytest.raises(UploadRefused, match="has reviewed it"):
        add(asking, CSV, "newer.csv", replaces=kept)
    add(asking, CSV, "newer.csv")
    assert asking.documents.count() == 2


def test_what_the_lender_has_opened_stays(asking: Collection) -> None:
    kept = add(asking)
    documents.document_open(document=kept, by=STAFF).close()
    with pytest.raises(UploadRefused, match="Harbor Community Bank has opened it"):
        documents.document_remove(document=kept, by=BORROWER)
    with pytest.raises(UploadRefused, match="has opened it"):
        add(asking, CSV, "tax.csv", replaces=kept)
    assert Document.objects.get().pk == kept.pk


def test_only_what_was_asked_for_is_taken_unless_others_are_welcome(collection: Collection) -> None:
    with pytest.raises(UploadRefused, match="listed here"):
        add(collection)


def test_a_withdrawal_takes_the_documents_along(
    asking: Collection, reports_folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    add(asking)
    with django_capture_on_commit_callbacks(execute=True):
        invitations.collection_withdraw(collection=asking, by=OPERATOR)
    assert traces(asking, reports_folder)[:2] == ([], [])
    with pytest.raises(AnswersClosed):
        add(asking)


def test_an_erasure_leaves_nothing_that_opens(asking: Collection) -> None:
    kept = add(asking)
    erasing.data_key_destroy(collection=asking, by=OPERATOR, why="a test")
    with pytest.raises(Exception, match="was erased"):
        documents.document_open(document=Document.objects.get(pk=kept.pk), by=STAFF)


def test_a_document_of_another_collection_does_not_open_here(asking: Collection) -> None:
    kept = add(asking)
    other = factories.make_collection()
    Document.objects.filter(pk=kept.pk).update(collection=other)
    with pytest.raises(Exception, match="damaged"):
        documents.document_open(document=Document.objects.get(), by=BORROWER)


@pytest.mark.slow
def test_the_largest_file_passes_through_in_little_memory(asking: Collection, tmp_path: Path) -> None:
    path = tmp_path / "large.pdf"
    path.write_bytes(PDF[:-6] + os.urandom(MOST_BYTES - len(PDF)) + b"%%EOF\n")
    with path.open("rb") as large:
        tracemalloc.start()
        kept = documents.document_add(
            collection=asking, file=large, name="large.pdf", request=None, by=BORROWER
        )
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert kept.size == MOST_BYTES
    assert peak < 4 * MEGABYTE
