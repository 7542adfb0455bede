"""The pages of people in a real browser: signing in, being locked out, colleagues, settings; phone and wide.

Pictures of all are kept in tests/screenshots/people.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect

from collections_app.models import Collection, Lender, StaffMember
from tests import factories
from tests.authenticator import code_of
from tests.journeys import measures
from tests.journeys.browser import chromium

pytestmark = [pytest.mark.slow, pytest.mark.browser]

PICTURES = Path(__file__).resolve().parents[1] / "screenshots" / "people"
PASSWORD = "three blue herons at noon"
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
SIGN_IN = "input[type=submit]"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright runs a loop in this thread, which Django would take for a reason to refuse its database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    PICTURES.mkdir(parents=True, exist_ok=True)
    with chromium() as running:
        yield running
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@dataclass
class Desk:
    """A person before the desk, who looks at each page narrow and wide."""

    page: Page

    def sign_in(self, name: str, password: str = PASSWORD) -> None:
        self.page.fill("[name=username]", name)
        self.page.fill("[name=password]", password)
        self.page.click(SIGN_IN)

    def give(self, code: str) -> None:
        self.page.fill("[name=code]", code)
        self.page.click(SIGN_IN)

    def see(self, name: str) -> None:
        for label, size in (("wide", WIDE), ("phone", PHONE)):
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            self.page.screenshot(path=PICTURES / f"{name}-{label}.png", full_page=True)
            found = measures.accessibility(self.page)
            assert not found, f"{name}, {label}: {'; '.join(found)}"
        self.page.set_viewport_size({"width": 320, "height": 640})
        over = measures.sideways(self.page)
        assert not over, f"{name} scrolls sideways at a width of 320: {over}"
        self.page.set_viewport_size(WIDE)  # type: ignore[arg-type]


@pytest.fixture
def desk(browser: Browser, live_server: Any) -> Iterator[Desk]:
    context = browser.new_context(base_url=live_server.url)
    complaints: list[str] = []
    page = context.new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield Desk(page)
    context.close()
    assert [each for each in complaints if "status of 429" not in each] == []


@pytest.fixture
def lender(transactional_db: None) -> Lender:
    return factories.make_lender("Harbor Community Bank", time_zone="America/Toronto")


def person(lender: Lender, name: str, role: str) -> User:
    user = factories.make_staff(lender, role)
    user.username = user.email = f"{name}@harbor.test"
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def manager(lender: Lender) -> User:
    return person(lender, "dana", StaffMember.Role.MANAGER)


@pytest.fixture
def analyst(lender: Lender) -> User:
    return person(lender, "kim", StaffMember.Role.ANALYST)


def test_the_first_sign_in_and_the_next_one(desk: Desk, manager: User, settings: Any) -> None:
    settings.STAFF_TWO_FACTOR = True
    desk.page.goto("/admin/")
    desk.see("01-sign-in")
    desk.sign_in(manager.username, "a wrong one")
    desk.see("02-wrong-password")
    desk.sign_in(manager.username)
    desk.page.click("summary")
    desk.see("03-set-up-code")
    desk.give(code_of(desk.page.locator(".key").text_content() or ""))
    desk.see("04-recovery-codes")
    code = desk.page.locator(".recovery-codes code").first.text_content() or ""
    desk.page.get_by_role("link", name="I have kept them").click()
    expect(desk.page.get_by_text("Log out")).to_be_visible()
    desk.page.goto("/admin/recovery-codes/")
    desk.see("05-new-recovery-codes")
    desk.page.goto("/admin/")
    desk.page.click("#logout-form button")
    desk.see("06-signed-out")
    desk.page.get_by_role("link", name="Sign in again").click()
    desk.sign_in(manager.username)
    desk.see("07-code")
    desk.give("000000")
    desk.see("08-wrong-code")
    while "Too many" not in desk.page.title():
        with desk.page.expect_navigation():
            desk.give("000000")
    desk.see("09-wait")
    desk.page.get_by_role("link", name="Try again").click()
    desk.give(code)
    desk.page.wait_for_url("**/admin/")


def test_guessing_ends_at_a_page_that_says_what_to_do(desk: Desk, analyst: User) -> None:
    for _guess in range(5):
        desk.page.goto("/admin/login/")
        desk.sign_in(analyst.username, "a wrong one")
    desk.see("10-locked-out")
    desk.page.get_by_role("link", name="Have a link mailed to you").click()
    desk.see("11-forgotten-password")
    desk.page.fill("[name=email]", analyst.username)
    desk.page.click(SIGN_IN)
    desk.see("12-link-mailed")


def test_a_manager_looks_after_the_people_and_the_lender(
    desk: Desk, manager: User, analyst: User, lender: Lender
) -> None:
    operator = factories.make_operator()
    collection: Collection = factories.make_collection(lender)
    factories.make_grant(collection, operator)
    template = factories.make_request_template(
        lender, name="Yearly review of a credit line", date_rule="years_to_date", is_usual=True
    )
    desk.page.goto("/admin/")
    desk.sign_in(manager.username)
    for number, (name, address) in enumerate(
        (
            ("staff", "staffmember/"),
            ("invite", "staffmember/add/"),
            ("colleague", f"staffmember/{analyst.staff_member.pk}/change/"),
            ("operators-access", "figuresgrant/"),
            ("let-an-operator-look", "figuresgrant/add/"),
            ("lender", f"lender/{lender.pk}/change/"),
            ("request-templates", "requesttemplate/"),
            ("request-template", f"requesttemplate/{template.pk}/change/"),
            ("request", "collection/add/"),
            ("your-settings", "../your-settings/"),
        ),
        start=13,
    ):
        desk.page.goto(f"/admin/collections_app/{address}")
        desk.see(f"{number}-{name}")
