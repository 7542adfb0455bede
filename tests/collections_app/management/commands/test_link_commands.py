"""`resendlink` and `revokelink`"""

import pytest
from django.core import mail

from collections_app import links
from collections_app.links import LinkState
from collections_app.models import Collection, Lender
from collections_app.services import invitations
from tests.collecting import OPERATOR, actions, invite, token_of
from tests.collections_app.management.commands.conftest import Manage, is_one_sentence


def state_of(token: str) -> LinkState:
    link = links.find(token)
    assert link
    return links.state(link)


def test_resending_mails_a_new_link_and_ends_the_old_one(manage: Manage, lender: Lender) -> None:
    old = invite(lender)
    finished = manage("resendlink", old.collection.reference, "--expires-days", "3")
    assert finished.code == 0
    assert "Mailed to owner@birchwood.example" in finished.out
    (sent,) = mail.outbox
    assert finished.last in str(sent.body)
    assert state_of(token_of(old)) is LinkState.WITHDRAWN
    assert state_of(finished.last.rstrip("/").rpartition("/")[2]) is LinkState.OPEN


def test_resending_to_another_address_corrects_the_borrowers(manage: Manage, lender: Lender) -> None:
    collection = invite(lender).collection
    assert is_one_sentence(manage("resendlink", collection.reference, "--email", "nobody"))
    assert mail.outbox == []
    finished = manage("resendlink", collection.reference, "--email", "ann@birchwood.example")
    assert "Mailed to ann@birchwood.example" in finished.out
    assert [told.to for told in mail.outbox] == [["ann@birchwood.example"]]
    assert actions(collection)[1:] == ["borrower.readdressed", "link.issued", "invitation.mailed"]


def test_resending_without_mail_only_prints_the_link(manage: Manage, lender: Lender) -> None:
    finished = manage("resendlink", invite(lender).collection.reference, "--no-email")
    assert finished.out.startswith("http://127.0.0.1:8000/c/clk_")
    assert mail.outbox == []


def test_revoking_ends_the_link_and_keeps_the_request(manage: Manage, lender: Lender) -> None:
    invitation = invite(lender)
    reference = invitation.collection.reference
    finished = manage("revokelink", reference)
    assert (finished.code, finished.out) == (0, f"The link of {reference} no longer works.\n")
    assert state_of(token_of(invitation)) is LinkState.WITHDRAWN
    assert Collection.objects.get().status == Collection.Status.INVITED
    assert actions(invitation.collection)[-1] == "link.revoked"
    assert is_one_sentence(manage("revokelink", reference))
    assert manage("resendlink", reference).code == 0


@pytest.mark.parametrize("command", ["resendlink", "revokelink"])
def test_what_makes_no_sense_is_refused_in_one_sentence(manage: Manage, lender: Lender, command: str) -> None:
    assert is_one_sentence(manage(command, "NONE-SUCH"))
    collection = invite(lender).collection
    invitations.collection_withdraw(collection=collection, by=OPERATOR)
    assert is_one_sentence(manage(command, collection.reference))
