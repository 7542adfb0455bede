"""A collection that is given back is collected once more, from the sign-in on, with all answers kept."""

import pytest

from collections_app.events import Who
from collections_app.models import Collection, Event
from collections_app.services import intake, reviewing
from collections_app.services.seeing import fingerprint
from intacct.sandbox import Sandbox
from tests.collecting import BORROWER, SINGLE, UNASSIGNED, sign_in, submitted, work

pytestmark = pytest.mark.slow

ANNA = Who(Event.Actor.STAFF, "anna@staff.test")


def test_it_is_collected_again_after_a_new_sign_in(gateway: Sandbox, collection: Collection) -> None:
    work(submitted(collection))
    collection.refresh_from_db()
    assert collection.status == Collection.Status.SUBMITTED
    first = {file.name: file.storage_name for file in collection.files.all()}
    lines = sum(table.row_count for table in collection.tables.all())
    reviewing.collection_return(
        collection=collection, words="Close March first.", by=ANNA, shown=fingerprint(collection)
    )
    with pytest.raises(intake.NotReady):
        intake.collection_submit(collection=collection, by=BORROWER)
    work(sign_in(collection, SINGLE))
    collection.refresh_from_db()
    assert collection.scope_kind == "company"
    assert collection.accounts.count()
    kept = [
        account.assigned_category for account in collection.accounts.all() if account.number == UNASSIGNED
    ]
    assert kept == ["Cash and Cash Equivalents"]
    work(intake.collection_submit(collection=collection, by=BORROWER))
    collection.refresh_from_db()
    assert collection.status == Collection.Status.SUBMITTED
    again = {file.name: file.storage_name for file in collection.files.all()}
    assert set(again) == set(first)
    assert not set(again.values()) & set(first.values())
    assert sum(table.row_count for table in collection.tables.all()) == lines
