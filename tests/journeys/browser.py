"""Chromium, and the borrower and the member of staff who sit before it."""

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import pytest
from django.utils import translation
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect, sync_playwright

from tests.journeys import measures

# Chromium asks its maker's servers for updates unless told not to; a test asks nobody.
ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 150_000
# What a page shows at once, on a machine that does much else.
expect.set_options(timeout=20_000)
MEANT = re.compile(r"the server responded with a status of (403|404|409|410|422|429)")


def missing(what: str) -> NoReturn:
    """Skips loudly; where the project's own CI runs, everything has to be there."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(f"NOT TESTED: {what}")


@contextmanager
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if not program:
        missing("Chromium is not installed; `apt-get install chromium` installs it.")
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS + as_root)
        yield browser
        browser.close()


@dataclass
class Camera:
    """Takes a picture of each page, and notes what the browser complains about.

    It measures too: nothing scrolls sideways at 320 pixels; and where scripts run, axe finds nothing.
    """

    page: Page
    folder: Path
    scripted: bool
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.page.on("console", self.hear)
        self.page.on("pageerror", lambda error: self.note(str(error)))

    def hear(self, message: ConsoleMessage) -> None:
        # Chromium calls every answer with an error status an error of the page; those of our pages are meant.
        meant = MEANT.search(message.text) and "/static/" not in message.location["url"]
        if message.type == "error" and not meant:
            self.note(message.text)

    def note(self, complaint: str) -> None:
        self.complaints.append(f"{self.page.url}: {complaint}")

    def take(self, name: str) -> None:
        # A page that is still coming has no picture yet, and is taken from under the measuring.
        self.page.wait_for_load_state()
        self.page.screenshot(path=self.folder / f"{name}.png", full_page=True)
        if self.scripted:
            self._check_accessibility(name)
        self._check_reflow(name)

    def _check_accessibility(self, name: str) -> None:
        found = measures.accessibility(self.page)
        assert not found, f"{name}: " + "; ".join(found)

    def _check_reflow(self, name: str) -> None:
        usual = self.page.viewport_size
        self.page.set_viewport_size({"width": 320, "height": 640})
        over = measures.sideways(self.page)
        assert not over, f"{name} scrolls sideways at a width of 320: {over}"
        if usual:
            self.page.set_viewport_size(usual)


@dataclass
class Borrower:
    """Walks the journey by what a person sees: headings, labels and buttons, in the language of the pages.

    All of these are named in English here and looked up in the catalogs.
    """

    page: Page
    camera: Camera
    language: str = "en"

    def words(self, text: str, **names: str) -> str:
        """What the pages say for this text of the code; `names` fill its places."""
        with translation.override(self.language):
            said = translation.gettext(text)
        return said % names if names else said

    def labelled(self, text: str) -> Locator:
        return self.page.get_by_label(self.words(text), exact=True)

    def see(self, name: str) -> None:
        self.camera.take(name)

    def open_link(self, link: str) -> None:
        self.page.goto(link)
        self.see("01-landing")
        self.press("Start")
        expect(self.page).not_to_have_url(re.compile("clk_"))

    def choose_system(self) -> None:
        self.see("02-select-system")
        self.page.get_by_role("button", name="Sage Intacct").click()

    def agree(self) -> None:
        self.see("03-review")
        self.page.get_by_role("radio", name=self.words("Accrual")).check()
        self.labelled("Your name").fill("Robin Birch")
        self.labelled("Your title in the company (optional)").fill("Controller")
        self.page.get_by_role("checkbox").check()
        self.press("Agree and continue")

    def confirm_connection(self) -> None:
        self.see("04-connect")
        self.press("Continue to Sage Intacct")

    def choose_permission_type(self, name: str) -> None:
        self.see("05-permission-type")
        self.page.get_by_role("radio", name=self.words(name)).check()
        self.press("Show the instructions")
        self.see("06-credentials")

    def sign_in(self, company: str, user: str, password: str) -> None:
        self.labelled("Company ID").fill(company)
        self.labelled("Web Services user ID").fill(user)
        self.labelled("Password of the Web Services user").fill(password)
        self.press("Sign in")

    def choose_scope(self, name: str) -> None:
        self.heading("Choose the entity or book")
        self.see("07-entity")
        self.page.get_by_role("radio", name=name).first.check()
        self.press("Continue")

    def assign(self, categories: Mapping[str, str]) -> None:
        """One by one, as far as the page asks for them."""
        self.wait_for_accounts()
        self.see("08-categories")
        folded = self.page.locator("main details:not([open]) > summary")
        while folded.count():
            folded.first.click()
        for number, category in categories.items():
            choice = self.page.locator(f"select[name='category-{number}']")
            if choice.count():
                choice.select_option(category)

    def wait_for_accounts(self) -> None:
        """Until the worker has read them and the page asks for their categories."""
        self.heading("Complete the QuickStart categories")
        expect(self.button("Continue")).to_be_visible(timeout=PATIENCE)

    def go_on(self) -> None:
        """From the categories to the page that checks all answers, if none is missing."""
        self.press("Continue")

    def connect(self) -> None:
        self.heading("Check your answers")
        self.see("08-check")
        self.press("Connect")

    def wait_for_the_end(self) -> None:
        self.heading("Your reports are being collected")
        self.see("09-progress")
        expect(self.page).to_have_url(re.compile("/collection/done/"), timeout=PATIENCE)
        self.see("10-done")

    def download(self, name: str, folder: Path) -> Path:
        with self.page.expect_download() as download:
            self.page.locator(f"a[href$='/download/{name}']").click()
        target = folder / name
        download.value.save_as(target)
        return target

    def press(self, name: str, **names: str) -> None:
        self.button(name, **names).click()

    def button(self, name: str, **names: str) -> Locator:
        return self.page.get_by_role("button", name=self.words(name, **names), exact=True)

    def heading(self, text: str, **names: str) -> None:
        heading = self.page.get_by_role("heading", level=1)
        expect(heading).to_have_text(self.words(text, **names), timeout=PATIENCE)
