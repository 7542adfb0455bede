"""The steps from the consent to Connect in a real browser: what script adds, and that nothing needs it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from collections_app import links
from collections_app.models import Collection, Run
from collections_app.services import collecting, intake
from collections_app.services.invitations import Invitation
from intacct.sandbox import Sandbox
from tests.collecting import BORROWER, GROUP, PASSWORD, USER, token_of
from tests.journeys.browser import PATIENCE, Borrower, Camera, chromium
from tests.parallel import at_once

pytestmark = [pytest.mark.slow, pytest.mark.browser]

PICTURES = Path(__file__).resolve().parents[1] / "screenshots"
SIZES: dict[str, ViewportSize] = {
    "phone": {"width": 390, "height": 844},
    "wide": {"width": 1280, "height": 900},
}


@pytest.fixture
def address(transactional_db: None, invitation: Invitation, live_server: Any, gateway: Sandbox) -> str:
    link = links.find(token_of(invitation))
    assert link
    intake.link_open(link=link, by=BORROWER)
    return str(live_server.url)


@pytest.fixture
def path(address: str, invitation: Invitation) -> str:
    return f"{address}/c/{token_of(invitation)}/"


@pytest.fixture
def browser(address: str) -> Iterator[Browser]:
    with chromium() as running:
        yield running


def work() -> None:
    """A worker's turn, beside the browser's own thread."""

    def all_units() -> None:
        while collecting.unit_advance():
            pass

    assert at_once(1, all_units) == [None]


def asked(read: Callable[[], object]) -> object:
    """What the database says, read beside the browser's own thread."""
    (answer,) = at_once(1, read)
    return answer


@pytest.mark.parametrize(("size", "scripted"), [("wide", True), ("phone", False)])
def test_from_consent_to_connect_with_a_refusal_a_pause_and_a_change(
    browser: Browser, address: str, path: str, size: str, scripted: bool
) -> None:
    page = browser.new_context(
        viewport=SIZES[size], java_script_enabled=scripted, base_url=address
    ).new_page()
    borrower = Borrower(page, Camera(page, PICTURES / f"steps-{size}", scripted=scripted))
    page.goto(path)
    page.locator("main form button").first.click()
    borrower.choose_system()
    borrower.press("Agree and continue")
    borrower.see("03-review-refused")
    borrower.agree()
    borrower.see("04-connect")
    borrower.press("Continue to Sage Intacct")
    page.get_by_role("radio", name="Role-based").check()
    borrower.press("Show the instructions")
    tick(page, "Switch on Web Services")
    page.reload()
    expect(tick_of(page, "Switch on Web Services")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("1 of 7 steps done")).to_be_visible()
    borrower.see("06-credentials-ticked")

    for number in (1, 2):
        borrower.sign_in(GROUP, USER, f"wrong {number}")
        expect(page.get_by_text("We are trying your sign-in")).to_be_visible()
        work()
        # It goes on by itself, with script or without, and would take a page that is asked for from under us.
        expect(page.get_by_text("did not accept this company ID")).to_be_visible(timeout=PATIENCE)
        borrower.see(f"06-refused-{number}")
    borrower.sign_in(GROUP, USER, PASSWORD)
    expect(page.get_by_text("Sage Intacct refused this user twice").first).to_be_visible()
    assert page.get_by_label("Company ID", exact=True).input_value() == GROUP
    assert page.get_by_label("Password of the Web Services user", exact=True).input_value() == ""
    if scripted:
        expect(page.locator("[role=alert]:focus")).to_have_count(1)
    borrower.see("06-paused")
    borrower.sign_in(GROUP, "ws_shops", "Shops-Secret-1")
    work()
    borrower.heading("Choose the entity or book")
    borrower.see("07-entity")


def tick_of(page: Page, title: str) -> Any:
    return page.get_by_role("button", name=title)


def tick(page: Page, title: str) -> None:
    tick_of(page, title).click()
    expect(tick_of(page, title)).to_have_attribute("aria-pressed", "true")


def test_a_password_is_shown_and_hidden_by_keyboard_and_that_is_said(
    browser: Browser, address: str, path: str, invitation: Invitation
) -> None:
    page = browser.new_context(viewport=SIZES["wide"], base_url=address).new_page()
    borrower = Borrower(page, Camera(page, PICTURES / "steps-wide", scripted=True))
    page.goto(path)
    page.locator("main form button").first.click()
    borrower.choose_system()
    borrower.agree()
    borrower.press("Continue to Sage Intacct")
    page.get_by_text("I already have a Web Services user").click()
    password = page.get_by_label("Password of the Web Services user", exact=True)
    # The button is the script's, and so is what Tab leads to.
    show = page.get_by_role("button", name="Show", exact=True)
    expect(show).to_be_visible()
    password.focus()
    # As pasted or filled in by a password manager.
    page.keyboard.insert_text(" A password with blanks ")
    page.keyboard.press("Tab")
    expect(show).to_be_focused()
    page.keyboard.press("Enter")
    expect(password).to_have_attribute("type", "text")
    expect(page.get_by_text("Your password is visible.")).to_have_attribute("role", "status")
    page.keyboard.press("Space")
    expect(password).to_have_attribute("type", "password")
    expect(page.get_by_text("Your password is hidden.")).to_have_attribute("role", "status")
    assert password.input_value() == " A password with blanks "
    assert password.get_attribute("autocomplete") == "current-password"


def test_a_colleague_sets_it_up_and_the_owners_page_goes_on_by_itself(
    browser: Browser, address: str, path: str
) -> None:
    owner = browser.new_context(viewport=SIZES["wide"], base_url=address).new_page()
    borrower = Borrower(owner, Camera(owner, PICTURES / "colleague-wide", scripted=True))
    owner.goto(path)
    owner.locator("main form button").first.click()
    borrower.choose_system()
    borrower.agree()
    owner.get_by_role("link", name="Make a set-up link for a colleague").click()
    borrower.see("01-ask")
    owner.get_by_label("Your colleague’s email address").fill("nobody")
    borrower.press("Make a set-up link")
    borrower.see("02-wrong-address")
    owner.get_by_label("Your colleague’s email address").fill("admin@birchwood.example")
    borrower.press("Make a set-up link")
    link = owner.locator(".set-up-address [data-copy]").inner_text()
    borrower.see("03-made")

    colleague = browser.new_context(viewport=SIZES["phone"], base_url=address).new_page()
    camera = Camera(colleague, PICTURES / "colleague-phone", scripted=True)
    colleague.goto(link.replace(link.split("/s/")[0], address))
    camera.take("01-landing")
    colleague.get_by_role("button", name="Show the instructions").click()
    expect(colleague).to_have_url(f"{address}/set-up/")
    colleague.get_by_role("radio", name="User-based").check()
    colleague.get_by_role("button", name="Show the instructions").click()
    tick(colleague, "Allow our sender ID")
    camera.take("02-guide")
    expect(owner.get_by_text("1 of 7 steps done")).to_be_visible(timeout=PATIENCE)
    Borrower(colleague, camera).sign_in(GROUP, USER, PASSWORD)
    expect(colleague.get_by_role("heading", level=1)).to_have_text("The sign-in is being tried")
    camera.take("03-checking")
    work()
    Borrower(colleague, camera).heading("Thank you, the set-up is done")
    camera.take("04-done")
    borrower.heading("Connect to Sage Intacct")
    borrower.press("Continue to Sage Intacct")
    borrower.choose_scope("Consolidation book")
    work()
    borrower.wait_for_accounts()
    borrower.assign({"0950": "Cash and Cash Equivalents"})
    borrower.go_on()
    borrower.heading("Check your answers")
    borrower.see("08-check")
    owner.get_by_role("link", name="The reports are about").click()
    borrower.see("07-entity-again")
    borrower.press("Continue")
    borrower.connect()
    borrower.heading("Your reports are being collected")
    assert asked(lambda: Run.objects.filter(kind=Run.Kind.COLLECT).count()) == 1
    assert asked(lambda: Collection.objects.get().consent_name) == "Robin Birch"
    assert borrower.camera.complaints == []
    assert camera.complaints == []
