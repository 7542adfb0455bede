"""Tables inside a sheet: a header, rows of values, a total that is a live sum."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from xlsxwriter.format import Format

from collections_app.reports.figures import ZERO
from collections_app.reports.workbook.cells import Cell, Link, column_sum
from collections_app.reports.workbook.sheet import Sheet, lines_of
from collections_app.reports.workbook.styles import AMOUNT, DAY, LINE_STYLES, LINK, MUTED

Kind = Literal["text", "wrapped", "amount", "percent", "number", "count", "day"]
# A row can be 409 points high.
_MOST_LINES = 29
_PROPERTIES: dict[Kind, dict[str, Any]] = {
    "text": {},
    "wrapped": {"text_wrap": True},
    "amount": {"num_format": AMOUNT},
    "percent": {"num_format": '0.0"%"_);(0.0"%")'},
    "number": {"num_format": "#,##0.00_);(#,##0.00)"},
    "count": {"num_format": "#,##0"},
    "day": {"num_format": DAY, "align": "left"},
}


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its heading, its width in characters and what it holds."""

    name: str
    width: float
    kind: Kind = "text"

    @property
    def is_number(self) -> bool:
        """Whether heading and values stand at the right."""
        return self.kind in ("amount", "percent", "number", "count")


def _gap(fields: Sequence[Field], column: int) -> dict[str, int]:
    """Room before text that follows a number, which would otherwise touch it."""
    follows = column > 0 and fields[column - 1].is_number and not fields[column].is_number
    return {"indent": 1} if follows else {}


def cell_format(sheet: Sheet, field: Field, value: Cell = None, style: str = "line", **more: int) -> Format:
    """The format of a value in a column: numbers right, a word in their place too, links underlined."""
    properties = {**LINE_STYLES[style], **_PROPERTIES[field.kind], **more}
    if field.is_number and isinstance(value, str):
        properties |= {"align": "right", "font_color": MUTED}
    if isinstance(value, Link):
        properties |= LINK
    return sheet.styles.get(**properties)


def write_header(sheet: Sheet, row: int, fields: Sequence[Field]) -> int:
    """Write the headings; the row after them."""
    for column, field in enumerate(fields):
        aligned = {"align": "right"} if field.is_number else _gap(fields, column)
        sheet.text(row, column, field.name, sheet.styles.column_header(**aligned))
    sheet.lines(row, max((lines_of(field.name, field.width) for field in fields), default=1))
    return row + 1


def write_row(
    sheet: Sheet, row: int, fields: Sequence[Field], values: Sequence[Cell], style: str = "line"
) -> int:
    """Write one value for each column, wrapped text in full; the row after it."""
    lines = 1
    for column, (field, value) in enumerate(zip(fields, values, strict=True)):
        gap = _gap(fields, column)
        sheet.write(row, column, value, cell_format(sheet, field, value, style, **gap))
        if field.kind == "wrapped" and isinstance(value, str):
            lines = max(lines, lines_of(value, field.width))
    sheet.lines(row, min(lines, _MOST_LINES))
    return row + 1


def write_table(sheet: Sheet, row: int, fields: Sequence[Field], rows: Iterable[Sequence[Cell]]) -> int:
    """Write headings and rows; the row after them."""
    row = write_header(sheet, row, fields)
    for values in rows:
        row = write_row(sheet, row, fields, values)
    return row


def write_total(
    sheet: Sheet,
    row: int,
    fields: Sequence[Field],
    rows: Sequence[Sequence[Cell]],
    values: Sequence[Cell],
) -> int:
    """Write the total below the rows that it sums; its amounts become sums of the cells above."""
    total: list[Cell] = list(values)
    for column, value in enumerate(values):
        if isinstance(value, Decimal):
            above = (_amount(each[column]) for each in rows)
            total[column] = column_sum(row - len(rows), column, above, value)
    return write_row(sheet, row, fields, total, "total")


def _amount(value: Cell) -> Decimal:
    amount = getattr(value, "amount", value)
    return amount if isinstance(amount, Decimal) else ZERO


def write_title(sheet: Sheet, row: int, title: str, note: str = "") -> int:
    """Write the title of a part of the sheet and a line of explanation; the row after them."""
    sheet.text(row, 0, title, sheet.styles.get(bold=True, font_size=12))
    if note:
        row += 1
        sheet.text(row, 0, note, sheet.styles.get(font_color=MUTED))
    return row + 1
