"""A file that was replaced between the moment its row was read and the moment it was opened."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404

from collections_app.downloads import document_download, download
from collections_app.models import Collection, Lender
from collections_app.services import documents, planning, rebuilding
from collections_app.services.credit_file import credit_file_stream
from tests import factories
from tests.collecting import OPERATOR, work
from tests.collections_app.mapping import stored

pytestmark = pytest.mark.slow


@pytest.fixture
def complete(lender: Lender) -> Collection:
    return factories.collected_collection(lender)


@pytest.fixture
def rebuild(complete: Collection, django_capture_on_commit_callbacks: Any) -> Callable[[], None]:
    """Makes the files anew, with a layout so that they are others than before."""

    def rebuild() -> None:
        template = stored(complete.lender)
        with django_capture_on_commit_callbacks(execute=True):
            work(rebuilding.reports_rebuild(collection=complete, template=template, by=OPERATOR))

    return rebuild


def content_of(answer: FileResponse) -> bytes:
    content: bytes = answer.getvalue()
    assert int(answer.headers["Content-Length"]) == len(content)
    return content


def test_the_one_that_took_its_place_is_sent(complete: Collection, rebuild: Callable[[], None]) -> None:
    before = complete.files.get(name="statements.json")
    rebuild()
    sent = content_of(download(before, by=OPERATOR))
    assert json.loads(sent)["mapped"]
    assert len(sent) == complete.files.get(name="statements.json").size != before.size
    assert complete.events.filter(action="report.downloaded").count() == 1


def test_one_in_whose_place_there_is_none_is_refused(complete: Collection) -> None:
    before = complete.files.get(name="statements.json")
    planning.collected_forget(collection=complete)
    default_storage.delete(before.storage_name)
    with pytest.raises(Http404, match="a moment ago"):
        download(before, by=OPERATOR)
    assert not complete.events.filter(action="report.downloaded").exists()


def test_one_that_is_lost_in_the_storage_is_an_error_and_not_a_refusal(complete: Collection) -> None:
    file = complete.files.get(name="statements.json")
    default_storage.delete(file.storage_name)
    with pytest.raises(FileNotFoundError):
        download(file, by=OPERATOR)


def test_a_document_that_was_removed_is_refused(complete: Collection) -> None:
    document = factories.make_document(complete)
    documents.documents_forget(collection=complete)
    default_storage.delete(document.storage_name)
    with pytest.raises(Http404, match="a moment ago"):
        document_download(document, by=OPERATOR)


def test_a_credit_file_never_holds_files_of_before_and_after_a_rebuild(
    complete: Collection, rebuild: Callable[[], None]
) -> None:
    pieces = credit_file_stream(collection=complete, by=OPERATOR)
    next(pieces)
    rebuild()
    with pytest.raises(FileNotFoundError):
        b"".join(pieces)
    whole = b"".join(credit_file_stream(collection=complete, by=OPERATOR))
    with zipfile.ZipFile(io.BytesIO(whole)) as bundle:
        assert bundle.testzip() is None


def test_no_credit_file_is_begun_while_the_reports_are_rebuilt(complete: Collection) -> None:
    rebuilding.reports_rebuild(collection=complete, template=None, by=OPERATOR)
    with pytest.raises(ValidationError, match="being rebuilt"):
        credit_file_stream(collection=complete, by=OPERATOR)
