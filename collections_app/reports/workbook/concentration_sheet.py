"""How much hangs on a few parties, and how much of what was invoiced is never collected."""

from decimal import Decimal

from collections_app.reports.collection_quality import (
    DILUTION,
    EFFECTIVENESS,
    RECEIVABLES_TURN,
    CollectionQuality,
    Dilution,
)
from collections_app.reports.concentration import Concentration
from collections_app.reports.division import percent
from collections_app.reports.periods import day_caption
from collections_app.reports.subledger_reports import SubledgerReports
from collections_app.reports.workbook.cells import Cell
from collections_app.reports.workbook.places import HEADER_ROW
from collections_app.reports.workbook.sheet import Sheet
from collections_app.reports.workbook.table import (
    Field,
    write_header,
    write_row,
    write_table,
    write_title,
    write_total,
)

_QUALITY = (
    Field("Figure", 30),
    Field("Formula", 60, "wrapped"),
    Field("Amount", 18, "amount"),
    Field("Percent or times", 14, "number"),
)


def write_concentration(sheet: Sheet, side: SubledgerReports) -> None:
    """Write who owes how much, who was invoiced how much in twelve months, then dilution and quality."""
    sheet.widths([each.width for each in _QUALITY])
    receivable = side.side == "receivable"
    row = sheet.title_block()
    owed = f"Share of what is open on {day_caption(side.position.as_of)}"
    row = _write_shares(sheet, row, owed, side.concentration_of_aging) + 1
    word = "Invoiced" if receivable else "Billed"
    title = f"{word} in the twelve months to {day_caption(side.position.as_of)}, less credit memos"
    row = _write_shares(sheet, row, title, side.concentration_of_invoices) + 1
    row = write_title(sheet, row, "What lowered it without a payment, and how well it is collected")
    rows = (*_dilution(side.dilution), *(_quality(side.quality) if side.quality else ()))
    write_table(sheet, row, _QUALITY, rows)
    sheet.page.freeze_panes(HEADER_ROW, 1)
    sheet.print_setup(0, len(_QUALITY))


def _write_shares(sheet: Sheet, row: int, title: str, found: Concentration) -> int:
    note = "Shares are of the sum of positive amounts. Herfindahl index: the sum of the squared percentages."
    fields = (
        Field("Party", 30),
        Field("Name", 60),
        Field("Amount", 18, "amount"),
        Field("Share", 14, "percent"),
    )
    row = write_header(sheet, write_title(sheet, row, title, note), fields)
    rows = [(each.party, each.name, each.amount, each.percentage) for each in found.shares]
    for values in rows:
        row = write_row(sheet, row, fields, values)
    row = write_total(sheet, row, fields, rows, ("Total", None, found.total, None))
    for count in (1, 5, 10):
        amount = sum((each.amount for each in found.shares[:count]), Decimal(0))
        label = "The largest" if count == 1 else f"The largest {count}"
        row = write_row(sheet, row, fields, (label, None, amount, _known(found.top(count))))
    index = "n/m" if found.herfindahl is None else found.herfindahl
    return write_row(sheet, row, _QUALITY, ("Herfindahl index, of 10,000", None, None, index))


def _known(value: Decimal | None) -> Cell:
    return "n/m" if value is None else value


def _dilution(found: Dilution) -> tuple[tuple[Cell, ...], ...]:
    invoiced = found.gross_invoices
    parts = (
        ("Credit memos", found.credit_memos),
        ("Write-offs", found.write_offs),
        ("Discounts", found.discounts),
    )
    return (
        ("Gross invoices", "last 12 months", invoiced, None),
        *((label, "last 12 months", amount, _known(percent(amount, invoiced))) for label, amount in parts),
        ("Dilution, percent", DILUTION, found.total, _known(found.percentage)),
    )


def _quality(found: CollectionQuality) -> tuple[tuple[Cell, ...], ...]:
    return (
        ("Opening receivables", "twelve months before the end of the period", found.opening, None),
        ("Invoiced less credit memos", "last 12 months", found.invoiced, None),
        ("Closing receivables", "at the end of the period", found.closing, None),
        ("of which not yet due", "at the end of the period", found.not_due, None),
        ("Receivables turn, times", RECEIVABLES_TURN, None, _known(found.turn)),
        ("Collection effectiveness, percent", EFFECTIVENESS, None, _known(found.effectiveness)),
    )
