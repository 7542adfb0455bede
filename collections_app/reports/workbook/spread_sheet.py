"""The spread: the statements on a lender's form (RMA layout), each amount with its common size beside it."""

from collections.abc import Sequence

from collections_app.reports.analysis.spread import Spread, SpreadCell, SpreadColumn, SpreadRow
from collections_app.reports.wording import plain
from collections_app.reports.workbook.cells import Cell, Formula, exact_sum, exactly, place
from collections_app.reports.workbook.places import FIRST_ROW, HEADER_ROW
from collections_app.reports.workbook.ratios_sheet import kept
from collections_app.reports.workbook.sheet import Sheet, amount_width
from collections_app.reports.workbook.table import Field, cell_format, write_row

# The base of the common size of each section's rows.
_BASES = {"Assets": "total_assets", "Liabilities and net worth": "total_assets", "Income": "net_sales"}
# What each total adds (+) and subtracts (-).
_SUMS = {
    "total_current_assets": "+cash_and_equivalents +trade_receivables +inventory +other_current_assets",
    "total_assets": "+total_current_assets +fixed_assets +intangibles +other_assets +unassigned_assets",
    "total_current_liabilities": "+notes_payable_short_term +current_maturities +trade_payables "
    "+income_taxes_payable +other_current_liabilities",
    "total_liabilities": "+total_current_liabilities +long_term_debt +deferred_taxes "
    "+other_long_term_liabilities +unassigned_liabilities",
    "total_liabilities_and_net_worth": "+total_liabilities +net_worth",
    "gross_profit": "+net_sales -cost_of_sales",
    "operating_profit": "+gross_profit -operating_expenses",
    "profit_before_taxes": "+operating_profit -other_expenses_net",
    "net_income": "+profit_before_taxes -income_taxes +unassigned_income_statement",
    "closing_net_worth": "+opening_net_worth +net_income_of_period -distributions +contributions "
    "+other_changes",
}
_STYLES = {"line": "line", "subtotal": "subtotal", "total": "total"}
_HEADS = ("Statement date", "Months covered", "Source", "Basis", "Unit")


def write_spread(sheet: Sheet) -> None:
    """Write the heads, the rows under their sections, and the notes."""
    analysis = sheet.reports.analysis
    if analysis is None:
        return
    spread = analysis.spread
    amounts = [cell.amount for row in spread.rows for cell in row.cells if cell.amount is not None]
    fields = [Field("", 46)]
    for _ in spread.columns:
        fields += [Field("", max(amount_width(amounts), 27), "amount"), Field("", 9, "percent")]
    sheet.widths([each.width for each in fields])
    sheet.title_block()
    row = _write_heads(sheet, spread.columns)
    row = _Rows(sheet, spread, fields).write(row)
    for note in spread.notes:
        sheet.text(row + 1, 0, note, sheet.styles.get())
        row += 1
    sheet.page.freeze_panes(FIRST_ROW, 1)
    sheet.print_setup(HEADER_ROW, len(fields), repeat_first_column=True)


def _write_heads(sheet: Sheet, columns: Sequence[SpreadColumn]) -> int:
    head = sheet.styles.column_header(align="right")
    sheet.text(
        HEADER_ROW, 0, f"Amounts in {columns[0].unit}" if columns else "", sheet.styles.column_header()
    )
    for place_, each in enumerate(columns):
        sheet.text(HEADER_ROW, 1 + 2 * place_, each.caption, head)
        sheet.text(HEADER_ROW, 2 + 2 * place_, "%", head)
    sheet.lines(HEADER_ROW, 2)
    row = HEADER_ROW + 1
    right = sheet.styles.get(align="right", text_wrap=True)
    for name in _HEADS:
        sheet.text(row, 0, name, sheet.styles.get())
        for place_, each in enumerate(columns):
            sheet.text(row, 1 + 2 * place_, _head(name, each), right)
        row += 1
    return row


def _head(name: str, column: SpreadColumn) -> str:
    if name == "Statement date":
        return f"{column.statement_date:%Y-%m-%d}"
    if name == "Months covered":
        return plain(kept(column.months)).removesuffix(".00")
    return {"Source": column.source, "Basis": column.basis, "Unit": column.unit}[name]


class _Rows:
    """The rows of the form, the sheet row of each, and the formulas between them."""

    def __init__(self, sheet: Sheet, spread: Spread, fields: Sequence[Field]) -> None:
        self.sheet, self.spread, self.fields = sheet, spread, fields
        self.known = {row.key: row for row in spread.rows}
        self.at: dict[str, int] = {}

    def write(self, row: int) -> int:
        """Write every row; the row after the last."""
        self._place(row)
        section = ""
        for each in self.spread.rows:
            if each.section != section:
                section = each.section
                title = (section, *(None,) * (len(self.fields) - 1))
                write_row(self.sheet, self.at[each.key] - 1, self.fields, title, "heading")
            self._write_row(each)
            row = self.at[each.key] + 1
        return row

    def _place(self, row: int) -> None:
        section = ""
        for each in self.spread.rows:
            if each.section != section:
                section, row = each.section, row + 2
            self.at[each.key] = row
            row += 1

    def _write_row(self, each: SpreadRow) -> None:
        row, style = self.at[each.key], _STYLES[each.style]
        values: list[Cell] = [each.label]
        for position, cell in enumerate(each.cells):
            values += [self._amount(each, position, cell), self._percent(each, position, cell)]
        for column, value in enumerate(values):
            field = self.fields[column]
            self.sheet.write(row, column, value, cell_format(self.sheet, field, value, style))

    def _amount(self, row: SpreadRow, position: int, cell: SpreadCell) -> Cell:
        if cell.amount is None:
            return "needs input"
        parts = []
        for part in _SUMS.get(row.key, "").split():
            other = self.known.get(part[1:])
            amount = other.cells[position].amount if other else None
            if amount is not None:
                sign = 1 if part[0] == "+" else -1
                parts.append((f"{part[0]}{place(self.at[part[1:]], 1 + 2 * position)}", sign * amount))
        if not parts:
            return kept(cell.amount)
        text = "".join(text for text, _ in parts).removeprefix("+")
        return exactly(text, exact_sum(amount for _, amount in parts), cell.amount)

    def _percent(self, row: SpreadRow, position: int, cell: SpreadCell) -> Cell:
        if cell.percent is None:
            return None
        base = self.known.get(_BASES.get(row.section, ""))
        if cell.percent.value is None or base is None:
            return "n/m" if cell.percent.value is None else kept(cell.percent.value)
        column = 1 + 2 * position
        text = f"100*{place(self.at[row.key], column)}/{place(self.at[base.key], column)}"
        return Formula(text, kept(cell.percent.value))
