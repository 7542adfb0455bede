"""What a run consists of, counted before it starts."""

from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import Any

from django.db import transaction

from collections_app import datasets, events, sealed_files, states, tracing
from collections_app.datasets import Dataset
from collections_app.events import Who
from collections_app.models import Collection, Connection, Lender, MappingTemplate, Run, WorkUnit
from collections_app.reports import periods
from collections_app.services import reporting

# A unit is what a killed worker loses: some seconds of reading, and pages enough to be worth its own
# beginning.
ROWS_OF_A_PART = 20_000
LAST_STAGE = 3


@transaction.atomic
def run_start(
    *,
    collection: Collection,
    kind: str,
    by: Who,
    mapping: MappingTemplate | None = None,
    terms: str | None = None,
    announces: bool = False,
) -> Run:
    """Plans a run and cancels what it replaces. The caller rings for it once all is committed.

    `mapping` is the lender's layout that a rebuild applies. `terms` are those that its files are made by; for
    None the ones that the lender has now. Where its end `announces` that everything is here, or that of what
    it replaces was to, see `rebuilding.rebuild_announce`.
    """
    for earlier in collection.runs.exclude(status__in=states.FINISHED):
        states.move_run(earlier, Run.Status.CANCELLED, by=by)
        announces = announces or earlier.announces
    if terms is None:
        terms = Lender.objects.values_list("terms", flat=True).get(pk=collection.lender_id)
    if kind == Run.Kind.COLLECT:
        collected_forget(collection=collection)
    run = Run.objects.create(
        collection=collection,
        kind=kind,
        mapping=mapping,
        terms=terms,
        announces=announces,
        trace=tracing.current(),
    )
    _plan_units(run)
    events.record(collection, "run.queued", by=by, run=kind, units=run.units.count())
    return run


# What a run of the kind COLLECT stores, by the names of relations; the first two have files.
COLLECTED = ("tables", "files", "trial_balances", "checks", "desk_views")


def collected_count(*, collection: Collection) -> tuple[int, int]:
    """How many rows and files there are that `collected_forget` deletes."""
    counts = {relation: getattr(collection, relation).count() for relation in COLLECTED}
    return sum(counts.values()), counts["tables"] + counts["files"]


def collected_forget(*, collection: Collection) -> None:
    """Deletes what an earlier run of the kind COLLECT stored, rows and files.

    After a return or a cancelled run everything is read anew, maybe of another entity: no part of the first
    time may stand beside the second.
    """
    names = [
        *collection.tables.values_list("storage_name", flat=True),
        *collection.files.values_list("storage_name", flat=True),
    ]
    for relation in COLLECTED:
        getattr(collection, relation).all().delete()
    transaction.on_commit(partial(sealed_files.sweep, names))


def _plan_units(run: Run) -> None:
    """Stores the run's units in the order in which they are begun."""
    planners = {
        Run.Kind.VERIFY: _verify,
        Run.Kind.EXAMINE: _examine,
        Run.Kind.COLLECT: _collect,
        Run.Kind.REBUILD: _report_units,
    }
    # Held until all is stored: a company under way gets no other key, see `recognizing`.
    connection = Connection.objects.select_for_update().filter(collection=run.collection).first()
    units = list(planners[Run.Kind(run.kind)](run.collection))
    for position, unit in enumerate(units, start=1):
        unit.run = run
        unit.position = position
        unit.company_key = connection.company_key if connection else ""
    WorkUnit.objects.bulk_create(units, batch_size=500)


def first_fiscal_month(collection: Collection) -> int:
    """The first fiscal month (1 to 12) of the chosen scope: an entity may have a year of its own."""
    return collection.chosen_scope.first_fiscal_month if collection.chosen_scope else 1


def _verify(collection: Collection) -> Iterator[WorkUnit]:
    yield WorkUnit(kind=WorkUnit.Kind.COMPANY)


def _examine(collection: Collection) -> Iterator[WorkUnit]:
    yield WorkUnit(kind=WorkUnit.Kind.CHART)
    # Its rows are stored with the accounts.
    yield WorkUnit(
        kind=WorkUnit.Kind.PERIOD_BALANCE, start=collection.date_from, end=collection.date_to, stage=2
    )
    yield WorkUnit(kind=WorkUnit.Kind.SURVEY, stage=2)


def _collect(collection: Collection) -> Iterator[WorkUnit]:
    for start, end in periods.collection_windows(
        collection.date_from, collection.date_to, first_fiscal_month(collection)
    ):
        yield WorkUnit(kind=WorkUnit.Kind.TRIAL_BALANCE, start=start, end=end)
        if collection.scope_kind == Collection.ScopeKind.BOOK:
            subject = datasets.ENTITY_BALANCES.name
            yield WorkUnit(kind=WorkUnit.Kind.TABLE, subject=subject, start=start, end=end)
    wanted = sorted(datasets.wanted(collection.reports), key=lambda dataset: dataset.stage)
    for dataset in wanted:
        yield from _table_units(collection, dataset)
    yield from _report_units(collection)


def _report_units(collection: Collection) -> Iterator[WorkUnit]:
    for name in reporting.WRITERS:
        yield WorkUnit(kind=WorkUnit.Kind.REPORTS, subject=name, stage=LAST_STAGE)


def _table_units(collection: Collection, dataset: Dataset) -> Iterator[WorkUnit]:
    made: dict[str, Any] = {"kind": WorkUnit.Kind.TABLE, "subject": dataset.name, "stage": dataset.stage}
    if dataset.reading == "months":
        for start, end in periods.month_windows(collection.date_from, collection.date_to):
            yield WorkUnit(**made, start=start, end=end)
        return
    extent = collection.survey.get(dataset.name)
    if extent is None:
        return
    for part, (first, last) in enumerate(key_ranges(**extent)):
        yield WorkUnit(**made, part=part, first_key=first, last_key=last)


def key_ranges(*, count: int, first_key: int, last_key: int) -> Iterator[tuple[str, str]]:
    """Ranges of record numbers, both ends included, of about as many records each.

    The first and the last are open to the outside, so that a record that is added meanwhile is in one of
    them.
    """
    # Books that moved while they were counted may have more records than numbers.
    parts = max(1, min(-(-count // ROWS_OF_A_PART), last_key + 1 - first_key))
    steps = [first_key + (last_key + 1 - first_key) * part // parts for part in range(parts + 1)]
    for begin, following in pairwise(steps):
        yield (
            "" if begin == steps[0] else str(begin),
            "" if following == steps[-1] else str(following - 1),
        )
