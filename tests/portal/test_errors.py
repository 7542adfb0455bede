"""Pages for what goes wrong."""

import pytest
from django.test import Client, RequestFactory

from collections_app import links
from collections_app.services.invitations import Invitation
from portal import errors
from tests.collecting import token_of


def test_a_form_from_a_page_of_yesterday_is_answered_in_words(invitation: Invitation) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies["csrf"] = "x" * 32
    page = f"/c/{token_of(invitation)}/"
    response = browser.post(page, {"csrfmiddlewaretoken": "y" * 64})
    assert response.status_code == 403
    assert "errors/stale_form.html" in [template.name for template in response.templates]
    assert "CSRF" not in response.content.decode()


def test_a_page_that_is_not_there_says_so_without_repeating_the_address(client: Client) -> None:
    response = client.get("/<script>alert(1)</script>/")
    assert response.status_code == 404
    assert "alert(1)" not in response.content.decode()


def test_a_request_that_makes_no_sense_is_refused_plainly() -> None:
    response = errors.bad_request(RequestFactory().get("/"), ValueError("secret detail"))
    assert response.status_code == 400
    assert "secret detail" not in response.content.decode()


def test_our_own_failure_shows_a_page_and_no_detail(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "find", lambda token: 1 / 0)
    client.raise_request_exception = False
    response = client.get("/c/clk_x/")
    assert response.status_code == 500
    page = response.content.decode()
    assert "ZeroDivisionError" not in page
    assert "clk_x" not in page
