"""Two requests in two tabs of a real browser: what the scripts of the first one's page then do."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, expect
from playwright.sync_api import Page as Tab

from collections_app import links
from collections_app.models import Collection, Lender
from tests.factories import make_collection, make_lender
from tests.journeys.browser import chromium
from tests.portal.more_scenes import asking, several
from tests.portal.scenes import collecting, role_based, started, unanswered
from tests.uploaded_files import PDF

pytestmark = [pytest.mark.slow, pytest.mark.browser]

WORDS = "this browser has opened the link of another request since"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright runs a loop in this thread, which Django would take for a reason to refuse its database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with chromium() as running:
        yield running
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def lender(transactional_db: None) -> Lender:
    return make_lender("Harbor Community Bank")


@pytest.fixture
def context(browser: Browser, live_server: Any) -> BrowserContext:
    return browser.new_context(base_url=live_server.url, locale="en-US")


def request_at(lender: Lender, *arrange: Callable[[Collection], None]) -> tuple[Collection, str]:
    """A request that stands there, and the address of its link."""
    collection = make_collection(lender, linked=False)
    _link, token = links.issue(collection)
    several(*arrange)(collection)
    return collection, f"/c/{token}/"


def opened(context: BrowserContext, address: str, page: str) -> Tab:
    """A tab in which the link's button was pressed and the page is shown."""
    tab = context.new_page()
    tab.goto(address)
    tab.locator("main form button").first.click()
    tab.wait_for_url("**/collection/**")
    tab.goto(f"/collection/{page}/")
    return tab


def test_a_category_that_is_chosen_is_not_saved_in_the_other_request_and_the_page_says_why(
    context: BrowserContext, lender: Lender
) -> None:
    _first, link = request_at(lender, started, unanswered(12))
    second, other_link = request_at(lender, started, unanswered(12))
    tab = opened(context, link, "categories")
    opened(context, other_link, "categories")
    chosen = tab.locator("select[name^='category-']").first
    chosen.evaluate("field => { field.closest('details')?.setAttribute('open', ''); }")
    chosen.select_option(index=1)
    expect(tab.locator("[data-kept]")).to_contain_text(WORDS)
    assert not any(account.assigned_category for account in second.accounts.all())
    # Once its own link is open again, the same page goes on.
    opened(context, link, "categories")
    chosen.select_option(index=2)
    expect(tab.locator("[data-kept]")).not_to_contain_text(WORDS)


def test_a_tick_and_a_file_are_not_taken_and_each_says_why(context: BrowserContext, lender: Lender) -> None:
    _first, link = request_at(lender, started, asking, role_based)
    second, other_link = request_at(lender, started, asking, role_based)
    guide = opened(context, link, "credentials")
    documents = opened(context, link, "documents")
    opened(context, other_link, "credentials")
    guide.locator("[data-tick] button").first.click()
    expect(guide.locator("[data-ticks-said]")).to_contain_text(WORDS)
    file = FilePayload(name="a.pdf", mimeType="application/pdf", buffer=PDF)
    documents.locator("input[type=file]").first.set_input_files(file)
    expect(documents.locator(".upload__file--refused")).to_contain_text(WORDS)
    assert not second.set_up_ticks.exists() and not second.documents.exists()


def test_a_page_that_waits_gives_way_to_the_request_that_is_open(
    context: BrowserContext, lender: Lender
) -> None:
    first, link = request_at(lender, started, collecting("running"))
    second, other_link = request_at(lender, started, collecting("running"))
    tab = opened(context, link, "progress")
    expect(tab.locator(".masthead__reference")).to_contain_text(first.reference)
    opened(context, other_link, "progress")
    tab.bring_to_front()
    expect(tab.locator(".masthead__reference")).to_contain_text(second.reference)
