"""The files of a collection: made from stored rows, replaced whole, handed out with a record."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from collections_app.models import Collection, ReportFile, WorkUnit
from collections_app.problems import Trouble
from collections_app.reports.statement_pack import engine
from collections_app.services import reporting
from intacct.sandbox import Sandbox
from tests.collecting import BORROWER, actions, submitted, work

pytestmark = pytest.mark.slow

TWO_HOURS_ON = timedelta(hours=2)


@pytest.fixture
def complete(collection: Collection, gateway: Sandbox) -> Collection:
    work(submitted(collection))
    collection.refresh_from_db()
    return collection


def on_disk(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def kept(collection: Collection) -> set[str]:
    """The names under which the collection's files and collected tables are stored."""
    stored = (collection.files, collection.tables)
    return {name for files in stored for name in files.values_list("storage_name", flat=True)}


def build_again(collection: Collection) -> None:
    for name in reporting.WRITERS:
        reporting.reports_prepare(collection, WorkUnit(subject=name))()


def test_the_pdf_is_made_like_the_other_files(complete: Collection, pack: None) -> None:
    build_again(complete)
    with reporting.file_read(complete.files.get(name="statements.pdf")) as stored:
        assert stored.read(5) == b"%PDF-"
    assert complete.files.count() == 3


def test_a_machine_that_cannot_draw_pages_says_what_to_install(
    complete: Collection, pack: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "has_fonts", lambda: False)
    with pytest.raises(Trouble, match="no font is installed; install the packages"):
        reporting.reports_prepare(complete, WorkUnit(subject=reporting.PACK))


def test_what_the_checks_found_is_stored_with_the_statements(complete: Collection) -> None:
    with reporting.file_read(complete.files.get(name="statements.json")) as stored:
        told = json.loads(stored.read())["checks"]
    rows = list(complete.checks.all())
    assert [row.found for row in rows] == told
    assert [(row.check_id, row.outcome) for row in rows] == [(each["id"], each["outcome"]) for each in told]
    build_again(complete)
    assert complete.checks.count() == len(rows)


def test_each_stored_file_has_its_size_and_checksum(complete: Collection, reports_folder: Path) -> None:
    for file in complete.files.all():
        with reporting.file_read(file) as stored:
            content = stored.read()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file.size, file.sha256)
        assert (reports_folder / file.storage_name).stat().st_mode & 0o077 == 0
    assert on_disk(reports_folder) == kept(complete)


def test_the_same_rows_give_the_same_bytes(complete: Collection) -> None:
    before = dict(complete.files.values_list("name", "sha256"))
    build_again(complete)
    assert dict(complete.files.values_list("name", "sha256")) == before


def test_a_second_run_replaces_the_files_once_it_is_committed(
    complete: Collection, reports_folder: Path, django_capture_on_commit_callbacks: object
) -> None:
    old = set(complete.files.values_list("storage_name", flat=True))
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        build_again(complete)
        assert old <= on_disk(reports_folder)
    assert on_disk(reports_folder) == kept(complete)
    assert not on_disk(reports_folder) & old


def test_a_download_is_recorded_with_who_and_what(complete: Collection) -> None:
    file = complete.files.get(name="statements.json")
    _, content = reporting.file_open(file=file, by=BORROWER)
    with content as stored:
        assert json.loads(stored.read())["reference"] == complete.reference
    event = complete.events.filter(action="report.downloaded").get()
    assert (event.actor_kind, event.data) == ("borrower", {"file": "statements.json"})


def test_sweeping_deletes_what_no_collection_refers_to_and_nothing_else(
    complete: Collection, reports_folder: Path
) -> None:
    kept = on_disk(reports_folder)
    orphan = default_storage.save("ABCD-EFGH/0123456789ab/report.xlsx", ContentFile(b"figures"))
    strangers = {"notes.txt", "backups/monday.sql"}
    for name in strangers:
        default_storage.save(name, ContentFile(b"of somebody else"))
    assert reporting.reports_sweep() == 0
    with time_machine.travel(timezone.now() + TWO_HOURS_ON):
        assert reporting.reports_sweep() == 1
    assert not default_storage.exists(orphan)
    assert on_disk(reports_folder) == kept | strangers


def test_sweeping_an_empty_storage_is_no_mistake(db: None, reports_folder: Path) -> None:
    assert not reports_folder.exists()
    assert reporting.reports_sweep() == 0


def test_what_is_exported_is_recorded(complete: Collection, tmp_path: Path) -> None:
    written = reporting.collection_export(collection=complete, folder=tmp_path / "out", by=BORROWER)
    assert actions(complete)[-1] == "reports.exported"
    assert not [path for path in (tmp_path / "out").iterdir() if path.name.startswith(".")]
    assert {path.name for path in written} == {path.name for path in (tmp_path / "out").iterdir()}
    assert ReportFile.objects.count() == 2
