"""Making the files of a collection, and handing them out."""

import hashlib
import io
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from collections_app import books, events
from collections_app.events import Who
from collections_app.models import Collection, ReportFile, WorkUnit
from collections_app.reports import export
from collections_app.reports.build import Reports
from collections_app.reports.workbook import write_workbook

Store = Callable[[], None]

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
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, content in files_of(collection):
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


def _sweep(storage_names: list[str]) -> None:
    for name in storage_names:
        default_storage.delete(name)
