"""Reading the tables of a collection, each unit a month or a range of record numbers of one of them."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from collections_app import datasets, tables
from collections_app.datasets import Dataset
from collections_app.leases import Hold
from collections_app.ledger import Ledger, Slice
from collections_app.models import Collection, WorkUnit
from collections_app.reports.periods import since
from collections_app.services.reading import Store, selection_of


def table_read(ledger: Ledger, hold: Hold) -> Store:
    """The rows of one table in one month or one range of record numbers, written as they arrive."""
    unit, collection = hold.unit, hold.run.collection
    dataset = datasets.BY_NAME[unit.subject]
    with tables.writing(
        collection, dataset.name, unit.start, unit.end, unit.part, columns=dataset.fields
    ) as table:
        for row in _rows(ledger, dataset, unit, collection):
            table.write(row)
            hold.count()
    stored = table.whole()
    unit.row_count, unit.checksum = stored.row_count, stored.sha256
    return partial(tables.keep, stored)


def _rows(
    ledger: Ledger, dataset: Dataset, unit: WorkUnit, collection: Collection
) -> Iterator[tuple[str, ...]]:
    selection = selection_of(collection)
    if dataset.reading == "entities":
        return ledger.entity_balances(*unit.window, selection)
    return ledger.rows(dataset, _slice(collection, dataset, unit), selection)


def _slice(collection: Collection, dataset: Dataset, unit: WorkUnit) -> Slice:
    if dataset.reading == "months":
        first, last = unit.window
        return Slice(first=first, open_from=first, last=last)
    first = since(collection.date_from, collection.date_to)
    if dataset.after:
        first = min([first, *_days_of_documents(collection, dataset)])
    return Slice(
        first=first,
        open_from=collection.date_from,
        last=collection.date_to,
        first_key=unit.first_key,
        last_key=unit.last_key,
    )


def _days_of_documents(collection: Collection, dataset: Dataset) -> Iterator[date]:
    """The dates of the documents that payments can belong to: nothing settles a document before its date."""
    for table in collection.tables.filter(name__in=dataset.after):
        created = datasets.BY_NAME[table.name].fields.index("WHENCREATED")
        yield from {date.fromisoformat(row[created]) for row in tables.read(table) if row[created]}
