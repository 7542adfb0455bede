"""`resumecollection`"""

from collections_app.models import Collection, Run
from intacct.sandbox import Sandbox
from tests.collecting import sign_in, work
from tests.collections_app.management.commands.conftest import Manage, is_one_sentence


def test_it_queues_the_run_that_needed_the_operator(
    manage: Manage, collection: Collection, gateway: Sandbox
) -> None:
    gateway.faults.next("malformed")
    run = work(sign_in(collection))
    finished = manage("resumecollection", collection.reference)
    assert (finished.code, finished.out) == (0, "Check the sign-in: queued\n")
    run.refresh_from_db()
    assert run.status == Run.Status.QUEUED


def test_it_refuses_when_nothing_waits_for_the_operator(manage: Manage, collection: Collection) -> None:
    finished = manage("resumecollection", collection.reference)
    assert is_one_sentence(finished), finished
