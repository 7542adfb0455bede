"""The whole journey before a real browser: by keyboard alone; and with every step done twice over."""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Locator, expect
from playwright.sync_api import Page as Tab

from collections_app.models import Collection, Run
from collections_app.services import collecting
from collections_app.services.invitations import Invitation
from intacct.sandbox import Sandbox
from tests.collecting import GROUP, PASSWORD, UNASSIGNED, USER, token_of
from tests.journeys.browser import chromium

pytestmark = [pytest.mark.slow, pytest.mark.browser]

MOST_STOPS, PATIENCE = 200, 300


@pytest.fixture
def address(transactional_db: None, invitation: Invitation, gateway: Sandbox, live_server: Any) -> str:
    return f"{live_server.url}/c/{token_of(invitation)}/"


@pytest.fixture
def browser(address: str) -> Iterator[Browser]:
    # Playwright runs a loop in this thread, and the worker's part is done in it too.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with chromium() as running:
        yield running
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def work_until(awaited: Locator) -> None:
    """Does what the worker does, until the page shows what is waited for."""
    for _ in range(PATIENCE):
        while collecting.unit_advance():
            pass
        if awaited.is_visible():
            return
        awaited.page.wait_for_timeout(100)
    raise AssertionError(f"Waited in vain for {awaited} on {awaited.page.url}")


def page_of(tab: Tab, title: str) -> Locator:
    """The heading of the page with that title."""
    return tab.get_by_role("heading", level=1, name=title, exact=True)


def heading(tab: Tab, title: str) -> None:
    expect(page_of(tab, title)).to_be_visible(timeout=60_000)


def reach(target: Locator) -> None:
    """Presses Tab until the control has the focus."""
    # What was pressed last may lead to another page, and nothing has waited for that.
    expect(target).to_be_visible()
    page = target.page
    for _ in range(MOST_STOPS):
        if target.evaluate("target => target === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {target}")


def key(target: Locator, name: str) -> None:
    reach(target)
    target.page.keyboard.press(name)


def test_the_journey_is_walked_by_keyboard_alone(browser: Browser, address: str) -> None:
    tab = browser.new_page()
    tab.goto(address)

    def button(name: str) -> Locator:
        return tab.get_by_role("button", name=name, exact=True)

    key(button("Start"), "Enter")
    key(tab.get_by_role("button", name="Sage Intacct"), "Enter")
    heading(tab, "Review what will be shared")
    key(button("Agree and continue"), "Enter")
    # Refused: the summary has the focus, and its link leads to the box.
    expect(tab.get_by_role("alert")).to_be_focused()
    key(tab.get_by_role("alert").get_by_role("link").first, "Enter")
    expect(tab.get_by_label("Your name")).to_be_focused()
    tab.keyboard.type("Robin Birch")
    key(tab.get_by_role("checkbox"), "Space")
    key(button("Agree and continue"), "Enter")
    key(button("Continue to Sage Intacct"), "Enter")
    key(tab.get_by_role("radio").first, "Space")
    key(button("Show the instructions"), "Enter")
    # The page before has the same boxes, folded away.
    expect(tab.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    for label, text in (
        ("Company ID", GROUP),
        ("Web Services user ID", USER),
        ("Password of the Web Services user", PASSWORD),
    ):
        reach(tab.get_by_label(label, exact=True))
        tab.keyboard.type(text)
    tab.keyboard.press("Enter")
    expect(tab.get_by_text("We are trying your sign-in at Sage Intacct")).to_be_visible()
    work_until(page_of(tab, "Choose the entity or book"))
    key(tab.get_by_role("radio").first, "Space")
    key(button("Continue"), "Enter")
    work_until(page_of(tab, "Complete the QuickStart categories"))
    work_until(button("Continue"))
    reach(tab.locator(f"select[name='category-{UNASSIGNED}']"))
    tab.keyboard.type("Cash and")
    key(button("Continue"), "Enter")
    heading(tab, "Check your answers")
    key(button("Connect"), "Enter")
    heading(tab, "Your reports are being collected")
    work_until(page_of(tab, "Congratulations: your reports are shared"))


class Twice:
    """Does each step as somebody in a hurry does: reloads, presses twice, goes back, has a second tab."""

    def __init__(self, tab: Tab, other: Tab) -> None:
        self.tab, self.other = tab, other

    def step(self, title: str, fill: Callable[[Tab], None], press: Callable[[Tab], Locator]) -> None:
        heading(self.tab, title)
        self.tab.reload()
        heading(self.tab, title)
        self.other.goto(self.tab.url)
        heading(self.other, title)
        fill(self.tab)
        fill(self.other)
        place = self.tab.url
        # Not by expect_navigation: the second press breaks the first one's off, which it takes for a failure.
        with self.tab.expect_event("framenavigated"):
            press(self.tab).dblclick()
        press(self.other).click()
        self.other.wait_for_load_state()
        assert "/collection/" in self.other.url
        # Both presses have been answered: going back amid an answer is the browser's to refuse.
        self.tab.wait_for_load_state("networkidle")
        back(self.tab)
        assert "/collection/" in self.tab.url or "/c/" in self.tab.url
        self.tab.goto(place.rpartition("/collection/")[0] + "/collection/")


def back(tab: Tab) -> None:
    """As a person does it: a page that goes on by itself at the same moment may win.

    The call returns before the browser sets out, so what follows must wait for the arrival.
    """
    with suppress(Error), tab.expect_navigation():
        tab.evaluate("history.back()")
    tab.wait_for_load_state("networkidle")


def nothing(tab: Tab) -> None:
    """There is nothing to fill in."""


def test_reloading_going_back_double_clicks_and_a_second_tab_do_each_thing_once(
    browser: Browser, address: str
) -> None:
    context = browser.new_context()
    tab, other = context.new_page(), context.new_page()
    tab.goto(address)
    tab.get_by_role("button", name="Start", exact=True).click()
    twice = Twice(tab, other)
    twice.step("Choose your accounting system", nothing, named("Sage Intacct"))
    twice.step("Review what will be shared", agree, named("Agree"))
    twice.step("Connect to Sage Intacct", nothing, named("Continue to Sage Intacct"))
    twice.step(
        "Create the Web Services user and sign in",
        lambda each: each.get_by_role("radio").first.check(),
        named("Show the instructions"),
    )
    twice.step("Create the Web Services user and sign in", type_sign_in, named("Sign in"))
    work_until(page_of(tab, "Choose the entity or book"))
    twice.step(
        "Choose the entity or book", lambda each: each.get_by_role("radio").first.check(), named("Continue")
    )
    work_until(tab.get_by_role("button", name="Continue", exact=True))
    twice.step("Complete the QuickStart categories", choose_category, named("Continue"))
    twice.step("Check your answers", nothing, named("Connect"))
    heading(tab, "Your reports are being collected")
    collection = Collection.objects.get()
    assert collection.runs.filter(kind=Run.Kind.COLLECT).count() == 1
    assert collection.runs.exclude(status=Run.Status.CANCELLED).filter(kind=Run.Kind.VERIFY).count() == 1
    work_until(page_of(tab, "Congratulations: your reports are shared"))
    tab.reload()
    heading(tab, "Congratulations: your reports are shared")
    tab.go_back()
    tab.goto(tab.url)
    heading(tab, "Congratulations: your reports are shared")


def named(name: str) -> Callable[[Tab], Locator]:
    return lambda tab: tab.locator("main").get_by_role("button", name=name).last


def agree(tab: Tab) -> None:
    tab.get_by_label("Your name").fill("Robin Birch")
    tab.get_by_role("checkbox").check()


def type_sign_in(tab: Tab) -> None:
    tab.get_by_label("Company ID", exact=True).fill(GROUP)
    tab.get_by_label("Web Services user ID").fill(USER)
    tab.get_by_label("Password of the Web Services user", exact=True).fill(PASSWORD)


def choose_category(tab: Tab) -> None:
    folded = tab.locator("main details:not([open]) > summary")
    while folded.count():
        folded.first.click()
    tab.locator(f"select[name='category-{UNASSIGNED}']").select_option("Cash and Cash Equivalents")
