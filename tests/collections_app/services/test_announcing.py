"""When lenders' systems are told that everything is here, and what they may download until then."""

import json

import pytest

from collections_app.models import Collection, Delivery, Lender, Run
from collections_app.services import collecting, rebuilding, resuming, sharing, steering, withdrawing
from intacct.sandbox import Sandbox
from tests import factories
from tests.collecting import BORROWER, OPERATOR, submitted, work
from tests.portal.previewing import waiting
from tests.portal.test_api import BASE, System

pytestmark = pytest.mark.slow

HERE = "collection.submitted"


@pytest.fixture
def shared(lender: Lender) -> Collection:
    """The borrower has looked at it and shared it just now; no worker was there since."""
    factories.make_webhook(lender)
    collection = waiting(lender)
    share(collection)
    return collection


def share(collection: Collection) -> None:
    sharing.collection_share(collection=collection, name="Ann Otter", title="Controller", by=BORROWER)


def told() -> list[str]:
    """What lenders' systems are told, the oldest first."""
    found = Delivery.objects.exclude(event="collection.started").order_by("pk")
    return list(found.values_list("event", flat=True))


def newest(collection: Collection) -> Run:
    return collection.runs.latest("pk")


def test_they_are_told_once_the_files_hold_what_the_borrower_said(lender: Lender, shared: Collection) -> None:
    run = newest(shared)
    assert told() == []
    assert collecting.unit_advance(run_id=run.pk)
    assert told() == []
    work(run)
    assert told() == [HERE]
    statements = System(lender).get(f"{BASE}/{shared.reference}/statements.json").whole
    assert json.loads(statements)["attestation"]["name"] == "Ann Otter"
    work(rebuilding.reports_rebuild(collection=shared, template=None, by=OPERATOR))
    assert told() == [HERE]


def test_what_was_not_looked_at_first_is_told_of_as_soon_as_it_is_collected(
    gateway: Sandbox, lender: Lender, collection: Collection
) -> None:
    factories.make_webhook(lender)
    work(submitted(collection))
    assert told() == ["collection.collecting", HERE]


def test_a_rebuild_that_takes_the_place_of_the_first_one_tells_them(shared: Collection) -> None:
    collecting.unit_advance()
    again = rebuilding.reports_rebuild(collection=shared, template=None, by=OPERATOR)
    assert told() == []
    work(again)
    assert told() == [HERE]


def test_they_are_told_of_the_files_as_they_are_when_the_operator_cancels_the_rebuild(
    shared: Collection,
) -> None:
    steering.run_cancel(collection=shared, by=OPERATOR)
    assert told() == [HERE]
    work(rebuilding.reports_rebuild(collection=shared, template=None, by=OPERATOR))
    assert told() == [HERE]


def test_a_rebuild_that_has_replaced_some_files_is_not_cancelled(shared: Collection) -> None:
    collecting.unit_advance(run_id=newest(shared).pk)
    with pytest.raises(steering.NotNow, match="has replaced some files already"):
        steering.run_cancel(collection=shared, by=OPERATOR)
    assert told() == []
    work(newest(shared))
    assert told() == [HERE]


def test_they_are_told_when_the_operator_has_mended_what_stopped_it(shared: Collection) -> None:
    months = list(shared.trial_balances.all())
    shared.trial_balances.all().delete()
    assert work(newest(shared)).status == Run.Status.NEEDS_OPERATOR
    assert told() == []
    for month in months:
        month.pk = None
        month.save()
    resuming.run_resume(collection=shared, by=OPERATOR)
    work(newest(shared))
    assert told() == [HERE]


def test_of_what_was_withdrawn_meanwhile_they_are_told_that_alone(shared: Collection) -> None:
    withdrawing.consent_withdraw(collection=shared, by=BORROWER)
    work(newest(shared))
    assert told() == ["collection.withdrawn"]


def test_while_the_reports_are_rebuilt_a_system_finds_no_files_and_is_refused_in_words(
    lender: Lender, shared: Collection
) -> None:
    system, document = System(lender), factories.make_document(shared)
    address = f"{BASE}/{shared.reference}"
    files = [
        f"{address}/{path}" for path in ("statements.json", "files/report.xlsx", f"documents/{document.key}")
    ]
    now = system.get(address).json()
    assert (now["status"], now["rebuilding"], now["files"]) == ("submitted", True, [])
    for file in files:
        refused = system.get(file)
        assert refused.status_code == 409
        assert "being rebuilt" in refused.json()["detail"] and refused.json()["detail"].endswith(".")
    work(newest(shared))
    then = system.get(address).json()
    assert not then["rebuilding"] and {each["kind"] for each in then["files"]} == {"report", "document"}
    assert [system.get(file).status_code for file in files] == [200, 200, 200]
