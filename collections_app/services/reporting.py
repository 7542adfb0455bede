"""Making the files of a collection, and handing them out."""

import hashlib
import io
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from django.db import transaction

from collections_app import books, desk_views, events, problems, readiness, sealed_files
from collections_app.events import Who
from collections_app.models import CheckResult, Collection, ReportFile, Run, WorkUnit
from collections_app.problems import Trouble
from collections_app.reports import export
from collections_app.reports.build import Reports
from collections_app.reports.checks.check import Check
from collections_app.reports.checks.json_form import checks_json
from collections_app.reports.csv_tables import CsvStream
from collections_app.reports.report_tables import tables
from collections_app.reports.statement_pack import PackUnavailable, write_pack
from collections_app.reports.workbook import write_workbook

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

Store = Callable[[], None]

WORKBOOK = "report.xlsx"
STATEMENTS = "statements.json"
PACK = "statements.pdf"
DOCUMENTS_FOLDER = "documents"

Writer = Callable[[Reports, BinaryIO], None]


def _write_statements(reports: Reports, target: BinaryIO) -> None:
    target.write(export.statements_json(reports))


WRITERS: dict[str, Writer] = {STATEMENTS: _write_statements, WORKBOOK: write_workbook, PACK: write_pack}


def reports_prepare(collection: Collection, unit: WorkUnit, terms: str | None = None) -> Store:
    """Builds the file that the unit names, under a new name; returns what makes it the collection's own.

    `terms` is the lender's document of terms; for None it is the one that the lender has now.
    The unit of the machine's copy also stores what the checks found and what the desk shows. Raises Trouble
    where this machine lacks what a PDF is drawn with.
    """
    reports = books.reports_of(collection, terms)
    try:
        file = _write(collection, unit.subject, reports)
    except PackUnavailable as lack:
        raise Trouble(problems.OUR_FAULT, str(lack)) from None
    unit.row_count = 1
    unit.checksum = file.sha256
    if unit.subject != STATEMENTS:
        return partial(_store, collection, file)
    parts = desk_views.parts_of(reports)

    def store() -> None:
        _store(collection, file)
        _store_checks(collection, reports.checks)
        desk_views.desk_views_keep(collection, parts)

    return store


def reports_prepare_again(run: Run, unit: WorkUnit) -> Store:
    """The same from the figures that are stored, with the lender's layout that the run names, or none."""
    collection = run.collection
    collection.mapping = run.mapping
    store_files = reports_prepare(collection, unit, run.terms)

    def store() -> None:
        store_files()
        collection.save(update_fields=["mapping"])

    return store


def files_of(collection: Collection) -> Iterator[tuple[str, io.BufferedIOBase]]:
    """Every file of a collection as a stream: the stored ones, one CSV per table, and the documents."""
    for file in collection.files.all():
        yield file.name, newest_read(file)[1]
    for document in collection.documents.all():
        content = sealed_files.reading(collection.pk, document.storage_name)
        yield f"{DOCUMENTS_FOLDER}/{document.name}", content
    if readiness.documents_only(collection):
        return
    for table in tables(books.reports_of(collection)):
        yield f"{table.name}.csv", io.BufferedReader(CsvStream(table))


def collection_export(*, collection: Collection, folder: Path, by: Who) -> list[Path]:
    """Writes every file of the collection into `folder`, all of them or none. Raises OSError."""
    targets = []
    with _removed_on_failure(folder) as partial_file, ExitStack() as streams:
        # A file that is missing in the storage leaves no folder behind.
        contents = [(name, streams.enter_context(content)) for name, content in files_of(collection)]
        folder.mkdir(parents=True, exist_ok=True)
        if any(name.startswith(DOCUMENTS_FOLDER) for name, _ in contents):
            (folder / DOCUMENTS_FOLDER).mkdir(exist_ok=True)
        for name, content in contents:
            with partial_file(name).open("wb") as unfinished:
                shutil.copyfileobj(content, unfinished)
            targets.append(folder / name)
        # What is damaged in the storage shows itself before the first file has its name.
        for target in targets:
            partial_file(str(target.relative_to(folder))).replace(target)
    names = [str(path.relative_to(folder)) for path in targets]
    events.record(collection, "reports.exported", by=by, files=names)
    return targets


@contextmanager
def _removed_on_failure(folder: Path) -> Iterator[Callable[[str], Path]]:
    """Names of unfinished files; those that are still there at the end are deleted."""
    named = set()

    def partial_file(name: str) -> Path:
        # Beside its own place, so that it needs only another name in the end.
        path = (folder / name).with_name(f".{Path(name).name}.part")
        named.add(path)
        return path

    try:
        yield partial_file
    finally:
        for path in named:
            path.unlink(missing_ok=True)


def file_read(file: ReportFile) -> io.BufferedReader:
    """The content of a stored file, decrypted as it is read.

    Raises data_keys.KeyUnavailable, FileNotFoundError and vault.VaultError.
    """
    return sealed_files.reading(file.collection_id, file.storage_name)


def newest_read(file: ReportFile) -> tuple[ReportFile, io.BufferedReader]:
    """The same with its row: of the file that took its place, if it was replaced since the row was read.

    Raises as `file_read` does, and sealed_files.FileReplaced where nothing is in its place.
    """
    try:
        return file, file_read(file)
    except FileNotFoundError:
        newest = ReportFile.objects.filter(collection=file.collection_id, name=file.name).first()
        if newest and newest.storage_name == file.storage_name:
            raise
    try:
        if newest:
            return newest, file_read(newest)
    except FileNotFoundError:
        pass
    raise sealed_files.FileReplaced(file.name)


def file_open(*, file: ReportFile, by: Who) -> tuple[ReportFile, io.BufferedReader]:
    """A stored file for download; the download is recorded. Returns and raises as `newest_read` does."""
    found = newest_read(file)
    events.record(file.collection, "report.downloaded", by=by, file=file.name)
    return found


class _Counted(io.RawIOBase):
    """Passes a file on to an encrypting stream, and counts and fingerprints its plain bytes."""

    def __init__(self, target: io.RawIOBase) -> None:
        super().__init__()
        self._target = target
        self.size = 0
        self.digest = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, content: "Buffer") -> int:
        self._target.write(content)
        self.digest.update(content)
        self.size += memoryview(content).nbytes
        return memoryview(content).nbytes


def _write(collection: Collection, name: str, reports: Reports) -> ReportFile:
    with sealed_files.writing(collection, name) as (target, stored):
        counted = _Counted(target)
        WRITERS[name](reports, cast(BinaryIO, counted))
    return ReportFile(
        collection=collection,
        name=name,
        storage_name=stored.storage_name,
        size=counted.size,
        sha256=counted.digest.hexdigest(),
    )


def _store(collection: Collection, file: ReportFile) -> None:
    earlier = collection.files.filter(name=file.name)
    replaced = list(earlier.values_list("storage_name", flat=True))
    earlier.delete()
    file.save(force_insert=True)
    transaction.on_commit(partial(sealed_files.sweep, replaced))


def _store_checks(collection: Collection, checks: Sequence[Check]) -> None:
    collection.checks.all().delete()
    CheckResult.objects.bulk_create(
        CheckResult.holding(
            collection=collection,
            position=position,
            check_id=check.id,
            outcome=check.outcome,
            is_warning=check.is_warning,
            found=found,
        )
        for position, (check, found) in enumerate(zip(checks, checks_json(checks), strict=True), start=1)
    )
    collection.failed_checks = sum(check.outcome == "fail" and not check.is_warning for check in checks)
    collection.save(update_fields=["failed_checks"])


def reports_sweep() -> int:
    """Deletes report files and collected tables that no row refers to; returns how many."""
    return sealed_files.orphans_sweep()
