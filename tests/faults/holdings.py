"""What is kept of a collection as plain content, so that two collections can be compared byte for byte."""

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator

from pypdf import PdfReader

from collections_app import tables
from collections_app.models import Collection
from collections_app.services import reporting

# When something was made: that and the reference may differ between two collections of the same books.
MOMENTS = re.compile(
    rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|\+\d\d:\d\d| UTC| \S+ \(UTC[+-]\d\d:\d\d\))?"
)


def holdings_of(collection: Collection) -> dict[str, str]:
    """A SHA-256 for each unit, table, trial balance and file."""
    held: dict[str, str] = {}
    for name, content in _everything(collection):
        assert name not in held, f"{name} is there twice"
        plain = content.replace(collection.reference.encode(), b"REFERENCE")
        held[name] = hashlib.sha256(MOMENTS.sub(b"MOMENT", plain)).hexdigest()
    return held


def _everything(collection: Collection) -> Iterator[tuple[str, bytes]]:
    for unit in collection.runs.get(kind="collect").units.all():
        yield f"unit {unit.position} {unit}", str((unit.row_count, unit.done_at is not None)).encode()
    for table in collection.tables.all():
        rows = list(tables.read(table))
        assert len(rows) == table.row_count
        yield f"table {table.name} {table.start} {table.part}", repr((table.columns, rows)).encode()
    for balance in collection.trial_balances.all():
        yield f"balance {balance.start}", repr((balance.end, balance.checksum, balance.rows)).encode()
    for name, content in reporting.files_of(collection):
        with content:
            yield from _parts(name, content.read())


def _parts(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    if name.endswith(".pdf"):
        # The reference stands at the foot of each page, in glyphs of a font cut down to those in use.
        for number, page in enumerate(PdfReader(io.BytesIO(content)).pages, start=1):
            yield f"file {name}/page {number}", page.extract_text().encode()
        return
    if not name.endswith(".xlsx"):
        yield f"file {name}", content
        return
    with zipfile.ZipFile(io.BytesIO(content)) as workbook:
        for member in workbook.namelist():
            yield f"file {name}/{member}", workbook.read(member)
