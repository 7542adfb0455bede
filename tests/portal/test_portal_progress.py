"""A run's units in the words of the progress page."""

from datetime import date

from django.utils import timezone

from collections_app.models import Run, WorkUnit
from collections_app.selectors import Progress
from portal.templatetags import portal_progress


def progress(*units: WorkUnit) -> Progress:
    done = [unit for unit in units if unit.done_at is not None]
    current = next((unit for unit in units if unit.done_at is None), None)
    return Progress(Run(), done=len(done), planned=len(units), rows=0, current=current, units=units)


def month(position: int, number: int, *, done: bool) -> WorkUnit:
    return WorkUnit(
        position=position,
        kind=WorkUnit.Kind.TRIAL_BALANCE,
        start=date(2020, number, 1),
        end=date(2020, number, 28),
        done_at=timezone.now() if done else None,
    )


def reports(position: int) -> WorkUnit:
    return WorkUnit(position=position, kind=WorkUnit.Kind.REPORTS)


def test_months_are_one_line_with_a_count() -> None:
    stages = portal_progress.stages(
        progress(month(1, 1, done=True), month(2, 2, done=False), month(3, 3, done=False), reports(4))
    )
    assert [(stage.name, stage.state, stage.count) for stage in stages] == [
        ("Trial balances", "now", "1 of 3 months"),
        ("Your reports", "to come", ""),
    ]


def test_a_stage_is_done_when_all_its_units_are() -> None:
    stages = portal_progress.stages(progress(month(1, 1, done=True), month(2, 2, done=True), reports(3)))
    assert [stage.state for stage in stages] == ["done", "now"]


def test_the_work_of_the_moment_is_a_sentence() -> None:
    assert portal_progress.now_doing(month(1, 3, done=False)) == "Reading the trial balance of March 2020"
    assert portal_progress.now_doing(reports(1)) == "Building your reports"
    assert portal_progress.now_doing(WorkUnit(kind=WorkUnit.Kind.CHART)) == "Reading: Chart of accounts"
    assert portal_progress.now_doing(None) == "Putting your reports in order"
