"""What every page says to browsers, caches and search engines."""

import pytest
from django.test import Client

from collections_app.models import Lender
from tests.collecting import invite, token_of

PAGES = [
    "/collection/",
    "/c/rubbish/",
    "/guide/harbor/role-based/",
    "/guide/harbor/quickstart-categories/",
    "/nothing-here/",
    "/admin/login/",
    "/healthz",
    "/brand/harbor.css",
]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_keeps_to_itself(client: Client, lender: Lender, page: str) -> None:
    headers = client.get(page).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    for part in (
        "object-src 'none'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "script-src 'self'",
    ):
        assert part in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["Referrer-Policy"] == "strict-origin"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_the_landing_page_asks_no_other_host_for_anything(client: Client, lender: Lender) -> None:
    page = client.get(f"/c/{token_of(invite(lender))}/").content.decode()
    for attribute in ('src="http', 'href="http', 'action="http', "style=", "onclick", "<script>"):
        assert attribute not in page


def test_robots_are_sent_away_without_an_address_being_named(client: Client) -> None:
    response = client.get("/robots.txt")
    assert response.headers["Content-Type"].startswith("text/plain")
    assert response.content == b"User-agent: *\nDisallow: /\n"


def test_a_host_that_is_not_ours_gets_a_plain_refusal(client: Client) -> None:
    response = client.get("/healthz", HTTP_HOST="evil.example")
    assert response.status_code == 400
