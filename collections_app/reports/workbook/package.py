"""The file itself: one ZIP archive, written from front to back into a stream that need not be seekable."""

import io
import shutil
import zipfile
from collections.abc import Mapping
from typing import TYPE_CHECKING, BinaryIO

from collections_app.reports.workbook.detail import Detail, sheet_xml

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

# Much quicker than the usual 6, for somewhat more bytes.
LEVEL = 3


def write_package(frame: io.BytesIO, details: Mapping[int, Detail], file: BinaryIO) -> None:
    """Write what XlsxWriter made in ``frame``, and the rows of the sheets numbered in ``details``.

    On an exception the archive ends without its directory, so that no program opens half a workbook.
    """
    by_name = {f"xl/worksheets/sheet{number}.xml": detail for number, detail in details.items()}
    target = _Target(file)
    with (
        zipfile.ZipFile(frame) as made,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive,
    ):
        try:
            for name in made.namelist():
                _write_entry(archive, made, name, by_name.get(name))
        except BaseException:
            target.cut()
            raise


def _write_entry(archive: zipfile.ZipFile, made: zipfile.ZipFile, name: str, detail: Detail | None) -> None:
    # By name alone an entry gets the oldest day that the format knows: the same content, the same bytes.
    with archive.open(name, "w") as target:
        if detail:
            for chunk in sheet_xml(made.read(name).decode(), detail):
                target.write(chunk)
            return
        with made.open(name) as source:
            shutil.copyfileobj(source, target)


class _Target(io.RawIOBase):
    """What the archive is written to: only forwards, whatever the file can do, and nothing once it is cut."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file: BinaryIO | None = file

    def writable(self) -> bool:
        return True

    def write(self, content: "Buffer") -> int:
        if self._file:
            self._file.write(content)
        return memoryview(content).nbytes

    def cut(self) -> None:
        self._file = None
