"""Reading a finished pack back, as a screen reader and a person would."""

import io
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from collections_app.reports.build import Reports
from collections_app.reports.statement_pack import write_pack


def pack_bytes(reports: Reports) -> bytes:
    file = io.BytesIO()
    write_pack(reports, file)
    return file.getvalue()


class Pack:
    """A pack with its text and its structure."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.reader = PdfReader(io.BytesIO(content))
        self.pages = [" ".join(page.extract_text().split()) for page in self.reader.pages]

    @property
    def text(self) -> str:
        return "\n".join(self.pages)

    @property
    def catalog(self) -> Any:
        return self.reader.root_object

    def bookmarks(self) -> dict[str, int]:
        """The titles of the outline, with the page each leads to, counted from one."""
        found = {}
        for entry in _flat(self.reader.outline):
            number = self.reader.get_destination_page_number(entry)
            assert number is not None
            found[str(entry.title)] = number + 1
        return found

    def elements(self) -> Iterator[Any]:
        """Every element of the structure tree, in reading order."""
        yield from _elements(self.catalog["/StructTreeRoot"]["/K"])


def _flat(outline: Any) -> Iterator[Any]:
    for entry in outline:
        if isinstance(entry, list):
            yield from _flat(entry)
        else:
            yield entry


def _elements(kids: Any) -> Iterator[Any]:
    waiting = [kids]
    while waiting:
        kid = waiting.pop()
        kid = kid.get_object() if hasattr(kid, "get_object") else kid
        if isinstance(kid, ArrayObject):
            waiting.extend(reversed(kid))
        elif isinstance(kid, DictionaryObject) and "/S" in kid:
            yield kid
            waiting.append(kid.get("/K", ArrayObject()))
