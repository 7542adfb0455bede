"""Making the files of a collection, and handing them out."""

import hashlib
import io
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from collections_app import books, events
from collections_app.events import Who
from collections_app.models import Collection, ReportFile, WorkUnit
from collections_app.reports import export
from collections_app.reports.build import Reports
from collections_app.reports.workbook import write_workbook

Store = Callable[[], None]
LONGEST_UNIT = timedelta(hours=1)
OURS = re.compile(r"\w{4}-\w{4}/[0-9a-f]{12}/[^/]+")

WORKBOOK = "report.xlsx"
STATEMENTS = "statements.json"


def reports_prepare(collection: Collection, unit: WorkUnit) -> Store:
    """Builds the files and writes each under a new name; returns what makes them the collection's own."""
    reports = books.reports_of(collection)
    files = [
        _write(collection, STATEMENTS, export.statements_json(reports)),
        _write(collection, WORKBOOK, _workbook(reports)),
    ]
    unit.row_count = len(files)
    unit.checksum = hashlib.sha256("".join(file.sha256 for file in files).encode()).hexdigest()
    return partial(_store_files, collection, files)


def files_of(collection: Collection) -> Iterator[tuple[str, bytes]]:
    """Every file of a collected company: the stored ones, then one CSV per table."""
    for file in collection.files.all():
        with default_storage.open(file.storage_name) as stored:
            yield file.name, stored.read()
    for table in export.tables(books.reports_of(collection)):
        text = io.StringIO(newline="")
        export.write_csv(table, text)
        yield f"{table.name}.csv", text.getvalue().encode()


def collection_export(*, collection: Collection, folder: Path, by: Who) -> list[Path]:
    """Writes every file of the collection into `folder`, each whole or not at all. Raises OSError."""
    # All are read before one is written: what is missing in the storage leaves no half of an export.
    contents = list(files_of(collection))
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, content in contents:
        target = folder / name
        partial_file = folder / f".{name}.part"
        partial_file.write_bytes(content)
        partial_file.replace(target)
        written.append(target)
    events.record(collection, "reports.exported", by=by, files=[path.name for path in written])
    return written


def file_open(*, file: ReportFile, by: Who) -> io.BufferedIOBase:
    """A stored file for download; the download is recorded."""
    events.record(file.collection, "report.downloaded", by=by, file=file.name)
    stored: io.BufferedIOBase = default_storage.open(file.storage_name)  # type: ignore[assignment]
    return stored


def _workbook(reports: Reports) -> bytes:
    content = io.BytesIO()
    write_workbook(reports, content)
    return content.getvalue()


def _write(collection: Collection, name: str, content: bytes) -> ReportFile:
    sha256 = hashlib.sha256(content).hexdigest()
    wanted = f"{collection.reference}/{sha256[:12]}/{name}"
    return ReportFile(
        collection=collection,
        name=name,
        storage_name=default_storage.save(wanted, ContentFile(content)),
        size=len(content),
        sha256=sha256,
    )


def _store_files(collection: Collection, files: list[ReportFile]) -> None:
    replaced = list(collection.files.values_list("storage_name", flat=True))
    collection.files.all().delete()
    ReportFile.objects.bulk_create(files)
    transaction.on_commit(partial(_sweep, replaced))


def reports_sweep() -> int:
    """Deletes our files that no collection refers to; returns how many.

    A worker that died or was overtaken after it wrote them leaves such files. One that is younger than any
    unit of work may still be about to be referred to.
    """
    known = set(ReportFile.objects.values_list("storage_name", flat=True))
    before = timezone.now() - LONGEST_UNIT
    orphans = [
        name
        for name in _stored("")
        if name not in known and OURS.fullmatch(name) and default_storage.get_modified_time(name) < before
    ]
    _sweep(orphans)
    return len(orphans)


def _stored(folder: str) -> Iterator[str]:
    """The names of all files in the storage, whoever put them there."""
    if not default_storage.exists(folder):
        return
    folders, files = default_storage.listdir(folder)
    yield from (f"{folder}/{name}".lstrip("/") for name in files)
    for name in folders:
        yield from _stored(f"{folder}/{name}".lstrip("/"))


def _sweep(storage_names: list[str]) -> None:
    for name in storage_names:
        default_storage.delete(name)
