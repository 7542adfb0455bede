"""What the first page weighs over the wire and how soon it is there, on a telephone on a slow line."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.installation import Installation
from tests.journeys.browser import chromium

pytestmark = [pytest.mark.slow, pytest.mark.browser]

PHONE: ViewportSize = {"width": 390, "height": 844}
BUDGET = 60_000
# The profile of a telephone that Lighthouse uses, too: 150 ms there and back, 1.6 megabits a second.
LATENCY, BYTES_EACH_MS = 150, 200
SLOW = {"offline": False, "latency": LATENCY, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
SOON = 1500
PAINTED = """() => new Promise((done) => {
  new PerformanceObserver((list) => done(list.getEntries().at(-1).startTime))
    .observe({ type: "largest-contentful-paint", buffered: true });
})"""


@dataclass
class Line:
    """What went over the line: bytes of answers, hosts, and after how many others each address was asked."""

    weights: list[int] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    turns: dict[str, int] = field(default_factory=dict)

    def asked(self, event: dict[str, Any]) -> None:
        address, initiator = event["request"]["url"], event["initiator"]
        frames = initiator.get("stack", {}).get("callFrames", [])
        before = initiator.get("url") or (frames[0]["url"] if frames else "")
        if "redirectResponse" in event:
            before = event["redirectResponse"]["url"]
        self.turns[address] = self.turns.get(before, 0) + 1
        self.hosts.add(address.split("/")[2])

    @property
    def milliseconds(self) -> float:
        """What this costs on the slow line, on a machine that takes no time: a connection, then each turn
        waits for the one before it.
        """
        return (1 + max(self.turns.values())) * LATENCY + sum(self.weights) / BYTES_EACH_MS


def test_the_first_page_is_light_asks_nobody_else_and_is_soon_there(
    installation: Installation, record_property: Any
) -> None:
    installation.prepare()
    with installation.web() as address, chromium() as browser:
        link = installation.invite("2025-01-01", "2025-12-31", "--no-email")
        page = browser.new_page(viewport=PHONE)
        line = watched(page)
        page.goto(link, wait_until="networkidle")
        painted = page.evaluate(PAINTED)
    told = (
        f"{sum(line.weights)} bytes in {len(line.weights)} answers of {max(line.turns.values())} turns, "
        f"{line.milliseconds:.0f} ms of line, painted after {painted:.0f} ms by this machine"
    )
    print(told)
    record_property("first page", told)
    assert line.hosts == {address.removeprefix("http://")}
    assert sum(line.weights) < BUDGET, told
    # How long this machine took for the rest says how busy it was.
    assert line.milliseconds < SOON / 2, told


def watched(page: Page) -> Line:
    """What goes over the line from now on."""
    line = Line()
    session = page.context.new_cdp_session(page)
    session.on("Network.loadingFinished", lambda event: line.weights.append(int(event["encodedDataLength"])))
    session.on("Network.requestWillBeSent", line.asked)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)
    return line
