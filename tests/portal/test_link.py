"""The secure link: looking changes nothing, the button exchanges it for a session, and then it is gone."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from collections_app import links
from collections_app.models import Collection, FailureCount, Lender, Link
from collections_app.services import invitations
from collections_app.services.invitations import Invitation
from tests.collecting import OPERATOR, actions, gateway, invite, submitted, token_of, work  # noqa: F401
from tests.portal.conftest import Open


def path(invitation: Invitation) -> str:
    return f"/c/{token_of(invitation)}/"


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing(client: Client, invitation: Invitation, method: str) -> None:
    for _ in range(3):
        response = getattr(client, method)(path(invitation))
        assert response.status_code == 200
    collection = invitation.collection
    collection.refresh_from_db()
    assert collection.status == Collection.Status.INVITED
    assert collection.links.get().opened_count == 0
    assert actions(collection) == ["collection.invited"]
    assert not Session.objects.exists()
    assert "session" not in client.cookies


def test_the_landing_page_names_lender_borrower_and_reference(client: Client, invitation: Invitation) -> None:
    page = client.get(path(invitation)).content.decode()
    for part in ("Harbor Community Bank", "Birchwood Bicycle Works", invitation.collection.reference):
        assert part in page


def test_the_button_starts_the_collection_and_drops_the_token(client: Client, invitation: Invitation) -> None:
    response = client.post(path(invitation), follow=True)
    assert [step[0] for step in response.redirect_chain] == ["/collection/", "/collection/select-system/"]
    assert response.status_code == 200
    assert "clk_" not in response.content.decode()
    assert "clk_" not in repr(response.headers)
    invitation.collection.refresh_from_db()
    assert invitation.collection.status == Collection.Status.STARTED


def test_the_session_holds_no_token_and_is_a_new_one(client: Client, invitation: Invitation) -> None:
    planted = "attackersattackersattackersattac"
    client.cookies["session"] = planted
    client.post(path(invitation))
    session = Session.objects.get()
    assert session.session_key != planted
    assert "clk_" not in repr(session.get_decoded())


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(
    client: Client, invitation: Invitation
) -> None:
    cookie = client.post(path(invitation)).cookies["session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_a_scanner_that_presses_the_button_first_does_no_harm(
    open_link: Open, invitation: Invitation
) -> None:
    scanner, borrower = open_link(invitation), open_link(invitation)
    for browser in (scanner, borrower):
        assert browser.get("/collection/select-system/").status_code == 200


def test_an_unknown_and_a_mistyped_link_get_the_same_page(client: Client, invitation: Invitation) -> None:
    mistyped = path(invitation)[:-2] + ("0/" if path(invitation)[-2] != "0" else "1/")
    pages = [client.get(address) for address in (f"/c/{links.make_token()}/", mistyped, "/c/rubbish/")]
    assert {page.status_code for page in pages} == {404}
    assert len({page.content for page in pages}) == 1
    assert "Harbor" not in pages[0].content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_expired_link_says_so_and_names_the_lender(
    client: Client, invitation: Invitation, method: str
) -> None:
    Link.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    response = getattr(client, method)(path(invitation))
    assert response.status_code == 410
    page = response.content.decode()
    assert "Harbor Community Bank" in page
    assert "expired" in page
    assert actions(invitation.collection) == ["collection.invited"]


def test_a_withdrawn_link_says_so(client: Client, invitation: Invitation) -> None:
    invitations.collection_withdraw(collection=invitation.collection, by=OPERATOR)
    response = client.get(path(invitation))
    assert response.status_code == 410
    assert "withdrawn" in response.content.decode()


def test_a_link_opened_far_too_often_is_closed(client: Client, invitation: Invitation) -> None:
    Link.objects.update(opened_count=links.MOST_OPENINGS)
    assert client.post(path(invitation)).status_code == 410


def test_a_link_of_a_finished_collection_leads_to_the_end(
    client: Client,
    lender: Lender,
    gateway: Any,  # noqa: F811
) -> None:
    invitation = invite(lender)
    client.post(path(invitation))
    client.post("/collection/select-system/", {"system": "sage-intacct"})
    client.post("/collection/review/", {"agreed": "on"})
    client.post("/collection/connect/")
    work(submitted(Collection.objects.get()))
    response = Client().post(path(invitation), follow=True)
    assert response.redirect_chain[-1][0] == "/collection/done/"
    assert response.status_code == 200


# Guessing


def test_the_thirty_first_wrong_link_is_not_even_looked_up(client: Client, invitation: Invitation) -> None:
    for _ in range(30):
        assert client.get("/c/rubbish/").status_code == 404
    for address in ("/c/rubbish/", path(invitation)):
        response = client.get(address)
        assert response.status_code == 429
    assert FailureCount.objects.get().count == 30
    assert client.post(path(invitation)).status_code == 429


def test_another_caller_is_not_held_up_by_the_one_who_guesses(client: Client, invitation: Invitation) -> None:
    for _ in range(31):
        client.get("/c/rubbish/", REMOTE_ADDR="192.0.2.66")
    assert client.get(path(invitation), REMOTE_ADDR="192.0.2.1").status_code == 200


def test_behind_a_proxy_the_caller_is_the_one_the_proxy_names(
    client: Client, invitation: Invitation, settings: Any
) -> None:
    """Otherwise one who guesses would shut out every borrower behind the same proxy."""
    settings.BEHIND_PROXY = True
    for _ in range(31):
        client.get("/c/rubbish/", HTTP_X_FORWARDED_FOR="10.9.9.9, 192.0.2.66")
    assert client.get("/c/rubbish/", HTTP_X_FORWARDED_FOR="1.1.1.1, 192.0.2.66").status_code == 429
    assert client.get(path(invitation), HTTP_X_FORWARDED_FOR="192.0.2.66, 192.0.2.1").status_code == 200


def test_without_a_proxy_nobody_chooses_the_own_address(client: Client, settings: Any, db: None) -> None:
    settings.BEHIND_PROXY = False
    for number in range(30):
        client.get("/c/rubbish/", HTTP_X_FORWARDED_FOR=f"192.0.2.{number}")
    assert client.get("/c/rubbish/", HTTP_X_FORWARDED_FOR="192.0.2.200").status_code == 429


# Other ways in


def test_the_button_needs_the_pages_own_token(invitation: Invitation) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.get(path(invitation))
    response = strict.post(path(invitation))
    assert response.status_code == 403
    assert "clk_" not in response.content.decode()
    invitation.collection.refresh_from_db()
    assert invitation.collection.status == Collection.Status.INVITED


def test_the_button_on_the_page_works_with_its_token(invitation: Invitation) -> None:
    strict = Client(enforce_csrf_checks=True)
    page = strict.get(path(invitation))
    token = page.context["csrf_token"]
    answer = strict.post(path(invitation), {"csrfmiddlewaretoken": str(token)})
    assert answer.status_code == 302


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_other_methods_are_refused(client: Client, invitation: Invitation, method: str) -> None:
    assert getattr(client, method)(path(invitation)).status_code == 405
