"""What the first page weighs over the wire and how soon it is there, on a telephone on a slow line."""

from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.installation import Installation
from tests.journeys.browser import chromium

pytestmark = [pytest.mark.slow, pytest.mark.browser]

PHONE: ViewportSize = {"width": 390, "height": 844}
BUDGET = 60_000
# The profile of a telephone that Lighthouse uses, too: 150 ms there and back, 1.6 megabits a second.
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
SOON = 1500
PAINTED = """() => new Promise((done) => {
  new PerformanceObserver((list) => done(list.getEntries().at(-1).startTime))
    .observe({ type: "largest-contentful-paint", buffered: true });
})"""


def test_the_first_page_is_light_asks_nobody_else_and_is_soon_there(
    installation: Installation, record_property: Any
) -> None:
    installation.prepare()
    with installation.web() as address, chromium() as browser:
        link = installation.invite("2025-01-01", "2025-12-31", "--no-email")
        page = browser.new_page(viewport=PHONE)
        weights, hosts = watched(page)
        page.goto(link, wait_until="networkidle")
        painted = page.evaluate(PAINTED)
    told = f"{sum(weights)} bytes in {len(weights)} answers, painted after {painted:.0f} ms"
    print(told)
    record_property("first page", told)
    assert hosts == {address.removeprefix("http://")}
    assert sum(weights) < BUDGET, told
    assert painted < SOON, told


def watched(page: Page) -> tuple[list[int], set[str]]:
    """The bytes of each answer as they come over the wire, and the hosts that are asked; both fill up."""
    weights: list[int] = []
    hosts: set[str] = set()
    session = page.context.new_cdp_session(page)
    session.on("Network.loadingFinished", lambda event: weights.append(int(event["encodedDataLength"])))
    session.on("Network.requestWillBeSent", lambda event: hosts.add(event["request"]["url"].split("/")[2]))
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)
    return weights, hosts
