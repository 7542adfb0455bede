"""`showcollection`"""

from collections_app.models import Collection, Lender
from intacct.sandbox import Sandbox
from tests.collecting import PASSWORD, invite, sign_in, submitted, work
from tests.collections_app.management.commands.conftest import Manage


def test_it_shows_request_runs_and_events(manage: Manage, collection: Collection, gateway: Sandbox) -> None:
    work(submitted(collection))
    finished = manage("showcollection", collection.reference)
    assert (finished.code, finished.error) == (0, "")
    for part in (
        f"Collection {collection.reference}: Submitted",
        "Birchwood Bicycle Works <owner@birchwood.example>",
        "2026-04-01 to 2026-06-30",
        "Whole company: Birchwood Repairs",
        "BIRCHSOLO as ws_lender, password destroyed",
        "Collect the reports (Done), 22 of 22 units",
        "Borrower: consent.given",
        "Worker: collection.submitted",
    ):
        assert part in finished.out


def test_it_tells_times_in_the_lenders_zone(manage: Manage, lender: Lender) -> None:
    collection = invite(lender).collection
    out = manage("showcollection", collection.reference).out
    assert " EST  " in out or " EDT  " in out


def test_it_shows_why_a_run_stands_still_and_no_password(
    manage: Manage, collection: Collection, gateway: Sandbox
) -> None:
    work(sign_in(collection, password="Wrong-Secret-1"))
    out = manage("showcollection", collection.reference).out
    assert "did not accept this company ID" in out
    assert "password destroyed" in out
    assert "Wrong-Secret-1" not in out
    assert PASSWORD not in out


def test_it_refuses_a_collection_that_is_not_there(manage: Manage) -> None:
    finished = manage("showcollection", "NOPE-NOPE")
    assert finished.code == 1
    assert "There is no collection NOPE-NOPE" in finished.error
