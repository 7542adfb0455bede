"""The borrower did in Sage Intacct what was missing: the same sign-in is tried again, and work goes on."""

import pytest
from django.core.exceptions import ValidationError

from collections_app import states
from collections_app.models import Collection, Connection, Run
from collections_app.services import collecting, connecting
from intacct.sandbox import Sandbox
from tests.collecting import BORROWER, actions, sign_in, submitted, work

pytestmark = pytest.mark.usefixtures("gateway")


def paused(collection: Collection, gateway: Sandbox) -> Run:
    """Two units are done when a permission is taken away."""
    run = submitted(collection)
    for _ in range(2):
        collecting.unit_advance()
    gateway.faults.next("no-permission")
    return work(run)


def test_the_run_goes_on_with_the_same_password_and_the_units_it_has(
    collection: Collection, gateway: Sandbox
) -> None:
    run = paused(collection, gateway)
    assert (run.status, run.problem) == (Run.Status.NEEDS_BORROWER, "permission_missing")
    secret = Connection.objects.get().secret
    kept = list(run.units.exclude(done_at=None).values_list("pk", "done_at"))
    assert len(kept) == 2
    assert connecting.mended_confirm(collection=collection, by=BORROWER).pk == run.pk
    run.refresh_from_db()
    assert (run.status, run.problem, run.problem_names) == (Run.Status.QUEUED, "", [])
    assert Connection.objects.get().secret == secret
    assert work(run).status == Run.Status.DONE
    assert list(run.units.filter(pk__in=[pk for pk, _ in kept]).values_list("pk", "done_at")) == kept
    assert actions(collection).count("permissions.mended") == 1


def test_what_is_not_mended_pauses_the_run_again(collection: Collection, gateway: Sandbox) -> None:
    run = paused(collection, gateway)
    gateway.faults.next("no-permission")
    connecting.mended_confirm(collection=collection, by=BORROWER)
    assert work(run).status == Run.Status.NEEDS_BORROWER


def test_a_sign_in_that_lacks_a_permission_is_tried_again_as_well(
    collection: Collection, gateway: Sandbox
) -> None:
    gateway.faults.next("no-permission")
    run = work(sign_in(collection))
    assert run.status == Run.Status.NEEDS_BORROWER
    connecting.mended_confirm(collection=collection, by=BORROWER)
    assert work(run).status == Run.Status.DONE


def test_a_password_that_is_gone_is_asked_for(collection: Collection, gateway: Sandbox) -> None:
    run = paused(collection, gateway)
    Connection.objects.update(secret=None, session=None)
    with pytest.raises(ValidationError, match="Type it once again"):
        connecting.mended_confirm(collection=collection, by=BORROWER)
    run.refresh_from_db()
    assert run.status == Run.Status.NEEDS_BORROWER
    assert "permissions.mended" not in actions(collection)


def test_a_run_that_waits_for_nobody_is_not_tried_again(collection: Collection) -> None:
    submitted(collection)
    with pytest.raises(states.AnswersClosed, match="not waiting for you"):
        connecting.mended_confirm(collection=collection, by=BORROWER)
