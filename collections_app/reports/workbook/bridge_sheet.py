"""The consolidation bridge: the entities' own books, eliminations and translation, the consolidated book."""

from collections_app.reports.consolidation import Bridge, BridgeLine
from collections_app.reports.exactness import EXACT
from collections_app.reports.workbook.cells import Cell, exact_sum, exactly, place
from collections_app.reports.workbook.places import HEADER_ROW
from collections_app.reports.workbook.sheet import Sheet, amount_width
from collections_app.reports.workbook.table import Field, write_header, write_row, write_title

_AFTER_ENTITIES = ("Sum", "Eliminations", "Translation", "Book", "Residual")
NOT_A_PROOF = (
    "Some entity's figures in the book's currency were not read: translation is taken as the rest, and the "
    "residual proves nothing."
)


def write_bridges(sheet: Sheet) -> None:
    """Write one bridge below the other; sum and residual are live formulas."""
    reports = sheet.reports
    bridges = [bridge for bridge in reports.bridges if bridge.statement in reports.wanted]
    width = amount_width([line.total for bridge in bridges for line in bridge.lines])
    entities = max((len(bridge.scopes) for bridge in bridges), default=0)
    sheet.widths([46] + [width] * (entities + len(_AFTER_ENTITIES)))
    sheet.page.outline_settings(True, False, True, False)
    row = sheet.title_block()
    for bridge in bridges:
        note = "" if bridge.is_proof else NOT_A_PROOF
        row = write_title(sheet, row, f"{bridge.title}, {bridge.column.caption}", note)
        row = _write_bridge(sheet, row, bridge, width) + 1
    sheet.page.freeze_panes(HEADER_ROW, 1)
    sheet.print_setup(0, 1 + entities + len(_AFTER_ENTITIES), repeat_first_column=True)


def _write_bridge(sheet: Sheet, row: int, bridge: Bridge, width: float) -> int:
    names = [
        f"{scope.id} {scope.name} ({currency})".strip()
        for scope, currency in zip(bridge.scopes, bridge.currencies, strict=True)
    ]
    after = [f"{name} ({bridge.currency})" if name == "Book" else name for name in _AFTER_ENTITIES]
    fields = (Field("Line", 46), *(Field(name, width, "amount") for name in (*names, *after)))
    row = write_header(sheet, row, fields)
    for line in bridge.lines:
        if line.style == "account":
            if not (any(line.entities) or line.book):
                continue
            sheet.indent(row)
        values = _values(row, line)
        row = write_row(sheet, row, fields, values, line.style)
    return row


def _values(row: int, line: BridgeLine) -> tuple[Cell, ...]:
    first = 1 + len(line.entities)
    area = f"{place(row, 1)}:{place(row, first - 1)}"
    total = exactly(f"SUM({area})", exact_sum(line.entities), line.total) if line.entities else line.total
    explained = exact_sum((line.total, line.eliminations, line.translation))
    text = f"{place(row, first + 3)}-{place(row, first)}-{place(row, first + 1)}-{place(row, first + 2)}"
    residual = exactly(text, EXACT.subtract(line.book, explained), line.residual)
    label = f"{'  ' * (line.level - 1)}{line.label}"
    return (label, *line.entities, total, line.eliminations, line.translation, line.book, residual)
