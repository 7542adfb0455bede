"""The secure link: looking changes nothing, the button exchanges it for a session, and then it is gone."""

import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from collections_app import links, rate_limit
from collections_app.models import Collection, FailureCount, Lender, Link
from collections_app.services import invitations
from collections_app.services.invitations import Invitation
from tests import factories
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
    client.post("/collection/review/", {"agreed": "on", "name": "Robin Birch"})
    client.post("/collection/connect/")
    work(submitted(Collection.objects.get()))
    response = Client().post(path(invitation), follow=True)
    assert response.redirect_chain[-1][0] == "/collection/done/"
    assert response.status_code == 200


# Guessing


@pytest.mark.usefixtures("one_window")
def test_the_thirty_first_wrong_link_is_not_even_looked_up(client: Client, invitation: Invitation) -> None:
    for _ in range(30):
        assert client.get("/c/rubbish/").status_code == 404
    for address in ("/c/rubbish/", path(invitation)):
        response = client.get(address)
        assert response.status_code == 429
    assert set(FailureCount.objects.values_list("count", flat=True)) == {30}
    assert client.post(path(invitation)).status_code == 429


@pytest.mark.usefixtures("one_window")
def test_another_caller_is_not_held_up_by_the_one_who_guesses(client: Client, invitation: Invitation) -> None:
    for _ in range(31):
        client.get("/c/rubbish/", REMOTE_ADDR="192.0.2.66")
    assert client.get(path(invitation), REMOTE_ADDR="192.0.2.1").status_code == 200


@pytest.mark.usefixtures("one_window")
def test_behind_a_proxy_the_caller_is_the_one_the_proxy_names(
    client: Client, invitation: Invitation, settings: Any
) -> None:
    """Otherwise one who guesses would shut out every borrower behind the same proxy."""
    settings.BEHIND_PROXY = True
    for _ in range(31):
        client.get("/c/rubbish/", HTTP_X_FORWARDED_FOR="10.9.9.9, 192.0.2.66")
    assert client.get("/c/rubbish/", HTTP_X_FORWARDED_FOR="1.1.1.1, 192.0.2.66").status_code == 429
    assert client.get(path(invitation), HTTP_X_FORWARDED_FOR="192.0.2.66, 192.0.2.1").status_code == 200


@pytest.mark.usefixtures("one_window")
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


# Hostile and foreign tokens


def hostile(invitation: Invitation) -> dict[str, str]:
    token = token_of(invitation)
    body = token[:-6]
    return {
        "empty": "",
        "ten kilobytes": "clk_" + "A" * 10_000,
        "wrong checksum": body + ("000000" if token[-6:] != "000000" else "111111"),
        "right checksum, unknown": links.make_token(),
        "percent-encoded junk": "clk_%ff%fe%2e%2e%3Cscript%3E%25",
        "NUL": token[:20] + "%00" + token[20:],
        "NUL at the end": token + "%00",
        "line end": token + "%0A",
        "other letters": token.replace("clk_", "clk\uff3f"),
        "other case": token.swapcase(),
        "blank around": f"%20{token}%20",
    }


@pytest.mark.usefixtures("one_window")
def test_every_token_that_is_none_gets_the_same_page_and_is_counted(
    client: Client, invitation: Invitation
) -> None:
    pages = {name: client.get(f"/c/{token}/") for name, token in hostile(invitation).items()}
    assert {name: page.status_code for name, page in pages.items()} == dict.fromkeys(pages, 404)
    assert pages.pop("empty").status_code == 404, "no address of ours, so no link that was tried"
    assert len({page.content for page in pages.values()}) == 1
    assert set(FailureCount.objects.values_list("count", flat=True)) == {len(pages)}
    assert not Session.objects.exists()


def test_another_lenders_link_opens_that_lenders_request_alone(
    client: Client, invitation: Invitation
) -> None:
    other = invite(factories.make_lender("Southern Trust"))
    page = client.get(path(other)).content.decode()
    assert "Southern Trust" in page
    assert "Harbor" not in page
    assert invitation.collection.reference not in page


def test_a_link_outlives_a_change_of_the_secret_key(
    client: Client, invitation: Invitation, settings: Any
) -> None:
    settings.SECRET_KEY = "another key " * 6
    assert client.get(path(invitation)).status_code == 200


@pytest.mark.usefixtures("one_window")
def test_guessing_from_many_addresses_is_told_to_the_operator_once(
    client: Client, db: None, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limit, "LINK_ALARM", replace(rate_limit.LINK_ALARM, failures=5))
    for number in range(8):
        client.get("/c/rubbish/", REMOTE_ADDR=f"192.0.2.{number}")
    told = [record for record in caplog.records if record.name == "portal.arriving"]
    assert [record.getMessage()[:30] for record in told] == ["5 links that do not exist were"]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_ten_thousand_guesses_are_looked_up_thirty_times(
    client: Client, db: None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    # Within one window, however long this machine takes.
    with time_machine.travel(timezone.now(), tick=False):
        answers = [client.get(f"/c/{links.make_token()}/").status_code for _ in range(10_000)]
    assert answers == [404] * 30 + [429] * 9_970


# Each opening


def test_each_opening_is_recorded_with_its_moment_and_number(open_link: Open, invitation: Invitation) -> None:
    for _ in range(3):
        open_link(invitation)
    openings = invitation.collection.events.filter(action="link.opened")
    assert [event.data["number"] for event in openings] == [1, 2, 3]
    assert all(event.at for event in openings)
    link = invitation.collection.links.get()
    assert link.opened_count == 3
    assert link.last_opened_at
