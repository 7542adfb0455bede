"""The progress page with script: how often it asks, what it says aloud, what it does in an outage."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect
from playwright.sync_api import Page as Tab

from collections_app import links
from tests.factories import make_collection, make_lender
from tests.journeys.browser import chromium
from tests.portal.scenes import collecting, started

pytestmark = [pytest.mark.slow, pytest.mark.browser]

SECOND = 1000
PART = """<p data-stage>{stage}</p>
<div role="progressbar" aria-label="Progress" aria-valuemax="9" aria-valuenow="{done}"></div>
<span data-summary>{stage}: {done} of 9 parts done</span>"""

# Promises as window.quiet that the page has its answer, if it has asked: then it sets a timer to ask again.
QUIET_AFTER_AN_ANSWER = """() => {
  const ask = window.fetch, set = window.setTimeout;
  let done = () => {};
  window.fetch = (...question) => {
    window.quiet = new Promise((resolve) => { done = resolve; });
    return ask(...question);
  };
  window.setTimeout = (...alarm) => {
    done();
    return set(...alarm);
  };
}"""


class Server:
    """Answers the page's questions in place of ours: with this stage and count, or with this failure."""

    def __init__(self) -> None:
        self.asked = 0
        self.stage, self.done, self.status = "Reading", 1, 200
        self.is_away = False

    def answer(self, route: Route) -> None:
        if route.request.headers.get("accept") != "application/json":
            route.continue_()
            return
        self.asked += 1
        if self.is_away:
            route.abort()
        elif self.status != 200:
            route.fulfill(status=self.status, body="", content_type="text/html")
        else:
            part = PART.format(stage=self.stage, done=self.done)
            answer = json.dumps({"finished": False, "html": part})
            route.fulfill(body=answer, content_type="application/json")


@pytest.fixture
def address(transactional_db: None, live_server: Any) -> str:
    collection = make_collection(make_lender(), linked=False)
    _link, token = links.issue(collection)
    started(collection)
    collecting("running")(collection)
    return f"{live_server.url}/c/{token}/"


@pytest.fixture
def browser(address: str) -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def tab(browser: Browser, address: str, server: Server) -> Tab:
    """The progress page, with a clock that stands still but where the test moves it."""
    page = browser.new_page()
    page.clock.install(time=0)
    page.clock.pause_at(3600)
    page.goto(address)
    page.locator("main form button").first.click()
    expect(page.locator("[data-live]")).to_be_visible()
    # The page's script has set its alarm by then.
    page.wait_for_load_state()
    page.evaluate(QUIET_AFTER_AN_ANSWER)
    page.route("**/collection/progress/", server.answer)
    return page


def pass_time(tab: Tab, seconds: int) -> None:
    """Second by second, so that each question is answered before the clock goes on."""
    for _ in range(seconds):
        tab.clock.run_for(SECOND)
        tab.evaluate("() => window.quiet")


def test_it_asks_every_two_seconds_for_a_minute_and_then_every_ten(tab: Tab, server: Server) -> None:
    pass_time(tab, 60)
    first = server.asked
    assert 29 <= first <= 31
    pass_time(tab, 60)
    assert 5 <= server.asked - first <= 7


def test_the_bar_is_named_and_counts_and_is_no_live_region(tab: Tab) -> None:
    bar = tab.get_by_role("progressbar")
    expect(bar).to_have_accessible_name("Progress")
    expect(bar).to_have_attribute("aria-valuemin", "0")
    assert int(bar.get_attribute("aria-valuenow") or "") <= int(bar.get_attribute("aria-valuemax") or "")
    assert "parts done" in (bar.get_attribute("aria-valuetext") or "")
    assert bar.evaluate("bar => bar.closest('[aria-live], [role=status], [role=alert]')") is None


def test_a_new_stage_is_said_at_once_and_counting_every_ten_seconds(tab: Tab, server: Server) -> None:
    spoken = tab.locator("[data-spoken]")
    pass_time(tab, 3)
    expect(spoken).to_have_text("Reading: 1 of 9 parts done")
    server.done = 2
    pass_time(tab, 4)
    expect(spoken).to_have_text("Reading: 1 of 9 parts done")
    pass_time(tab, 10)
    expect(spoken).to_have_text("Reading: 2 of 9 parts done")
    server.stage = "Building"
    pass_time(tab, 3)
    expect(spoken).to_have_text("Building: 2 of 9 parts done")


def test_the_time_so_far_goes_on_while_every_answer_says_that_nothing_is_new(
    tab: Tab, server: Server
) -> None:
    said = tab.locator("[data-so-far]")
    expect(said).to_have_text("Less than a minute so far")
    server.status = 304
    pass_time(tab, 61)
    expect(said).to_have_text("1 minute so far")
    pass_time(tab, 125)
    expect(said).to_have_text("3 minutes so far")
    assert server.asked > 30
    assert said.evaluate("said => said.closest('[aria-live], [role=status], [role=alert]')") is None


def test_a_hidden_tab_asks_nothing_and_asks_at_once_when_it_is_seen_again(tab: Tab, server: Server) -> None:
    hide = "hidden => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });"
    hide += " document.dispatchEvent(new Event('visibilitychange')); }"
    tab.evaluate(hide, True)
    before = server.asked
    pass_time(tab, 30)
    assert server.asked == before
    with tab.expect_response("**/collection/progress/"):
        tab.evaluate(hide, False)
    assert server.asked == before + 1


def test_an_outage_of_half_a_minute_is_a_quiet_notice_that_goes_away(tab: Tab, server: Server) -> None:
    pass_time(tab, 3)
    outage = tab.locator("[data-outage]")
    expect(outage).to_be_hidden()
    server.is_away = True
    pass_time(tab, 30)
    expect(outage).to_be_visible()
    expect(tab.locator("[data-live]")).to_contain_text("1 of 9 parts done")
    server.is_away, server.done = False, 7
    pass_time(tab, 11)
    expect(outage).to_be_hidden()
    expect(tab.locator("[data-live]")).to_contain_text("7 of 9 parts done")


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_is_asked_no_more(tab: Tab, server: Server, status: int) -> None:
    server.status = status
    with tab.expect_navigation():
        tab.clock.run_for(3 * SECOND)
    # Where things stand decides what is shown: here the same page, which asks anew; a closed link says so.
    assert server.asked == 1
