"""What a run consists of, counted before it starts."""

from datetime import date

import pytest

from collections_app.models import Collection, Lender, Run, ScopeOption, WorkUnit
from collections_app.services import planning
from tests.collecting import BORROWER, actions, started


def plan(lender: Lender, start: date, end: date, first_month: int) -> list[tuple[date | None, date | None]]:
    collection = started(lender, date_from=start, date_to=end)
    ScopeOption.objects.create(
        collection=collection, position=1, kind="company", name="All", first_fiscal_month=first_month
    )
    Collection.objects.filter(pk=collection.pk).update(scope_kind="company")
    collection.refresh_from_db()
    run = planning.run_start(collection=collection, kind=Run.Kind.COLLECT, by=BORROWER)
    *months, last = run.units.all()
    assert last.kind == WorkUnit.Kind.REPORTS
    assert {unit.kind for unit in months} == {WorkUnit.Kind.TRIAL_BALANCE}
    assert [unit.position for unit in run.units.all()] == list(range(1, len(months) + 2))
    return [(unit.start, unit.end) for unit in months]


@pytest.mark.parametrize(
    ("start", "end", "first_month", "count", "first", "last"),
    [
        # A calendar year in a company whose year is the calendar's: twelve months.
        (date(2025, 1, 1), date(2025, 12, 31), 1, 12, date(2025, 1, 1), date(2025, 12, 31)),
        # The same with years from March: ten months before, from 1 March 2024.
        (date(2025, 1, 1), date(2025, 12, 31), 3, 22, date(2024, 3, 1), date(2025, 12, 31)),
        # One day in the middle of a month: the days of the month before it are a window of their own.
        (date(2025, 5, 10), date(2025, 5, 10), 5, 2, date(2025, 5, 1), date(2025, 5, 10)),
        # February of a leap year.
        (date(2024, 2, 1), date(2024, 2, 29), 2, 1, date(2024, 2, 1), date(2024, 2, 29)),
        # The month before the fiscal year begins: eleven months before.
        (date(2025, 6, 1), date(2025, 6, 30), 7, 12, date(2024, 7, 1), date(2025, 6, 30)),
    ],
)
def test_months_from_the_fiscal_years_first_day_to_the_last_day_asked_for(
    lender: Lender, start: date, end: date, first_month: int, count: int, first: date, last: date
) -> None:
    windows = plan(lender, start, end, first_month)
    assert len(windows) == count
    assert (windows[0][0], windows[-1][1]) == (first, last)


def test_an_entitys_own_fiscal_year_decides(collection: Collection) -> None:
    for position, (kind, month) in enumerate({"company": 1, "entity": 4}.items(), start=1):
        ScopeOption.objects.create(
            collection=collection,
            position=position,
            kind=kind,
            identifier="E1" if kind == "entity" else "",
            name=kind,
            first_fiscal_month=month,
        )
    collection.scope_kind, collection.scope_id = "entity", "E1"
    assert planning.first_fiscal_month(collection) == 4


def test_a_new_run_cancels_the_one_it_replaces(collection: Collection) -> None:
    first = planning.run_start(collection=collection, kind=Run.Kind.VERIFY, by=BORROWER)
    second = planning.run_start(collection=collection, kind=Run.Kind.VERIFY, by=BORROWER)
    first.refresh_from_db()
    assert (first.status, second.status) == (Run.Status.CANCELLED, Run.Status.QUEUED)
    assert actions(collection)[-3:] == ["run.queued", "run.cancelled", "run.queued"]


def test_looking_at_the_chart_takes_two_units_over_the_whole_period(collection: Collection) -> None:
    run = planning.run_start(collection=collection, kind=Run.Kind.EXAMINE, by=BORROWER)
    chart, balance = run.units.all()
    assert (chart.kind, balance.kind) == (WorkUnit.Kind.CHART, WorkUnit.Kind.PERIOD_BALANCE)
    assert balance.window == (collection.date_from, collection.date_to)
    with pytest.raises(ValueError, match="has no window"):
        _ = chart.window
