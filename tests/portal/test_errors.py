"""Pages for what goes wrong."""

from typing import Any

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


@pytest.mark.parametrize("address", ["/healthz?a=%00", "/verify/?q=a%00b", "/api/v1/collections?status=%00"])
def test_an_address_with_a_null_character_is_none(client: Client, db: None, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_name_with_a_null_character_is_looked_up_nowhere(
    client: Client, db: None, django_assert_num_queries: Any
) -> None:
    headers = {"Authorization": "Bearer clk"}
    with django_assert_num_queries(0):
        assert client.get("/collection/documents/a%00").status_code == 404
        assert client.get("/api/v1/collections/A%00B", headers=headers).status_code == 404
        assert client.get("/brand/harbor%00/logo.png").status_code == 404


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
