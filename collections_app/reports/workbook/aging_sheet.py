"""The aging of one side: by party at the end of the period, in total at each month end and by currency."""

from decimal import Decimal

from xlsxwriter.utility import xl_range_abs

from collections_app.reports.aging import Aging, AgingMethod, AgingRow
from collections_app.reports.periods import day_caption
from collections_app.reports.subledger_reports import SubledgerReports
from collections_app.reports.workbook.cells import Cell, Formula, exact_sum, exactly, place
from collections_app.reports.workbook.places import FIRST_ROW, HEADER_ROW
from collections_app.reports.workbook.sheet import Sheet, amount_width
from collections_app.reports.workbook.table import (
    Field,
    write_header,
    write_row,
    write_table,
    write_title,
    write_total,
)

_BY = {"due_date": "from the due date", "invoice_date": "from the invoice date"}
_FIRST_BUCKET = 2


def write_aging(sheet: Sheet, aging: Aging) -> None:
    """Write one row for each party, the total as live sums, and what must be known to read it."""
    fields = _fields(aging)
    sheet.widths([each.width for each in fields])
    sheet.title_block()
    row = write_header(sheet, HEADER_ROW, fields)
    rows = [_row(row + place_, each) for place_, each in enumerate(aging.rows)]
    for values in rows:
        row = write_row(sheet, row, fields, values)
    amounts = (*aging.totals, aging.unapplied, aging.total)
    row = write_total(sheet, row, fields, rows, ("Total", None, *amounts, aging.documents, None))
    shares: tuple[Cell, ...] = tuple("n/m" if each is None else each for each in aging.percentages)
    percents = tuple(
        Field(each.name, each.width, "percent" if each.kind == "amount" else each.kind) for each in fields
    )
    row = write_row(sheet, row, percents, ("In percent of the total", None, *shares, *(None,) * 4), "account")
    key = "ar" if aging.side == "receivable" else "ap"
    sheet.define(f"{key}_aging_by_{aging.method.by}", xl_range_abs(HEADER_ROW, 0, row - 2, len(fields) - 1))
    _write_notes(sheet, row + 1, aging)
    sheet.page.freeze_panes(FIRST_ROW, 2)
    sheet.print_setup(HEADER_ROW, len(fields))


def _fields(aging: Aging) -> tuple[Field, ...]:
    width = amount_width((*aging.totals, aging.total))
    party = "Customer" if aging.side == "receivable" else "Vendor"
    return (
        Field(party, 14),
        Field("Name", 38),
        *(Field(label, width, "amount") for label in _labels(aging.method)),
        Field("Unapplied", width, "amount"),
        Field("Total", width, "amount"),
        Field("Documents", 11, "count"),
        Field("Oldest", 13, "day"),
    )


def _labels(method: AgingMethod) -> tuple[str, ...]:
    """The buckets as headings: days, counted from the day that the sheet's name says."""
    return tuple(label if label == "Current" else f"{label} days" for label in method.labels)


def _row(row: int, each: AgingRow) -> tuple[Cell, ...]:
    parts = (*each.amounts, each.unapplied)
    total = _across(row, _FIRST_BUCKET, parts, each.total)
    return (each.party, each.name, *parts, total, each.documents, each.oldest)


def _across(row: int, column: int, parts: tuple[Decimal, ...], total: Decimal) -> Formula | Decimal:
    area = f"{place(row, column)}:{place(row, column + len(parts) - 1)}"
    return exactly(f"SUM({area})", exact_sum(parts), total)


def _write_notes(sheet: Sheet, row: int, aging: Aging) -> None:
    for note in _notes(aging):
        sheet.text(row, 0, note, sheet.styles.get())
        row += 1


def _notes(aging: Aging) -> tuple[str, ...]:
    currency = aging.currency or "the base currency"
    notes = [
        f"What is open at the end of {day_caption(aging.as_of)} in {currency}, rebuilt from documents and "
        f"what was applied to them until then; age is counted {_BY[aging.method.by]}.",
        "Credits are negative in the bucket of their own date. Unapplied receipts, payments and advances "
        "have a column of their own and are in the total.",
    ]
    if aging.average_age is not None:
        notes.append(_average_sentence(aging.average_age))
    if aging.oldest:
        notes.append(f"The oldest open document is {aging.oldest.item.number}.")
    if aging.missing_due_dates:
        notes.append(
            f"{aging.missing_due_dates} open documents have no due date and age from their own date."
        )
    return tuple(notes)


def _average_sentence(age: Decimal) -> str:
    if age < 0:
        return f"What is owed falls due in {-age} days on average, weighted by amount."
    return f"What is owed is {age} days old on average, weighted by amount."


def write_agings(sheet: Sheet, side: SubledgerReports) -> None:
    """Write the totals at each month end by both methods, then the end of the period by currency."""
    by_due, by_invoice = _total_fields(side.by_due_date), _total_fields(side.by_invoice_date)
    sheet.widths([each.width for each in by_due])
    row = sheet.title_block()
    row = write_title(sheet, row, "Month ends, from the due date")
    row = write_table(sheet, row, by_due, _totals(side.by_due_date, row + 1)) + 1
    row = write_title(sheet, row, "Month ends, from the invoice date")
    row = write_table(sheet, row, by_invoice, _totals(side.by_invoice_date, row + 1)) + 1
    if side.by_currency:
        title = f"By currency of the document on {day_caption(side.position.as_of)}, from the due date"
        row = write_title(
            sheet, row, title, "Amounts are in the currency of each row and have no common total."
        )
        row = write_table(sheet, row, by_due, _totals(side.by_currency, row + 1))
    sheet.page.freeze_panes(HEADER_ROW, 1)
    sheet.print_setup(0, len(by_due))


def _total_fields(agings: tuple[Aging, ...]) -> tuple[Field, ...]:
    width = amount_width([aging.total for aging in agings])
    return (
        Field("As of", 13, "day"),
        Field("Currency", 10),
        *(Field(label, width, "amount") for label in _labels(agings[0].method)),
        Field("Unapplied", width, "amount"),
        Field("Total", width, "amount"),
        Field("Documents", 11, "count"),
        Field("Average age in days", 12, "number"),
    )


def _totals(agings: tuple[Aging, ...], first_row: int) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for row, aging in enumerate(agings, start=first_row):
        parts = (*aging.totals, aging.unapplied)
        total = _across(row, _FIRST_BUCKET, parts, aging.total)
        age = "" if aging.average_age is None else aging.average_age
        rows.append((aging.as_of, aging.currency, *parts, total, aging.documents, age))
    return rows
