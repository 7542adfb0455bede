"""Sheets of any length, written row by row.

XlsxWriter makes everything of such a sheet but its rows: head, columns, print set-up, links. The rows are
written here, several times faster and without being held (XlsxWriter's own constant-memory mode keeps the
rows as plain files on disk until the workbook is closed). One pattern row of empty cells for each kind of row
tells which formats XlsxWriter gave its cells, so that both have one set of styles.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from xlsxwriter.utility import xl_col_to_name

from collections_app.reports.workbook.cells import Cell, Formula, fit

_EPOCH = date(1899, 12, 30).toordinal()
_ROW = re.compile(r'<row r="(\d+)"(?: spans="[^"]*")?([^>]*)>(.*?)</row>')
_STYLE = re.compile(r'<c r="[A-Z]+\d+" s="(\d+)"/>')
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_DIMENSION = re.compile(r"<dimension [^>]*/>")
_END = "</sheetData>"
_TEXTS_REMEMBERED = 20_000
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class DetailRow:
    """One row: the place of its pattern, a value for each column, and where its link leads, if anywhere.

    The link is on the row's cell in column ``linked``.
    """

    pattern: int
    cells: Sequence[Cell]
    link: str = ""
    linked: int = 0


@dataclass(frozen=True, slots=True)
class Detail:
    """The rows of a sheet from ``first_row`` (counted from zero) on, where its pattern rows stand."""

    first_row: int
    rows: Iterator[DetailRow]


def sheet_xml(frame: str, detail: Detail) -> Iterator[bytes]:
    """The XML of a sheet: what XlsxWriter made, with the pattern rows replaced by the rows themselves."""
    start = frame.index(f'<row r="{detail.first_row + 1}"')
    end = frame.index(_END)
    writer = _RowWriter(detail.first_row + 1, _patterns(frame[start:end]))
    yield _DIMENSION.sub("", frame[:start], count=1).encode()
    yield from writer.chunks(detail.rows)
    yield _with_links(frame[end:], writer.links).encode()


@dataclass(frozen=True, slots=True)
class _Pattern:
    """What stands before the content of each cell of such a row, up to the row's number."""

    attributes: str
    styles: tuple[str, ...]


def _patterns(xml: str) -> list[_Pattern]:
    return [_Pattern(attributes, tuple(_STYLE.findall(cells))) for _, attributes, cells in _ROW.findall(xml)]


def _with_links(tail: str, links: list[str]) -> str:
    """The end of the sheet with the links of its rows among those that it has."""
    if not links:
        return tail
    return tail.replace("</hyperlinks>", f"{''.join(links)}</hyperlinks>", 1)


@dataclass(slots=True)
class _RowWriter:
    row: int
    patterns: list[_Pattern]
    links: list[str] = field(default_factory=list)
    _texts: dict[str, str] = field(default_factory=dict)
    _names: tuple[str, ...] = ()

    def chunks(self, rows: Iterator[DetailRow]) -> Iterator[bytes]:
        self._names = tuple(map(xl_col_to_name, range(max(len(each.styles) for each in self.patterns))))
        parts: list[str] = []
        size = 0
        for row in rows:
            xml = self._row_xml(row)
            parts.append(xml)
            size += len(xml)
            if size > _CHUNK:
                yield "".join(parts).encode()
                parts, size = [], 0
            self.row += 1
        yield "".join(parts).encode()

    def _row_xml(self, row: DetailRow) -> str:
        number, pattern = self.row, self.patterns[row.pattern]
        if row.link:
            place = f"{self._names[row.linked]}{number}"
            self.links.append(f'<hyperlink ref="{place}" location={quoteattr(row.link)}/>')
        parts = [f'<row r="{number}"{pattern.attributes}>']
        for name, style, value in zip(self._names, pattern.styles, row.cells, strict=True):
            kind = type(value)
            if kind is Decimal:
                parts.append(f'<c r="{name}{number}" s="{style}"><v>{value or 0}</v></c>')
            elif kind is str:
                if value:
                    text = self._texts.get(value) or self._text(value)  # type: ignore[arg-type]
                    parts.append(f'<c r="{name}{number}" s="{style}" t="inlineStr">{text}</c>')
            elif value is None:
                parts.append(f'<c r="{name}{number}" s="{style}"/>')
            else:
                parts.append(f'<c r="{name}{number}" s="{style}">{_other(value)}</c>')
        parts.append("</row>")
        return "".join(parts)

    def _text(self, text: str) -> str:
        if len(self._texts) >= _TEXTS_REMEMBERED:
            self._texts.clear()
        xml = self._texts[text] = text_xml(text)
        return xml


def text_xml(text: str) -> str:
    """Text as the content of a cell; what looks like an escape sequence of the format is escaped itself."""
    escaped = escape(_ESCAPE_LIKE.sub("_x005F_", fit(text))).replace("\r", "_x000D_")
    space = ' xml:space="preserve"' if escaped != escaped.strip() or "\n" in escaped else ""
    return f"<is><t{space}>{escaped}</t></is>"


def _other(value: Cell) -> str:
    if isinstance(value, Formula):
        return f"<f>{escape(value.text)}</f><v>{value.amount or 0}</v>"
    if isinstance(value, date):
        return f"<v>{value.toordinal() - _EPOCH}</v>"
    if isinstance(value, int):
        return f"<v>{value}</v>"
    raise TypeError(f"A detail row cannot hold a {type(value).__name__}.")
