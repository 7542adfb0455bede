"""Counting what there is to read, so that the collection is planned before it starts."""

from dataclasses import asdict
from functools import partial
from typing import Any

from collections_app import datasets
from collections_app.leases import Hold
from collections_app.ledger import Extent, Ledger, Slice
from collections_app.models import Collection, WorkUnit
from collections_app.reports.periods import since
from collections_app.services.reading import Store, selection_of


def survey_read(ledger: Ledger, hold: Hold) -> Store:
    """How many records each wanted table has, and between which record numbers."""
    collection = hold.run.collection
    found: dict[str, Extent | None] = {}
    for dataset in datasets.wanted(collection.reports):
        if dataset.reading != "months":
            found[dataset.name] = ledger.extent(dataset, slice_of(collection), selection_of(collection))
        hold.count()
    hold.unit.row_count = sum(extent.count for extent in found.values() if extent)
    return partial(_store, hold.unit, found)


def slice_of(collection: Collection) -> Slice:
    """The days of a collection that limit which documents are read."""
    return Slice(
        first=since(collection.date_from, collection.date_to),
        open_from=collection.date_from,
        last=collection.date_to,
    )


def _store(unit: WorkUnit, found: dict[str, Extent | None]) -> None:
    survey: dict[str, Any] = {name: asdict(extent) if extent else None for name, extent in found.items()}
    Collection.objects.filter(pk=unit.run.collection_id).update(survey=survey)
    unit.run.collection.refresh_from_db()
