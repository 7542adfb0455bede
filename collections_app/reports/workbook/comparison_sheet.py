"""Horizontal and vertical analysis: the statements with change and percent as live formulas."""

from collections.abc import Callable, Sequence

from collections_app.reports.analysis.comparison import Percent
from collections_app.reports.analysis.figure import ARITHMETIC
from collections_app.reports.statement import Line, Statement
from collections_app.reports.statement_comparisons import Horizontal, Vertical, horizontals, verticals
from collections_app.reports.workbook.cells import Cell, Formula, exactly, place
from collections_app.reports.workbook.places import HEADER_ROW
from collections_app.reports.workbook.ratios_sheet import kept
from collections_app.reports.workbook.sheet import Sheet, amount_width
from collections_app.reports.workbook.table import Field, cell_format, write_header, write_title

LABEL_WIDTH = 46
NOT_MEANINGFUL = "n/m"
_NOTE = "n/m: not meaningful, because the base is zero or negative."
# The cells of a line after its label, given its place in the statement and its row.
LineCells = Callable[[int, int], Sequence[Cell]]


def write_horizontal(sheet: Sheet) -> None:
    """Write each statement with the year before, the change, and the change in percent."""
    made = tuple(horizontals(sheet.reports))
    width = _begin(sheet, [each.comparison.statement for each in made])
    most, row = 0, sheet.title_block()
    for each in made:
        statement = each.comparison.statement
        fields = [Field(f"Amounts in {sheet.reports.heading.currency}", LABEL_WIDTH)]
        for now, then in each.comparison.columns:
            fields += [Field(now.caption, width, "amount"), Field(then.caption, width, "amount")]
            fields += [Field("Change", width, "amount"), Field("Change in %", width, "percent")]
        title = f"{statement.title} against the year before: {each.periods.title.lower()}"
        row = _write_block(sheet, row, title, statement, fields, _horizontal_cells(each))
        most = max(most, len(fields))
    _end(sheet, row, most, width)


def write_vertical(sheet: Sheet) -> None:
    """Write each statement with its amounts in percent of total assets or of revenue."""
    made = tuple(verticals(sheet.reports))
    width = _begin(sheet, [each.common_size.statement for each in made])
    most, row = 0, sheet.title_block()
    for each in made:
        statement = each.common_size.statement
        fields = [Field(f"Amounts in {sheet.reports.heading.currency}", LABEL_WIDTH)]
        for column in statement.columns:
            fields += [Field(column.caption, width, "amount"), Field("%", width, "percent")]
        base = statement.line(each.base).label.lower()
        title = f"{statement.title} in percent of {base}: {each.periods.title.lower()}"
        row = _write_block(sheet, row, title, statement, fields, _vertical_cells(each))
        most = max(most, len(fields))
    _end(sheet, row, most, width)


def _begin(sheet: Sheet, statements: Sequence[Statement]) -> float:
    """Set up the sheet; the width of its columns."""
    sheet.page.outline_settings(True, False, True, False)
    return amount_width([value for each in statements for line in each.shown_lines for value in line.values])


def _end(sheet: Sheet, row: int, columns: int, width: float) -> None:
    sheet.text(row, 0, _NOTE, sheet.styles.get())
    sheet.widths([LABEL_WIDTH, *(width,) * (columns - 1)])
    sheet.page.freeze_panes(HEADER_ROW, 1)
    sheet.print_setup(0, columns, repeat_first_column=True)


def _write_block(
    sheet: Sheet, row: int, title: str, statement: Statement, fields: Sequence[Field], cells: LineCells
) -> int:
    """Write title, headings and lines; the row after them and a gap."""
    first = write_header(sheet, write_title(sheet, row, title), fields)
    for position, line in enumerate(statement.lines):
        if not line.is_empty_detail:
            _write_line(sheet, first, line, fields, cells(position, first))
            first += 1
    return first + 1


def _write_line(sheet: Sheet, row: int, line: Line, fields: Sequence[Field], cells: Sequence[Cell]) -> None:
    if line.style in ("account", "memo"):
        sheet.indent(row)
    sheet.text(row, 0, line.label, sheet.styles.label(line.style, line.level))
    for column, value in enumerate(cells, start=1):
        sheet.write(row, column, value, cell_format(sheet, fields[column], value, line.style))


def _horizontal_cells(made: Horizontal) -> LineCells:
    comparison = made.comparison
    places = {column: number for number, column in enumerate(comparison.statement.columns)}

    def cells(position: int, row: int) -> Sequence[Cell]:
        values, changes = comparison.statement.lines[position].values, comparison.lines[position].changes
        found: list[Cell] = []
        for number, change in enumerate(changes):
            now, then = (values[places[column]] for column in comparison.columns[number])
            at = 1 + 4 * number
            text = f"{place(row, at)}-{place(row, at + 1)}"
            amount = exactly(text, ARITHMETIC.subtract(now, then), change.amount)
            share = f"100*{place(row, at + 2)}/{place(row, at + 1)}"
            found += [now, then, amount, _percent(share, change.percent)]
        return found

    return cells


def _vertical_cells(made: Vertical) -> LineCells:
    statement = made.common_size.statement
    shown = [at for at, line in enumerate(statement.lines) if not line.is_empty_detail]
    below_first = {at: number for number, at in enumerate(shown)}
    base = next(at for at in shown if statement.lines[at].key == made.base)

    def cells(position: int, row: int) -> Sequence[Cell]:
        line, shares = statement.lines[position], made.common_size.lines[position].shares
        base_row = row - below_first[position] + below_first[base]
        found: list[Cell] = []
        for number, share in enumerate(shares):
            at = 1 + 2 * number
            text = f"100*{place(row, at)}/{place(base_row, at)}"
            found += [line.values[number], _percent(text, share)]
        return found

    return cells


def _percent(text: str, percent: Percent) -> Cell:
    return NOT_MEANINGFUL if percent.value is None else Formula(text, kept(percent.value))
