"""Every open document, credit, receipt and advance at the end of the period: what the aging adds up."""

from collections.abc import Iterator
from decimal import Decimal

from collections_app.reports.aging import BY_DUE_DATE, BY_INVOICE_DATE
from collections_app.reports.open_items import Position
from collections_app.reports.subledger_reports import SubledgerReports
from collections_app.reports.workbook.cells import Cell, Formula, place
from collections_app.reports.workbook.detail import Detail, DetailRow
from collections_app.reports.workbook.places import FIRST_ROW, HEADER_ROW
from collections_app.reports.workbook.sheet import Sheet
from collections_app.reports.workbook.table import Field, cell_format, write_header

_KINDS = {"document": "Document", "credit": "Credit", "unapplied": "Unapplied"}
_OPEN = 9
_LINE, _TOTAL = 0, 1


def write_documents(sheet: Sheet, side: SubledgerReports) -> None:
    """Set the sheet up; its rows are written when the file is. The total is that of the aging."""
    fields = _fields(side)
    sheet.widths([each.width for each in fields])
    sheet.title_block()
    write_header(sheet, HEADER_ROW, fields)
    for offset, style in enumerate(("line", "total")):
        for column, each in enumerate(fields):
            sheet.page.write_blank(FIRST_ROW + offset, column, None, cell_format(sheet, each, None, style))
    last = HEADER_ROW + len(side.position.items)
    sheet.page.autofilter(HEADER_ROW, 0, last, len(fields) - 1)
    sheet.page.freeze_panes(FIRST_ROW, 2)
    sheet.print_setup(HEADER_ROW, len(fields))
    sheet.detail = Detail(FIRST_ROW, _rows(side.position, side.aging.total))


def _fields(side: SubledgerReports) -> tuple[Field, ...]:
    return (
        Field("Customer" if side.side == "receivable" else "Vendor", 14),
        Field("Name", 34),
        Field("Number", 16),
        Field("Kind", 11),
        Field("Date", 12, "day"),
        Field("Posted", 12, "day"),
        Field("Due", 12, "day"),
        Field("Days past due", 10, "count"),
        Field("Amount", 16, "amount"),
        Field("Open", 16, "amount"),
        Field("Currency", 10),
        Field("Open in its currency", 16, "amount"),
        Field("Days from its date", 10, "count"),
    )


def _rows(position: Position, total: Decimal) -> Iterator[DetailRow]:
    for item, open_amount, transaction_open in position.items:
        known = position.parties.get(item.party)
        cells: tuple[Cell, ...] = (
            item.party,
            known.name if known else item.party,
            item.number,
            _KINDS[item.kind],
            item.document_date,
            item.entered,
            item.due_date,
            BY_DUE_DATE.age(item, position.as_of) if item.kind == "document" else None,
            item.amount,
            open_amount,
            item.currency or position.currency,
            transaction_open,
            BY_INVOICE_DATE.age(item, position.as_of),
        )
        yield DetailRow(_LINE, cells)
    count = len(position.items)
    area = f"{place(FIRST_ROW, _OPEN)}:{place(FIRST_ROW + count - 1, _OPEN)}"
    shown = Formula(f"SUM({area})", total) if count else total
    yield DetailRow(_TOTAL, ("Total", *(None,) * 8, shown, *(None,) * 3))
