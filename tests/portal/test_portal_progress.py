"""A run's units in the words of the progress page."""

from datetime import date, timedelta

from django.utils import timezone

from collections_app.models import WorkUnit
from collections_app.progress import Progress, Unit
from portal.templatetags import portal_progress


def month(position: int, number: int, *, done: bool) -> Unit:
    return Unit(position, WorkUnit.Kind.TRIAL_BALANCE, start=date(2020, number, 1), is_done=done)


def reports(position: int, subject: str = "") -> Unit:
    return Unit(position, WorkUnit.Kind.REPORTS, subject)


def test_months_are_one_line_with_a_count() -> None:
    stages = portal_progress.stages(
        Progress((month(1, 1, done=True), month(2, 2, done=False), month(3, 3, done=False), reports(4)))
    )
    assert [(stage.name, stage.state, stage.count) for stage in stages] == [
        ("Trial balances", "now", "1 of 3 months"),
        ("Your reports", "later", ""),
    ]


def test_what_is_read_in_turns_is_one_line_each() -> None:
    entities = [
        Unit(position, "table", "entity_trial_balances", start=date(2020, position // 2, 1))
        for position in (2, 4)
    ]
    units = (month(1, 1, done=True), entities[0], month(3, 2, done=True), entities[1], reports(5))
    assert [(stage.name, stage.state, stage.count) for stage in portal_progress.stages(Progress(units))] == [
        ("Trial balances", "done", "2 of 2 months"),
        ("Trial balances of the entities", "now", "0 of 2 months"),
        ("Your reports", "later", ""),
    ]


def test_the_files_of_the_reports_are_one_line() -> None:
    files = reports(1, "report.xlsx"), reports(2, "statements.json")
    (stage,) = portal_progress.stages(Progress(files))
    assert (stage.name, stage.count) == ("Your reports", "0 of 2 parts")


def test_the_time_so_far_is_told_in_whole_minutes_and_then_in_hours() -> None:
    told = [portal_progress.so_far(seconds) for seconds in (0, 59, 60, 185, 7199, 7200, 90_000)]
    assert told == [
        "Less than a minute so far",
        "Less than a minute so far",
        "1 minute so far",
        "3 minutes so far",
        "119 minutes so far",
        "2 hours so far",
        "25 hours so far",
    ]
    assert portal_progress.seconds_since(timezone.now() + timedelta(hours=1)) == 0


def test_a_stage_is_done_when_all_its_units_are() -> None:
    stages = portal_progress.stages(Progress((month(1, 1, done=True), month(2, 2, done=True), reports(3))))
    assert [stage.state for stage in stages] == ["done", "now"]


def test_the_work_of_the_moment_is_a_sentence() -> None:
    assert portal_progress.now_doing(month(1, 3, done=False)) == "Reading the trial balance of March 2020"
    assert portal_progress.now_doing(reports(1)) == "Building your reports"
    assert portal_progress.now_doing(Unit(1, WorkUnit.Kind.CHART)) == "Reading: Chart of accounts"
    assert portal_progress.now_doing(None) == "Putting your reports in order"
