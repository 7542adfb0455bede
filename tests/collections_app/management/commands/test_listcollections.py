"""`listcollections`"""

from collections_app.models import Lender
from collections_app.services import invitations
from collections_app.services.lenders import lender_create
from tests.collecting import OPERATOR, invite
from tests.collections_app.management.commands.conftest import Manage


def test_it_lists_newest_first_one_a_line(manage: Manage, lender: Lender) -> None:
    first, second = (invite(lender, borrower_name=name).collection for name in ("One", "Two\nlines"))
    finished = manage("listcollections")
    assert (finished.code, finished.error) == (0, "")
    assert finished.out.splitlines() == [
        f"{second.reference}  invited     harbor  Two lines  2026-04-01 to 2026-06-30",
        f"{first.reference}  invited     harbor  One  2026-04-01 to 2026-06-30",
    ]


def test_it_lists_one_lenders_or_one_status(manage: Manage, lender: Lender) -> None:
    ours = invite(lender).collection
    theirs = invite(lender_create(slug="kauri", name="Kauri Finance")).collection
    invitations.collection_withdraw(collection=theirs, by=OPERATOR)
    assert manage("listcollections", "--lender", "harbor").out.startswith(ours.reference)
    assert manage("listcollections", "--lender", "harbor").out.count("\n") == 1
    assert manage("listcollections", "--status", "withdrawn").out.split()[0] == theirs.reference


def test_it_prints_nothing_when_there_is_nothing(manage: Manage) -> None:
    finished = manage("listcollections")
    assert (finished.code, finished.out, finished.error) == (0, "", "")


def test_it_refuses_a_lender_that_is_not_there(manage: Manage) -> None:
    finished = manage("listcollections", "--lender", "nobody")
    assert finished.code == 1
    assert "There is no lender “nobody”" in finished.error
