"""An operator mended what had stopped a run: it goes on where it stood."""

import pytest

from collections_app.models import Collection, Run
from collections_app.services import collecting, invitations
from collections_app.services.resuming import NothingToResume, run_resume
from intacct.sandbox import Sandbox
from tests.collecting import OPERATOR, sign_in, submitted, work


def test_a_run_that_needed_the_operator_goes_on_with_the_units_it_has(
    collection: Collection, gateway: Sandbox
) -> None:
    run = submitted(collection)
    for _ in range(2):
        collecting.unit_advance()
    gateway.faults.next("malformed")
    assert work(run).status == Run.Status.NEEDS_OPERATOR
    run.units.filter(done_at=None).update(crashes=3)
    kept = list(run.units.exclude(done_at=None).values_list("pk", "done_at"))

    resumed = run_resume(collection=collection, by=OPERATOR)
    assert (resumed.pk, resumed.status) == (run.pk, Run.Status.QUEUED)
    assert work(run).status == Run.Status.DONE
    assert list(run.units.filter(pk__in=[pk for pk, _ in kept]).values_list("pk", "done_at")) == kept


@pytest.mark.parametrize("password", ["Reader-Secret-1", "Wrong-Secret-1"])
def test_a_run_that_waits_for_nobody_or_for_the_borrower_is_not_resumed(
    collection: Collection, gateway: Sandbox, password: str
) -> None:
    work(sign_in(collection, password=password))
    with pytest.raises(NothingToResume, match=collection.reference):
        run_resume(collection=collection, by=OPERATOR)


def test_a_run_that_was_replaced_meanwhile_is_not_resumed(collection: Collection, gateway: Sandbox) -> None:
    gateway.faults.next("malformed")
    assert work(sign_in(collection)).status == Run.Status.NEEDS_OPERATOR
    sign_in(collection)
    with pytest.raises(NothingToResume):
        run_resume(collection=collection, by=OPERATOR)


def test_a_withdrawn_collection_is_not_resumed(collection: Collection, gateway: Sandbox) -> None:
    run = submitted(collection)
    gateway.faults.next("malformed")
    assert work(run).status == Run.Status.NEEDS_OPERATOR
    invitations.collection_withdraw(collection=collection, by=OPERATOR)
    with pytest.raises(NothingToResume):
        run_resume(collection=collection, by=OPERATOR)
