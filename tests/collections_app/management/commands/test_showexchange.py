"""What went wrong between us and the gateway, shown to the operator."""

from collections_app.models import Collection
from intacct.sandbox import Sandbox
from tests.collecting import PASSWORD, submitted, work
from tests.collections_app.management.commands.conftest import Manage, is_one_sentence


def test_it_shows_the_newest_exchange_without_a_secret(
    manage: Manage, collection: Collection, gateway: Sandbox
) -> None:
    run = submitted(collection)
    gateway.faults.next("malformed", function="query")
    work(run)
    finished = manage("showexchange", collection.reference)
    assert finished.code == 0
    assert "unreadable_answer" in finished.out
    assert "<query>" in finished.out
    assert PASSWORD not in finished.out


def test_where_nothing_went_wrong_it_says_so(manage: Manage, collection: Collection) -> None:
    finished = manage("showexchange", collection.reference)
    assert finished.code == 1
    assert f"Collection {collection.reference} has 0 kept exchanges." in finished.error
    assert is_one_sentence(finished)
