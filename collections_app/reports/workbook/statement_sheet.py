"""The sheet of one statement: lines down, periods across, account detail in an outline level.

Every line that is a sum is a live one: of its accounts, or of the lines that it adds and subtracts.
"""

from collections import Counter
from decimal import Decimal

from xlsxwriter.utility import xl_range_abs

from collections_app.reports.period_statements import PeriodStatements
from collections_app.reports.periods import Window
from collections_app.reports.statement import Column, Line, Statement
from collections_app.reports.workbook.cells import Formula, Link, exact_sum, exactly, place
from collections_app.reports.workbook.places import HEADER_ROW, Places
from collections_app.reports.workbook.sheet import Sheet, amount_width
from collections_app.reports.workbook.styles import DAY, MONTH
from collections_app.reports.workbook.table import write_title

LABEL_WIDTH = 46
_SUMS = ("subtotal", "total", "grand_total")


def write_statement(sheet: Sheet, statement: Statement, places: Places, *, named: bool = True) -> int:
    """Write the statement by month on a sheet of its own; its totals get names. The row after the last."""
    _columns(sheet, (statement,))
    sheet.title_block()
    last = _write_block(sheet, HEADER_ROW, statement, places, named=named)
    sheet.define(statement.key, xl_range_abs(HEADER_ROW, 0, last, len(statement.columns)))
    sheet.page.freeze_panes(HEADER_ROW + 1, 1)
    sheet.print_setup(HEADER_ROW, len(statement.columns) + 1, repeat_first_column=True)
    return last + 1


def write_periods(sheet: Sheet, statements: PeriodStatements, places: Places) -> None:
    """Write the statements of other periods, such as quarters, below each other."""
    asked_for = sheet.reports.asked_for(statements)
    _columns(sheet, asked_for)
    row = sheet.title_block()
    for statement in asked_for:
        row = write_title(sheet, row, statement.title)
        row = _write_block(sheet, row, statement, places, named=False) + 2
    sheet.page.freeze_panes(HEADER_ROW, 1)
    columns = max((len(statement.columns) for statement in asked_for), default=0)
    sheet.print_setup(0, columns + 1, repeat_first_column=True)


def _columns(sheet: Sheet, statements: tuple[Statement, ...]) -> None:
    values = [value for each in statements for line in each.shown_lines for value in line.values]
    columns = max((len(statement.columns) for statement in statements), default=0)
    sheet.widths([LABEL_WIDTH] + [amount_width(values)] * columns)
    sheet.page.outline_settings(True, False, True, False)


def _write_block(sheet: Sheet, row: int, statement: Statement, places: Places, *, named: bool) -> int:
    """Write headings and lines; account detail that is zero throughout is left out. The last row."""
    _write_header(sheet, row, statement.columns)
    block = _Block(statement, row + 1)
    for line, at in zip(block.lines, block.rows, strict=True):
        _write_line(sheet, at, line, block, places)
        if named and line.style in _SUMS:
            sheet.define(f"{statement.key}.{line.key}", xl_range_abs(at, 1, at, len(statement.columns)))
    return block.rows[-1]


def _write_header(sheet: Sheet, row: int, columns: tuple[Column, ...]) -> None:
    right = {"align": "right"}
    sheet.text(row, 0, f"Amounts in {sheet.reports.heading.currency}", sheet.styles.column_header())
    for position, column in enumerate(columns, start=1):
        if column.start is None:
            sheet.day(row, position, column.end, sheet.styles.column_header(num_format=DAY, **right))
        elif Window(column.start, column.end).is_full_month and column.key != "total":
            sheet.day(row, position, column.start, sheet.styles.column_header(num_format=MONTH, **right))
        else:
            sheet.text(row, position, column.caption, sheet.styles.column_header(**right))


def _write_line(sheet: Sheet, row: int, line: Line, block: "_Block", places: Places) -> None:
    if line.style in ("account", "memo"):
        sheet.indent(row)
    label = sheet.styles.label(line.style, line.level)
    target = places.chart.get(line.accounts[0], "") if line.key.startswith("account:") else ""
    if target:
        sheet.link(row, 0, Link(line.label, target), label)
    else:
        sheet.text(row, 0, line.label, label)
    amount_format = sheet.styles.amount(line.style)
    for position, value in enumerate(line.values):
        sheet.amount(row, position + 1, block.amount(line, row, position, value), amount_format)


class _Block:
    """The shown lines of a statement, the row of each, and what each is the sum of."""

    def __init__(self, statement: Statement, first_row: int) -> None:
        self.lines = statement.shown_lines
        self.rows: list[int] = []
        row = first_row
        for line in self.lines:
            self.rows.append(row)
            row += 2 if line.style in ("total", "grand_total") else 1
        counts = Counter(line.key for line in self.lines)
        self._known = {
            line.key: (line, at)
            for line, at in zip(self.lines, self.rows, strict=True)
            if counts[line.key] == 1
        }
        self._accounts = self._accounts_below()

    def _accounts_below(self) -> dict[int, list[tuple[int, Line]]]:
        """The account lines under each line, with their rows, by the line's own row."""
        found: dict[int, list[tuple[int, Line]]] = {}
        above = -1
        for line, at in zip(self.lines, self.rows, strict=True):
            if line.style == "account":
                found.setdefault(above, []).append((at, line))
            elif line.style != "memo":
                above = at
        return found

    def amount(self, line: Line, row: int, position: int, value: Decimal) -> Decimal | Formula:
        """The value as a live sum, where the lines that it is made of are shown and give it exactly."""
        below = self._accounts.get(row, [])
        parts: list[tuple[str, Decimal]] = []
        if below:
            area = f"{place(below[0][0], position + 1)}:{place(below[-1][0], position + 1)}"
            parts.append((f"+SUM({area})", exact_sum(each.values[position] for _, each in below)))
        for sign, keys in ((1, line.adds), (-1, line.subtracts)):
            for other, at in (self._known[key] for key in keys if key in self._known):
                text = f"{'+' if sign > 0 else '-'}{place(at, position + 1)}"
                parts.append((text, sign * other.values[position]))
        if not parts:
            return value
        text = "".join(part for part, _ in parts)
        return exactly(text.removeprefix("+"), exact_sum(amount for _, amount in parts), value)
