"""Every page in every state, in a real browser: both schemes, narrow and wide, both languages, by keyboard.

Pictures of all are kept in tests/screenshots/pages, save where nobody would look at them: in CI.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Response, expect
from playwright.sync_api import Page as Tab

from collections_app import links
from collections_app.models import Lender
from tests.factories import make_collection, make_lender
from tests.journeys import measures
from tests.journeys.browser import chromium
from tests.portal.every_page import FAILING, PAGES, Page, Scene, stands
from tests.portal.scenes import started

pytestmark = [pytest.mark.slow, pytest.mark.browser]

PICTURES = Path(__file__).resolve().parents[1] / "screenshots" / "pages"
STEP = r"(Error: )?(Step|Paso) \d (of|de) \d: .+ – .+"
# Which page has which title; no two pages may share one.
TITLES: dict[str, str] = {}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright runs a loop in this thread, which Django would take for a reason to refuse its database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    PICTURES.mkdir(parents=True, exist_ok=True)
    with chromium() as running:
        yield running
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def lender(transactional_db: None, settings: Any) -> Lender:
    settings.INTACCT_SENDER_ID = "strongbox"
    return make_lender(
        "Harbor & Sons Community Bank",
        brand_color="#f2b705",
        contact_name="Dana Reyes",
        contact_phone="+1 555 0100",
        contact_email="dana.reyes@harborandsons.example",
        time_zone="America/Toronto",
    )


@pytest.fixture
def scene(lender: Lender) -> Scene:
    collection = make_collection(lender, borrower_name="Birchwood Bicycle Works", linked=False)
    _link, token = links.issue(collection)
    return Scene(collection, token)


def arranged(page: Page, scene: Scene) -> str:
    """The session of a browser for which the request stands as the page needs it."""
    client = stands(page, scene)
    return (client.session.session_key or "") if page.opened or page.then else ""


def tab(browser: Browser, server: str, session: str, language: str, **options: Any) -> BrowserContext:
    context = browser.new_context(base_url=server, locale=language, **options)
    if session:
        context.add_cookies([{"name": "session", "value": session, "url": server}])
    return context


def shown(context: BrowserContext, page: Page, address: str) -> Tab:
    here = context.new_page()
    response: Response | None = here.goto(address)
    if page.press:
        folded = here.locator("main details:not([open]) > summary")
        while folded.count():
            folded.first.click()
        for field, typed in page.types.items():
            # Not as by keys: a browser takes no more of these than a field allows, and others may.
            here.locator(field).evaluate("(field, typed) => { field.value = typed; }", typed)
        with here.expect_response(lambda answer: answer.request.method == "POST") as pressed:
            here.locator(page.press).first.click()
        response = pressed.value
        here.wait_for_load_state()
    assert response is not None
    assert response.status == page.status, (page.name, response.status, here.url)
    return here


@pytest.mark.usefixtures("one_window")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_right_in_both_schemes_narrow_and_wide_in_both_languages_and_by_keyboard(
    browser: Browser, live_server: Any, scene: Scene, page: Page, settings: Any
) -> None:
    settings.DEBUG = page.path == "/styleguide/"
    settings.ROOT_URLCONF = FAILING if page.path.startswith("/fails/") else settings.ROOT_URLCONF
    session, address = arranged(page, scene), page.address(scene)
    wide = tab(browser, live_server.url, session, "en-US", viewport={"width": 1280, "height": 900})
    here = shown(wide, page, address)
    said = page_is_named(here, page)
    wrong = [f"wide: {each}" for each in looked_at(here, page, "wide-en")]
    here.emulate_media(forced_colors="active")
    keep_picture(here, f"{page.name}-forced")
    # 200 % zoom. All sizes are in rem, so this is also what twice the usual letters do to it.
    here.set_viewport_size({"width": 640, "height": 450})
    wrong += [f"zoomed: {each}" for each in measures.sideways(here)]
    wide.close()
    narrow = tab(browser, live_server.url, session, "es-MX", viewport={"width": 320, "height": 720})
    here = shown(narrow, page, address)
    if page.name != "style-guide":
        assert here.locator("html").get_attribute("lang") == "es"
        wrong += [f"in English: {each}" for each in measures.english_words(here)]
        assert page_is_named(here, page) != said
    wrong += [f"narrow: {each}" for each in looked_at(here, page, "narrow-es")]
    narrow.close()
    assert not wrong, "\n".join(wrong)


def page_is_named(here: Tab, page: Page) -> str:
    """One heading of the first order, and a title that is this page's alone; returns the title."""
    assert here.locator("h1").count() == 1
    title = " ".join(here.title().split())
    assert title
    if page.status in (200, 422):
        assert TITLES.setdefault(title, page.place) == page.place, title
    if page.is_step:
        assert re.fullmatch(STEP, title), title
    if page.status == 422:
        assert title.startswith("Error: ")
        expect(here.locator("[role=alert]:focus")).to_have_count(1)
    return title


def looked_at(here: Tab, page: Page, name: str) -> list[str]:
    """What is wrong with the page at this width, in either scheme; leaves pictures of both."""
    in_scheme(here, page, name, "light")
    wrong = measures.accessibility(here, without=page.without)
    in_scheme(here, page, name, "dark")
    wrong += [f"dark: {each}" for each in measures.contrast(here)]
    wrong += measures.sideways(here)
    wrong += [f"too small: {each}" for each in measures.small_targets(here)]
    stops, lost = measures.focus_walk(here)
    wrong += lost
    wrong += [] if stops else ["nothing takes the focus"]
    return wrong


def in_scheme(here: Tab, page: Page, name: str, scheme: Literal["light", "dark"]) -> None:
    here.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    keep_picture(here, f"{page.name}-{name}-{scheme}")


def keep_picture(here: Tab, name: str) -> None:
    if "CI" not in os.environ:
        here.screenshot(path=PICTURES / f"{name}.png", full_page=True)


def test_the_skip_link_comes_first_and_leads_past_the_masthead(
    browser: Browser, live_server: Any, scene: Scene
) -> None:
    context = tab(browser, live_server.url, "", "en-US", viewport={"width": 1280, "height": 900})
    here = context.new_page()
    here.goto(f"/c/{scene.token}/")
    here.keyboard.press("Tab")
    expect(here.locator(".skip-link")).to_be_focused()
    here.keyboard.press("Enter")
    expect(here.locator("main")).to_be_focused()
    context.close()


def test_a_guide_on_paper_is_the_guide_alone(browser: Browser, live_server: Any, scene: Scene) -> None:
    context = tab(browser, live_server.url, "", "en-US", viewport={"width": 800, "height": 1100})
    here = context.new_page()
    here.goto(f"/guide/{scene.collection.lender.slug}/role-based/")
    here.emulate_media(media="print")
    here.screenshot(path=PICTURES / "guide-printed.png", full_page=True)
    expect(here.get_by_text("Copy", exact=True).first).to_be_hidden()
    expect(here.locator(".language")).to_be_hidden()
    expect(here.locator("aside")).to_be_hidden()
    expect(here.get_by_text("strongbox_reader").first).to_be_visible()
    assert here.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    context.close()


def test_the_switch_of_language_keeps_the_place_without_script(
    browser: Browser, live_server: Any, scene: Scene
) -> None:
    started(scene.collection)
    context = tab(browser, live_server.url, "", "en-US", java_script_enabled=False)
    here = context.new_page()
    here.goto(f"/c/{scene.token}/")
    here.locator("main form button").first.click()
    here.get_by_role("button", name="Español").click()
    expect(here.get_by_role("heading", level=1)).to_have_text("Elija su sistema contable")
    assert here.url.endswith("/collection/select-system/")
    here.get_by_role("button", name="English").click()
    expect(here.get_by_role("heading", level=1)).to_have_text("Choose your accounting system")
    context.close()
