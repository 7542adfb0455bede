"""What a run consists of, counted before it starts."""

from django.db import transaction

from collections_app import events, states
from collections_app.events import Who
from collections_app.models import Collection, Run, WorkUnit
from collections_app.reports import periods


@transaction.atomic
def run_start(*, collection: Collection, kind: str, by: Who) -> Run:
    """Plans a run and cancels what it replaces. The caller rings for it once all is committed."""
    for earlier in collection.runs.exclude(status__in=states.FINISHED):
        states.move_run(earlier, Run.Status.CANCELLED, by=by)
    run = Run.objects.create(collection=collection, kind=kind)
    _plan_units(run)
    events.record(collection, "run.queued", by=by, run=kind, units=run.units.count())
    return run


def _plan_units(run: Run) -> None:
    """Stores the run's units in the order in which they are done."""
    planners = {Run.Kind.VERIFY: _verify, Run.Kind.EXAMINE: _examine, Run.Kind.COLLECT: _collect}
    units = planners[Run.Kind(run.kind)](run.collection)
    for position, unit in enumerate(units, start=1):
        unit.run = run
        unit.position = position
    WorkUnit.objects.bulk_create(units)


def first_fiscal_month(collection: Collection) -> int:
    """The first fiscal month (1 to 12) of the chosen scope: an entity may have a year of its own."""
    option = collection.scope_options.get(kind=collection.scope_kind, identifier=collection.scope_id)
    return option.first_fiscal_month


def _verify(collection: Collection) -> list[WorkUnit]:
    return [WorkUnit(kind=WorkUnit.Kind.COMPANY)]


def _examine(collection: Collection) -> list[WorkUnit]:
    return [
        WorkUnit(kind=WorkUnit.Kind.CHART),
        WorkUnit(
            kind=WorkUnit.Kind.PERIOD_BALANCE,
            start=collection.date_from,
            end=collection.date_to,
        ),
    ]


def _collect(collection: Collection) -> list[WorkUnit]:
    windows = periods.collection_windows(
        collection.date_from, collection.date_to, first_fiscal_month(collection)
    )
    months = [WorkUnit(kind=WorkUnit.Kind.TRIAL_BALANCE, start=start, end=end) for start, end in windows]
    return [*months, WorkUnit(kind=WorkUnit.Kind.REPORTS)]
