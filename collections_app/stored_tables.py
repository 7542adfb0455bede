"""The collected tables as the reports want them: lines a month at a time, documents as a subledger."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import cast

from collections_app import datasets, tables
from collections_app.models import CollectedTable, Collection
from collections_app.reports import subledger_rows
from collections_app.reports.books import EntityBooks
from collections_app.reports.figures import ZERO, MonthlyTrialBalance, Scope, TrialBalanceRow
from collections_app.reports.journal import JournalLine
from collections_app.reports.subledger import Side, Subledger

GENERAL_LEDGER = "general_ledger"
PARTIES: dict[Side, str] = {"receivable": "customers", "payable": "vendors"}
REPORT_OF: dict[Side, str] = {"receivable": "ar_aging", "payable": "ap_aging"}


@dataclass(frozen=True)
class StoredJournal:
    """The general ledger as it was collected, read from the storage month by month.

    ``main_book`` is the book of the statements: lines of adjustment books count in the adjusting columns, as
    do those of the main book that the gateway marks so.
    """

    collection: Collection
    main_book: str

    def lines(self, start: date, end: date) -> Iterator[JournalLine]:
        """Posted lines of these days, in the gateway's own order; lines that count no money are left out."""
        months = self.collection.tables.filter(name=GENERAL_LEDGER, start__lte=end, end__gte=start)
        for month in months.order_by("start", "part"):
            for line in self._lines_of(month):
                if start <= line.entry_date <= end:
                    yield line

    def lines_with(self, start: date, end: date, column: str, value: str) -> Iterator[JournalLine]:
        """The same, those alone that hold `value` in a column of the table: much quicker than to read all."""
        months = self.collection.tables.filter(name=GENERAL_LEDGER, start__lte=end, end__gte=start)
        for month in months.order_by("start", "part"):
            for line in self._lines_of(month, only=(column, value)):
                if start <= line.entry_date <= end:
                    yield line

    def _lines_of(self, month: CollectedTable, only: tuple[str, str] | None = None) -> Iterator[JournalLine]:
        at = {name: position for position, name in enumerate(month.columns)}
        rows: Iterable[list[str]] = tables.lines(month)
        if only:
            place, value = at[only[0]], only[1]
            rows = (row for row in rows if row[place] == value)
        for row in rows:
            if row[at["STATISTICAL"]] == "true":
                continue
            yield JournalLine(
                record=row[at["RECORDNO"]],
                batch=row[at["BATCHKEY"]],
                batch_date=_day(row[at["BATCH_DATE"]]),
                batch_title=row[at["BATCH_TITLE"]],
                journal=row[at["SYMBOL"]],
                book=row[at["BOOKID"]],
                module=row[at["MODULEKEY"]],
                line_number=row[at["LINE_NO"]],
                entry_date=date.fromisoformat(row[at["ENTRY_DATE"]]),
                account=row[at["ACCOUNTNO"]],
                debit=_money(row[at["DEBITAMOUNT"]]),
                credit=_money(row[at["CREDITAMOUNT"]]),
                adjusting=row[at["ADJ"]] == "true" or row[at["BOOKID"]] != self.main_book,
                currency=row[at["CURRENCY"]],
                transaction_amount=_money(row[at["TRX_AMOUNT"]]),
                location=row[at["LOCATIONID"]],
                department=row[at["DEPARTMENTID"]],
                customer=row[at["CUSTOMERID"]],
                vendor=row[at["VENDORID"]],
                document=row[at["DOCUMENT"]],
                description=row[at["DESCRIPTION"]],
            )


@lru_cache(maxsize=4096)
def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _money(text: str) -> Decimal:
    return Decimal(text) if text else ZERO


def stored_journal(collection: Collection, main_book: str) -> StoredJournal | None:
    """The general ledger, None where it was not collected."""
    if not collection.tables.filter(name=GENERAL_LEDGER).exists():
        return None
    return StoredJournal(collection, main_book)


def stored_subledger(collection: Collection, side: Side) -> Subledger | None:
    """One side's documents and what settles them, None where they were not collected.

    Raises subledger_rows.RowUnreadable.
    """
    if not collection.tables.filter(name=PARTIES[side]).exists():
        return None
    stored = {
        dataset.object_name: _rows(collection, dataset.name)
        for dataset in datasets.wanted([REPORT_OF[side]])
        if REPORT_OF[side] in dataset.reports
    }
    make = subledger_rows.receivables if side == "receivable" else subledger_rows.payables
    return make(stored)


def _rows(collection: Collection, name: str) -> Iterable[dict[str, str]]:
    for part in collection.tables.filter(name=name).order_by("part"):
        for row in tables.lines(part):
            yield dict(zip(part.columns, row, strict=True))


def stored_entities(collection: Collection) -> dict[str, str]:
    """The entity of each location: the topmost above it. Empty where locations could not be read."""
    parents = {row["LOCATIONID"]: row["PARENTID"] for row in _rows(collection, "locations")}
    return {location: _topmost(location, parents) for location in parents}


def _topmost(location: str, parents: Mapping[str, str]) -> str:
    seen: set[str] = set()
    while (parent := parents.get(location, "")) and parent not in seen:
        seen.add(parent)
        location = parent
    return location


def stored_entity_books(collection: Collection) -> tuple[EntityBooks, ...]:
    """The entities behind a consolidation book, each with its months; empty for any other scope.

    An entity without a row in some month has a month without rows: nothing happened there.
    """
    tables_of_months = list(collection.tables.filter(name=datasets.ENTITY_BALANCES.name))
    found: dict[str, _EntityMonths] = {}
    for month in tables_of_months:
        for row in tables.lines(month):
            found.setdefault(row[0], _EntityMonths()).add(month, row)
    names = {option.identifier: option.name for option in collection.scope_options.filter(kind="entity")}
    return tuple(
        months.books(Scope("entity", entity, names.get(entity, entity)), tables_of_months)
        for entity, months in sorted(found.items())
    )


class _EntityMonths:
    """The rows of one entity as they come, by month and by view."""

    def __init__(self) -> None:
        self.currency = ""
        self.is_elimination = False
        self.own: dict[date, list[TrialBalanceRow]] = defaultdict(list)
        self.in_book: dict[date, list[TrialBalanceRow]] = defaultdict(list)

    def add(self, month: CollectedTable, row: Sequence[str]) -> None:
        _, currency, in_book, elimination, account, *amounts = row
        view = self.in_book if in_book == "true" else self.own
        if in_book != "true" or elimination == "true":
            self.currency = currency
        self.is_elimination = elimination == "true"
        view[cast(date, month.start)].append(TrialBalanceRow(account, *map(Decimal, amounts)))

    def books(self, scope: Scope, months: Sequence[CollectedTable]) -> EntityBooks:
        """An elimination entity has the book's view alone, which then stands for its own."""
        own, in_book = (self.in_book, {}) if self.is_elimination else (self.own, self.in_book)
        return EntityBooks(
            scope,
            self.currency,
            _months(own, months),
            self.is_elimination,
            _months(in_book, months) if in_book else (),
        )


def _months(
    rows: Mapping[date, list[TrialBalanceRow]], months: Sequence[CollectedTable]
) -> tuple[MonthlyTrialBalance, ...]:
    return tuple(
        MonthlyTrialBalance(
            cast(date, month.start), cast(date, month.end), tuple(rows.get(cast(date, month.start), ()))
        )
        for month in months
    )
