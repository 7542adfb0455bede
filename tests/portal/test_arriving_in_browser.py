"""Arriving in a real browser: the first page, the code, the warning of the end, and links that have ended."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from collections_app.models import Collection, Lender, Link
from collections_app.services import lenders
from tests.collecting import invite, token_of
from tests.journeys.browser import Camera, chromium
from tests.portal.pictures import png

pytestmark = [pytest.mark.slow, pytest.mark.browser]

PICTURES = Path(__file__).resolve().parents[1] / "screenshots"
SIZES: dict[str, dict[str, Any]] = {
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
    "wide": {"viewport": {"width": 1280, "height": 900}},
    "phone-without-script": {"viewport": {"width": 390, "height": 844}, "java_script_enabled": False},
}

# Promises as window.alarmIsSet the moment at which the page next sets a timer.
NEXT_ALARM = """() => {
  const set = window.setTimeout;
  window.alarmIsSet = new Promise((done) => {
    window.setTimeout = (...alarm) => {
      window.setTimeout = set;
      done();
      return set(...alarm);
    };
  });
}"""


@pytest.fixture
def lender(transactional_db: None, lender: Lender) -> Lender:
    lender.contact_name, lender.contact_phone = "Dana Reyes, Commercial Lending", "555 0100"
    lender.brand_color = "#0b6e4f"
    lender.save()
    lenders.lender_logo_set(lender=lender, content=png(160, 80, (11, 110, 79)))
    return lender


@pytest.fixture
def address(lender: Lender, live_server: Any) -> str:
    return f"{live_server.url}/c/{token_of(invite(lender))}/"


@pytest.fixture
def browser(address: str) -> Iterator[Browser]:
    with chromium() as running:
        yield running


def beside(change: Callable[..., Any], **fields: Any) -> None:
    """Makes a change in a thread of its own: where the browser is steered, Django refuses the database."""

    def change_and_close() -> None:
        change(**fields)
        connection.close()

    thread = Thread(target=change_and_close)
    thread.start()
    thread.join()


def opened(browser: Browser, size: str) -> tuple[Page, Camera]:
    page = browser.new_context(**SIZES[size]).new_page()
    scripted = SIZES[size].get("java_script_enabled", True)
    return page, Camera(page, PICTURES / f"arriving-{size}", scripted=scripted)


@pytest.mark.parametrize("size", SIZES)
def test_a_link_with_a_code_is_opened(browser: Browser, address: str, lender: Lender, size: str) -> None:
    beside(Lender.objects.update, requires_code=True)
    page, camera = opened(browser, size)
    page.goto(address)
    camera.take("01-a-code-first")
    page.get_by_role("button", name="Send me the code").click()
    expect(page).not_to_have_url(re.compile("clk_"))
    camera.take("02-enter-the-code")
    page.get_by_label("The six digits").fill("12")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    camera.take("03-code-refused")
    code = re.search(r"^\d{3} \d{3}$", str(mail.outbox[-1].body), re.MULTILINE)
    assert code
    page.get_by_label("The six digits").fill(code[0])
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    camera.take("04-landing")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page).to_have_url(re.compile("/collection/select-system/"))
    camera.take("05-inside")
    page.get_by_role("button", name="Finish later").click()
    expect(page).not_to_have_url(re.compile("/collection/select-system/"))
    camera.take("06-left")
    page.goto(address)
    expect(page.get_by_role("button", name="Send me the code")).to_be_visible()
    assert camera.complaints == []


@pytest.mark.parametrize("size", SIZES)
def test_a_link_that_has_ended_leads_to_the_lender(browser: Browser, address: str, size: str) -> None:
    beside(Link.objects.update, expires_at=timezone.now() - timedelta(minutes=1))
    page, camera = opened(browser, size)
    page.goto(address)
    camera.take("07-expired")
    page.get_by_role("button", name="Ask Harbor Community Bank for a new link").click()
    expect(page.get_by_text("knows that you need a new link")).to_be_visible()
    camera.take("08-asked")
    assert camera.complaints == []


@pytest.mark.parametrize("size", ["phone", "wide"])
def test_coming_back_says_where_things_stand(browser: Browser, address: str, size: str) -> None:
    page, camera = opened(browser, size)
    for number, status in enumerate(("started", "collecting", "submitted"), start=9):
        beside(Collection.objects.update, status=status, submitted_at=timezone.now())
        page.goto(address)
        camera.take(f"{number:02}-back-{status}")
    assert camera.complaints == []


def test_the_back_button_does_not_lead_to_the_links_address(browser: Browser, address: str) -> None:
    page, _camera = opened(browser, "wide")
    page.goto(address)
    page.get_by_role("button", name="Start", exact=True).click()
    page.get_by_role("button", name="Sage Intacct").click()
    expect(page).to_have_url(re.compile("/collection/review/"))
    for _ in range(2):
        page.go_back()
        assert "clk_" not in page.url
    assert "clk_" not in page.evaluate("document.referrer")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Review")


def inside(browser: Browser, address: str, size: str) -> tuple[Page, Camera]:
    """A borrower's first step, under a clock that the test moves."""
    page, camera = opened(browser, size)
    page.clock.install()
    page.goto(address)
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page).to_have_url(re.compile("/collection/select-system/"))
    expect(page.get_by_role("button", name="Sage Intacct")).to_be_visible()
    # The page's script has set its alarm by then, which a clock that was moved before would not ring.
    page.wait_for_load_state()
    return page, camera


def visit_of(page: Page, left: list[int]) -> None:
    """Answers the page's questions after its time left, one after the other; the last one again and again."""

    def answer(route: Any) -> None:
        route.fulfill(json={"left": left.pop(0) if len(left) > 1 else left[0]})

    page.route("**/collection/visit/", answer)


@pytest.mark.parametrize("size", ["phone", "wide"])
def test_the_end_is_warned_of_and_one_key_prolongs_the_visit(
    browser: Browser, address: str, size: str
) -> None:
    page, camera = inside(browser, address, size)
    dialog = page.get_by_role("dialog", name="Do you need more time?")
    visit_of(page, [300, 1800])
    page.clock.fast_forward("25:01")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("button", name="Stay here")).to_be_focused()
    camera.take("12-warning")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    visit_of(page, [300, 1800])
    page.clock.fast_forward("25:01")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert camera.complaints == []


def test_another_tab_that_is_used_keeps_this_one_quiet(browser: Browser, address: str) -> None:
    page, _camera = inside(browser, address, "wide")
    visit_of(page, [1700])
    page.evaluate(NEXT_ALARM)
    page.clock.fast_forward("25:01")
    # The page has asked, heard the answer and set its alarm anew.
    page.evaluate("() => window.alarmIsSet")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_what_was_typed_stays_when_the_visit_is_over(browser: Browser, address: str) -> None:
    page, camera = inside(browser, address, "wide")
    page.locator("details summary").first.click()
    page.get_by_role("textbox").first.fill("QuickBooks Desktop")
    visit_of(page, [0])
    page.clock.fast_forward("25:01")
    over = page.get_by_role("dialog", name="You were signed out")
    expect(over).to_be_visible()
    camera.take("13-signed-out")
    over.get_by_role("button", name="Look at this page").click()
    expect(page.get_by_role("textbox").first).to_have_value("QuickBooks Desktop")
    assert camera.complaints == []


def test_the_page_after_the_end_says_what_to_do(browser: Browser, address: str) -> None:
    for size in ("phone", "wide"):
        page, camera = opened(browser, size)
        page.goto(address)
        page.locator("main form button").first.click()
        expect(page).to_have_url(re.compile("/collection/select-system/"))
        page.wait_for_load_state()
        with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=True):
            page.reload()
            expect(page.get_by_role("heading", level=1)).to_contain_text("You were signed out")
            camera.take("14-visit-over")
