"""The journal of a company folder, as the reports read it."""

from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from collections_app.reports.journal import JournalLine
from tests.collections_app.reports.integer_ledger import gateway_date, is_adjusting, posted_lines


class FolderJournal:
    """The posted lines of some books of a company folder, in the file's own order."""

    def __init__(self, folder: Path, books: Collection[str] = ("ACCRUAL",)) -> None:
        self.all = [journal_line(row) for row in posted_lines(folder, books)]

    def lines(self, start: date, end: date) -> Iterator[JournalLine]:
        return (line for line in self.all if start <= line.entry_date <= end)


def journal_line(row: dict[str, str]) -> JournalLine:
    return JournalLine(
        record=row["RECORDNO"],
        batch=row["BATCHKEY"],
        batch_date=gateway_date(row["BATCH_DATE"]),
        batch_title=row["BATCH_TITLE"],
        journal=row["SYMBOL"],
        book=row["BOOKID"],
        module=row["MODULEKEY"],
        line_number=row["LINE_NO"],
        entry_date=gateway_date(row["ENTRY_DATE"]),
        account=row["ACCOUNTNO"],
        debit=Decimal(row["DEBITAMOUNT"] or 0),
        credit=Decimal(row["CREDITAMOUNT"] or 0),
        adjusting=is_adjusting(row),
        location=row["LOCATIONID"],
        customer=row["CUSTOMERID"],
        vendor=row["VENDORID"],
        description=row["DESCRIPTION"],
    )
