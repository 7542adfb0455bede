"""What a run consists of, counted before it starts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collections_app import datasets
from collections_app.models import Collection, Lender, Run, ScopeOption, WorkUnit
from collections_app.services import choosing, planning, reporting
from tests.collecting import BORROWER, actions, started


def plan(lender: Lender, start: date, end: date, first_month: int) -> list[tuple[date | None, date | None]]:
    collection = started(lender, date_from=start, date_to=end, reports=["trial-balance"])
    option = ScopeOption.holding(
        collection=collection, position=1, kind="company", name="All", first_fiscal_month=first_month
    )
    option.save()
    choosing.scope_set(collection=collection, option=option, by=BORROWER)
    collection.refresh_from_db()
    run = planning.run_start(collection=collection, kind=Run.Kind.COLLECT, by=BORROWER)
    units = list(run.units.all())
    months, files = units[: -len(reporting.WRITERS)], units[-len(reporting.WRITERS) :]
    assert [unit.subject for unit in files] == list(reporting.WRITERS)
    assert {unit.kind for unit in files} == {WorkUnit.Kind.REPORTS}
    assert {unit.kind for unit in months} == {WorkUnit.Kind.TRIAL_BALANCE}
    assert [unit.position for unit in units] == list(range(1, len(units) + 1))
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
        option = ScopeOption.holding(
            collection=collection,
            position=position,
            kind=kind,
            identifier="E1" if kind == "entity" else "",
            name=kind,
            first_fiscal_month=month,
        )
        option.save()
    choosing.scope_set(collection=collection, option=option, by=BORROWER)
    assert planning.first_fiscal_month(collection) == 4


def test_a_new_run_cancels_the_one_it_replaces(collection: Collection) -> None:
    first = planning.run_start(collection=collection, kind=Run.Kind.VERIFY, by=BORROWER)
    second = planning.run_start(collection=collection, kind=Run.Kind.VERIFY, by=BORROWER)
    first.refresh_from_db()
    assert (first.status, second.status) == (Run.Status.CANCELLED, Run.Status.QUEUED)
    assert actions(collection)[-3:] == ["run.queued", "run.cancelled", "run.queued"]


def test_looking_at_the_chart_takes_the_chart_the_balances_of_the_period_and_a_count_of_what_there_is(
    collection: Collection,
) -> None:
    run = planning.run_start(collection=collection, kind=Run.Kind.EXAMINE, by=BORROWER)
    chart, balance, survey = run.units.all()
    assert (survey.kind, chart.stage, survey.stage) == (WorkUnit.Kind.SURVEY, 1, 2)
    assert (chart.kind, balance.kind) == (WorkUnit.Kind.CHART, WorkUnit.Kind.PERIOD_BALANCE)
    assert balance.window == (collection.date_from, collection.date_to)
    with pytest.raises(ValueError, match="has no window"):
        _ = chart.window


def test_the_tables_that_the_reports_need_are_planned_and_no_others(lender: Lender) -> None:
    collection = started(lender, reports=["balance-sheet", "ar-aging"])
    survey = {dataset.name: {"count": 5, "first_key": 1, "last_key": 9} for dataset in datasets.ALL}
    subjects = planned_tables(collection, survey | {"reporting_periods": None})
    assert set(subjects) == {
        "locations",
        "customers",
        "receivable_invoices",
        "receivable_adjustments",
        "receivable_advances",
        "receipts",
        "receipt_applications",
    }
    assert subjects["customers"] == subjects["receivable_invoices"] == 1
    assert subjects["receipts"] == subjects["receipt_applications"] == 2


def test_the_general_ledger_is_read_month_by_month_from_the_first_day_asked_for(lender: Lender) -> None:
    collection = started(
        lender, reports=["general-ledger"], date_from=date(2026, 4, 15), date_to=date(2026, 6, 10)
    )
    planned_tables(collection, {})
    units = WorkUnit.objects.filter(subject="general_ledger")
    assert [(unit.start, unit.end) for unit in units] == [
        (date(2026, 4, 15), date(2026, 4, 30)),
        (date(2026, 5, 1), date(2026, 5, 31)),
        (date(2026, 6, 1), date(2026, 6, 10)),
    ]


def planned_tables(collection: Collection, survey: dict[str, object]) -> dict[str, int]:
    """The tables of a planned collection, each with the stage in which it is read."""
    option = ScopeOption.holding(collection=collection, position=1, kind="company", name="All")
    option.save()
    choosing.scope_set(collection=collection, option=option, by=BORROWER)
    Collection.objects.filter(pk=collection.pk).update(survey=survey)
    collection.refresh_from_db()
    run = planning.run_start(collection=collection, kind=Run.Kind.COLLECT, by=BORROWER)
    tables = run.units.filter(kind=WorkUnit.Kind.TABLE)
    return dict(tables.values_list("subject", "stage"))


@given(
    count=st.integers(0, 200_000),
    first=st.integers(0, 10**9),
    spread=st.integers(0, 10**9),
    key=st.integers(),
)
def test_every_record_number_there_is_or_will_be_is_in_one_range(
    count: int, first: int, spread: int, key: int
) -> None:
    ranges = list(planning.key_ranges(count=count, first_key=first, last_key=first + spread))
    assert len(ranges) == max(1, min(-(-count // planning.ROWS_OF_A_PART), spread + 1))
    holding = [
        (low, high) for low, high in ranges if (not low or int(low) <= key) and (not high or key <= int(high))
    ]
    assert len(holding) == 1
