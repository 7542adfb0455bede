"""The reports of a complete collection are made again from stored figures, with a lender's layout."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from collections_app import books, leases
from collections_app.models import Collection, Lender, Run
from collections_app.services import collecting, erasing, rebuilding, reporting, resuming
from tests import factories
from tests.collecting import OPERATOR, actions
from tests.collections_app.mapping import NAME, relabeled, stored

pytestmark = pytest.mark.slow


@pytest.fixture
def complete(lender: Lender) -> Collection:
    return factories.collected_collection(lender)


def rebuilt(collection: Collection) -> Collection:
    while collecting.unit_advance():
        pass
    return Collection.objects.get(pk=collection.pk)


def test_a_rebuild_makes_each_report_anew_and_asks_no_gateway_and_no_password(complete: Collection) -> None:
    run = rebuilding.reports_rebuild(collection=complete, template=stored(complete.lender), by=OPERATOR)
    assert [unit.subject for unit in run.units.all()] == list(reporting.WRITERS)
    assert not any(unit.asks_gateway for unit in run.units.all())
    assert rebuilt(complete).connection.secret is None
    run.refresh_from_db()
    assert run.status == Run.Status.DONE


def test_the_collection_has_the_template_and_new_files_once_the_run_is_done(complete: Collection) -> None:
    template, before = stored(complete.lender), set(complete.files.values_list("storage_name", flat=True))
    rebuilding.reports_rebuild(collection=complete, template=template, by=OPERATOR)
    assert Collection.objects.get(pk=complete.pk).mapping is None
    after = rebuilt(complete)
    assert after.mapping == template
    assert before.isdisjoint(after.files.values_list("storage_name", flat=True))
    assert after.status == Collection.Status.SUBMITTED


def test_the_reports_have_the_lenders_statements_beside_ours(complete: Collection) -> None:
    assert books.statements_of(complete).mapped is None
    template = stored(complete.lender)
    rebuilding.reports_rebuild(collection=complete, template=template, by=OPERATOR)
    reports = books.statements_of(rebuilt(complete))
    mapped = reports.mapped
    assert mapped
    assert (mapped.template, mapped.version, mapped.content_hash) == (NAME, 1, template.content_hash)
    ours = reports.balance_sheet.values("total_assets")
    assert mapped.balance_sheet.values("total_assets") == ours
    assert [each.account.number for each in mapped.unmapped] == ["150"]


def test_a_rebuild_without_a_template_takes_it_away_again(complete: Collection) -> None:
    rebuilding.reports_rebuild(collection=complete, template=stored(complete.lender), by=OPERATOR)
    rebuilt(complete)
    rebuilding.reports_rebuild(collection=complete, template=None, by=OPERATOR)
    after = rebuilt(complete)
    assert after.mapping is None
    assert books.statements_of(after).mapped is None


def test_a_worker_that_dies_in_the_middle_leaves_the_earlier_files_and_another_goes_on(
    complete: Collection,
) -> None:
    before = set(complete.files.values_list("storage_name", flat=True))
    template = stored(complete.lender)
    run = rebuilding.reports_rebuild(collection=complete, template=template, by=OPERATOR)
    assert leases.claim(run.pk)
    held = run.units.exclude(lease_until=None)
    held.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert set(complete.files.values_list("storage_name", flat=True)) == before
    assert rebuilt(complete).mapping == template
    assert sum(run.units.values_list("crashes", flat=True)) == 1


def test_figures_that_cannot_be_read_stop_it_for_the_operator_who_can_let_it_go_on(
    complete: Collection,
) -> None:
    template, months = stored(complete.lender), list(complete.trial_balances.all())
    complete.trial_balances.all().delete()
    run = rebuilding.reports_rebuild(collection=complete, template=template, by=OPERATOR)
    assert rebuilt(complete).mapping is None
    run.refresh_from_db()
    assert run.status == Run.Status.NEEDS_OPERATOR
    for month in months:
        month.pk = None
        month.save()
    resuming.run_resume(collection=complete, by=OPERATOR)
    assert rebuilt(complete).mapping == template


def test_the_newest_of_two_rebuilds_counts(complete: Collection) -> None:
    first = stored(complete.lender)
    second = stored(complete.lender, relabeled("Something else", version=2))
    earlier = rebuilding.reports_rebuild(collection=complete, template=first, by=OPERATOR)
    rebuilding.reports_rebuild(collection=complete, template=second, by=OPERATOR)
    assert rebuilt(complete).mapping == second
    earlier.refresh_from_db()
    assert earlier.status == Run.Status.CANCELLED


def test_who_asked_and_for_which_template_is_recorded(complete: Collection) -> None:
    rebuilding.reports_rebuild(collection=complete, template=stored(complete.lender), by=OPERATOR)
    asked = complete.events.get(action="reports.rebuild_asked")
    assert (asked.actor, asked.data) == ("a test", {"template": "RMA spread, version 1"})


def test_only_a_complete_collection_is_rebuilt(lender: Lender) -> None:
    under_way = factories.make_collection(lender)
    with pytest.raises(ValidationError, match="is not complete"):
        rebuilding.reports_rebuild(collection=under_way, template=None, by=OPERATOR)
    assert not under_way.runs.exists()


def test_an_erased_collection_is_not_rebuilt(complete: Collection) -> None:
    erasing.data_key_destroy(collection=complete, by=OPERATOR, why="asked for")
    with pytest.raises(ValidationError, match="was erased"):
        rebuilding.reports_rebuild(collection=complete, template=None, by=OPERATOR)


def test_another_lenders_template_is_refused(complete: Collection) -> None:
    foreign = stored(factories.make_lender())
    with pytest.raises(ValidationError, match="belongs to another lender"):
        rebuilding.reports_rebuild(collection=complete, template=foreign, by=OPERATOR)
    assert "reports.rebuild_asked" not in actions(complete)
