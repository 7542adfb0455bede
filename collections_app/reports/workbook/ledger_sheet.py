"""The general ledger: every posted line with the account's running balance, month by month."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from xlsxwriter.format import Format

from collections_app.reports.exactness import EXACT
from collections_app.reports.figures import ZERO
from collections_app.reports.general_ledger import LedgerRow, RowKind
from collections_app.reports.journal import GENERAL_LEDGER_MODULE, JournalLine
from collections_app.reports.workbook.cells import Cell, Formula, exactly, place
from collections_app.reports.workbook.detail import Detail, DetailRow
from collections_app.reports.workbook.places import FIRST_ROW, HEADER_ROW, LedgerSheet, Places
from collections_app.reports.workbook.sheet import LINK_LIMIT, Sheet
from collections_app.reports.workbook.styles import BAND, LINK
from collections_app.reports.workbook.table import Field, cell_format, write_header

FIELDS = (
    Field("Date", 12, "day"),
    Field("Account", 11),
    Field("Description", 46),
    Field("Journal", 9),
    Field("Entry", 9),
    Field("Line", 6),
    Field("Module", 8),
    Field("Customer or vendor", 16),
    Field("Document", 14),
    Field("Location", 10),
    Field("Department", 11),
    Field("Debit", 16, "amount"),
    Field("Credit", 16, "amount"),
    Field("Balance", 17, "amount"),
)
DEBIT, CREDIT, BALANCE = 11, 12, 13
_OPENING, _LINE, _CLOSING = 0, 1, 2
_NO_LINE: tuple[Cell, ...] = (None,) * 8


def write_ledger(sheet: Sheet, part: LedgerSheet, rows: Iterator[LedgerRow], places: Places) -> None:
    """Set the sheet up for its part of the rows; they are written when the file is.

    Opening and closing balances stand out, the lines between are an outline group. A closing balance is the
    opening balance with the sum of the debits and less that of the credits, as a live formula.
    """
    sheet.widths([each.width for each in FIELDS])
    sheet.page.outline_settings(True, True, True, False)
    sheet.title_block()
    write_header(sheet, HEADER_ROW, FIELDS)
    last = FIRST_ROW + max(part.rows, 1) - 1
    for offset, style in enumerate(("opening", "line", "closing")):
        if style == "line":
            sheet.indent(FIRST_ROW + offset)
        for column, each in enumerate(FIELDS):
            sheet.page.write_blank(FIRST_ROW + offset, column, None, _format(sheet, each, column, style))
    sheet.page.autofilter(HEADER_ROW, 0, last, len(FIELDS) - 1)
    sheet.page.freeze_panes(FIRST_ROW, 3)
    sheet.print_setup(HEADER_ROW, len(FIELDS))
    sheet.detail = Detail(FIRST_ROW, _DetailRows(rows, part.rows, places).detail())


def _format(sheet: Sheet, each: Field, column: int, style: str) -> Format:
    if style == "line":
        return cell_format(sheet, each)
    kind = {"num_format": '#,##0.00_);(#,##0.00);"–"_)'} if each.kind == "amount" else {}
    day = {"num_format": "d mmm yyyy", "align": "left"} if each.kind == "day" else {}
    shade = {"bg_color": BAND} if style == "opening" else {"bold": True, "top": 1, "bottom": 1}
    link = LINK if style == "opening" and column == 1 else {}
    return sheet.styles.get(**kind, **day, **shade, **link)


@dataclass(slots=True)
class _DetailRows:
    """Turns the ledger's rows into those of one sheet, and keeps what the closing formula refers to."""

    rows: Iterator[LedgerRow]
    count: int
    places: Places
    _row: int = FIRST_ROW
    _opened_at: int | None = None
    _opening: Decimal = ZERO
    _debits: Decimal = ZERO
    _credits: Decimal = ZERO
    _links: int = field(default=0)

    def detail(self) -> Iterator[DetailRow]:
        """As many rows as the sheet holds; the rest stays for the next one."""
        last = FIRST_ROW + self.count
        while self._row < last:
            row = next(self.rows)
            yield self._one(row)
            self._row += 1

    def _one(self, row: LedgerRow) -> DetailRow:
        if row.line is not None:
            return self._line(row, row.line)
        if row.kind is RowKind.OPENING:
            return self._opened(row)
        if row.kind is RowKind.DIFFERENCE:
            return self._difference(row)
        return self._closed(row)

    def _opened(self, row: LedgerRow) -> DetailRow:
        self._opened_at, self._opening = self._row, row.balance
        self._debits = self._credits = ZERO
        account = row.account
        text = f"{RowKind.OPENING.value}, {account.title}"
        cells = (row.window.start, account.number, text, *_NO_LINE, None, None, row.balance)
        self._links += 1
        target = self.places.trial_balance.get((row.window.start, account.number), "")
        return DetailRow(_OPENING, cells, target if self._links <= LINK_LIMIT else "", linked=1)

    def _line(self, row: LedgerRow, line: JournalLine) -> DetailRow:
        debit, credit = line.debit, line.credit
        if debit:
            self._debits = EXACT.add(self._debits, debit)
        if credit:
            self._credits = EXACT.add(self._credits, credit)
        cells = (
            line.entry_date,
            line.account,
            line.description or line.batch_title,
            line.journal,
            line.batch,
            line.line_number,
            "" if line.module == GENERAL_LEDGER_MODULE else line.module,
            line.customer or line.vendor,
            line.document,
            line.location,
            line.department,
            debit or None,
            credit or None,
            row.balance,
        )
        return DetailRow(_LINE, cells)

    def _difference(self, row: LedgerRow) -> DetailRow:
        debit, credit = max(row.amount, ZERO), max(-row.amount, ZERO)
        self._debits, self._credits = EXACT.add(self._debits, debit), EXACT.add(self._credits, credit)
        cells = (row.window.end, row.account.number, RowKind.DIFFERENCE.value, *_NO_LINE)
        return DetailRow(_LINE, (*cells, debit or None, credit or None, row.balance))

    def _closed(self, row: LedgerRow) -> DetailRow:
        text = f"{RowKind.CLOSING.value}, {row.account.title}"
        cells = (row.window.end, row.account.number, text, *_NO_LINE)
        return DetailRow(_CLOSING, (*cells, *self._sums(row.balance)))

    def _sums(self, balance: Decimal) -> tuple[Cell, ...]:
        """Debits, credits and balance of the block; plain figures where it began on an earlier sheet."""
        if self._opened_at is None:
            return None, None, balance
        opening = place(self._opened_at, BALANCE)
        first, last = self._opened_at + 1, self._row - 1
        if last < first:
            return None, None, exactly(opening, self._opening, balance)
        sums = [
            Formula(f"SUM({place(first, column)}:{place(last, column)})", amount)
            for column, amount in ((DEBIT, self._debits), (CREDIT, self._credits))
        ]
        gives = EXACT.subtract(EXACT.add(self._opening, self._debits), self._credits)
        text = f"{opening}+{place(self._row, DEBIT)}-{place(self._row, CREDIT)}"
        return (*sums, exactly(text, gives, balance))
