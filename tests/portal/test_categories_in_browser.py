"""The categories of a company that never chose any, in a real browser: by keyboard, and without script."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from collections_app import links
from collections_app.models import Collection
from collections_app.services import intake
from collections_app.services.invitations import Invitation
from tests.collecting import BORROWER, token_of
from tests.journeys.browser import Camera, chromium
from tests.portal.many_accounts import make_unanswered

pytestmark = [pytest.mark.slow, pytest.mark.browser]

PICTURES = Path(__file__).resolve().parents[1] / "screenshots"


@pytest.fixture
def address(transactional_db: None, invitation: Invitation, live_server: Any) -> str:
    """The link of a borrower with fifty accounts to answer."""
    link = links.find(token_of(invitation))
    assert link
    intake.link_open(link=link, by=BORROWER)
    make_unanswered(Collection.objects.get(), 50)
    return f"{live_server.url}/c/{token_of(invitation)}/"


@pytest.fixture
def browser(address: str) -> Iterator[Browser]:
    with chromium() as running:
        yield running


def opened(browser: Browser, address: str, **options: Any) -> Page:
    page = browser.new_context(**options).new_page()
    page.goto(address)
    page.locator("main form button").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Complete the QuickStart categories")
    return page


def test_a_group_is_accepted_by_keyboard_and_the_page_goes_on_from_there(
    browser: Browser, address: str
) -> None:
    page = opened(browser, address, viewport={"width": 1280, "height": 900})
    camera = Camera(page, PICTURES / "many-accounts-wide", scripted=True)
    camera.take("before")
    expect(page.get_by_text("0 chosen, 50 left")).to_be_visible()
    accept = page.get_by_role("button", name="Accept for all").first
    count = int(accept.inner_text().split()[3])
    accept.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_text(f"{count} chosen, {50 - count} left")).to_be_visible()
    assert page.url.endswith("/collection/categories/#next")
    # The Enter key on a tick presses the first button of the form, which only saves.
    page.get_by_role("checkbox").locator("visible=true").first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_text(f"{count} chosen, {50 - count} left")).to_be_visible()
    assert camera.complaints == []


def test_an_answer_is_saved_as_it_is_given_and_a_search_filters_while_it_is_typed(
    browser: Browser, address: str
) -> None:
    page = opened(browser, address, viewport={"width": 1280, "height": 900})
    camera = Camera(page, PICTURES / "many-accounts-search", scripted=True)
    page.get_by_label("Search accounts").fill("xyzzy")
    expect(page.get_by_text("1 of 50 shown")).to_be_visible()
    camera.take("searched")
    page.locator(".account:not([hidden]) select").select_option("Rent Expense")
    expect(page.get_by_text("Saved. 49 accounts left.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("1 chosen, 49 left")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="likely suggestions").click()
    expect(page.get_by_text("Accept all")).to_have_count(0)
    camera.take("accepted")
    assert camera.complaints == []


def test_a_suggestion_is_accepted_on_a_phone_without_script(browser: Browser, address: str) -> None:
    page = opened(
        browser, address, viewport={"width": 390, "height": 844}, java_script_enabled=False, has_touch=True
    )
    page.locator(".decision summary").first.tap()
    Camera(page, PICTURES / "many-accounts-phone", scripted=False).take("opened")
    page.locator(".decision .suggestion").first.tap()
    expect(page.get_by_text("1 chosen, 49 left")).to_be_visible()
    page.get_by_text("Chosen: 1 account").tap()
    chosen = page.locator("details[open] select").first
    assert chosen.input_value() != ""
