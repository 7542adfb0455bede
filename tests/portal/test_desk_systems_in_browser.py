"""A manager connects the lender's own systems, in a real browser. Pictures: screenshots/desk-systems."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from collections_app.models import Lender, StaffMember
from collections_app.services.api_keys import key_find
from tests import factories
from tests.journeys.browser import chromium
from tests.portal.desk import Seat, signed_in

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.fixture
def browser(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    # Playwright's loop runs in this thread, and Django takes that for code of the loop.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with chromium() as running:
        yield running


@pytest.fixture
def seat(browser: Browser, lender: Lender, live_server: Any) -> Seat:
    user = factories.make_staff(lender, StaffMember.Role.MANAGER)
    return Seat(signed_in(browser, live_server, user), "systems")


def test_a_key_is_made_used_replaced_and_switched_off(seat: Seat, lender: Lender) -> None:
    page = seat.page
    page.goto("/admin/")
    page.get_by_role("navigation", name="Desk").get_by_role("link", name="API keys").click()
    seat.see("01-no-keys")
    page.get_by_role("link", name="Add API key").first.click()
    page.get_by_role("button", name="Make the key").click()
    expect(page.get_by_text("This field is required.")).to_be_visible()
    seat.see("02-refused")
    page.get_by_label("Name").fill("Loan system")
    page.get_by_label("Download reports and documents").check()
    page.get_by_role("button", name="Make the key").click()
    text = page.locator("code.secret-link").inner_text()
    assert key_find(text)
    seat.see("03-shown-once")
    page.get_by_role("link", name="I have copied it").click()
    expect(page.get_by_text("List requests and where they stand; Download reports")).to_be_visible()
    seat.see("04-key")
    page.get_by_label("Hours that this key works on").fill("2")
    page.get_by_role("button", name="Make the new key").click()
    new = page.locator("code.secret-link").inner_text()
    assert new != text and key_find(new) and key_find(text)
    page.get_by_role("link", name="I have copied it").click()
    page.get_by_role("button", name="Switch it off now").click()
    expect(page.get_by_text("The key is switched off: it works no more.")).to_be_visible()
    assert not key_find(new)
    seat.see("05-switched-off")
    page.goto("/admin/collections_app/apikey/")
    expect(page.get_by_role("link", name="Loan system")).to_have_count(2)
    seat.see("06-keys")
    assert seat.complaints == []


def test_a_webhook_is_made_its_log_read_and_its_sending_mended_and_stopped(
    seat: Seat, lender: Lender, settings: Any
) -> None:
    settings.WEBHOOK_PRIVATE_HOSTS = ["127.0.0.1"]
    page = seat.page
    page.goto("/admin/collections_app/webhook/add/")
    page.get_by_label("Address").fill("https://10.0.0.1/hook")
    page.get_by_role("button", name="Make the webhook").click()
    expect(page.get_by_text("is an address inside a network")).to_be_visible()
    seat.see("11-refused")
    page.get_by_label("Address").fill("http://127.0.0.1:9/hook")
    page.get_by_role("button", name="Make the webhook").click()
    expect(page.locator("code.secret-link")).to_contain_text("whs_")
    seat.see("12-shown-once")
    page.get_by_role("link", name="I have copied it").click()
    expect(page.get_by_text("Nothing yet.")).to_be_visible()
    webhook = factories.make_webhook(lender)
    page.goto(f"/admin/collections_app/webhook/{webhook.pk}/change/")
    expect(page.get_by_text("Not taken (500), try 2")).to_be_visible()
    seat.see("13-log")
    page.get_by_role("button", name="Send again what was not taken").click()
    expect(page.get_by_text("1 to be sent again, within half a minute.")).to_be_visible()
    outcome = page.get_by_role("cell", name="To be sent Before: not taken (500), tries: 2")
    expect(outcome).to_be_visible()
    page.get_by_role("button", name="Stop it now").click()
    expect(page.get_by_text("Nothing more is sent to this address.")).to_be_visible()
    seat.see("14-stopped")
    page.goto("/admin/collections_app/webhook/")
    seat.see("15-webhooks")
    assert seat.complaints == []
