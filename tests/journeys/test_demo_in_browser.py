"""What a newcomer does after `make demo`: follows the link, downloads the reports, signs in as the lender."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.journeys.browser import Borrower, Camera, chromium
from tests.running_demo import ROOT, demo, four_lines

pytestmark = [pytest.mark.slow, pytest.mark.browser]

PICTURES = ROOT / "tests" / "screenshots" / "demo"
DESK: ViewportSize = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def answers_of(company: Path) -> dict[str, str]:
    """What the company's owner would answer for the accounts without a category."""
    with (company / "assignments.csv").open(encoding="utf-8", newline="") as file:
        return {row["ACCOUNTNO"]: row["CATEGORY"] for row in csv.DictReader(file)}


def walk(borrower: Borrower, lines: re.Match[str], answers: dict[str, str]) -> None:
    borrower.open_link(lines["link"])
    borrower.choose_system()
    borrower.agree()
    borrower.confirm_connection()
    borrower.choose_permission_type("Role-based")
    borrower.sign_in(lines["company"], lines["user"], lines["password"])
    borrower.choose_scope("Consolidation book")
    borrower.wait_for_accounts()
    borrower.assign(answers)
    picture_for_the_readme(borrower.page)
    borrower.go_on()
    borrower.connect()
    expect(borrower.page).to_have_url(re.compile("/collection/done/"), timeout=180_000)
    borrower.see("10-done")


def picture_for_the_readme(page: Page) -> None:
    """Copied to docs/images/demo.png by hand when the pages have changed."""
    page.evaluate("window.scrollTo(0, 0)")
    page.screenshot(path=PICTURES / "readme.png")


def look_at_the_desk(page: Page, lines: re.Match[str], camera: Camera) -> None:
    page.goto(lines["admin"])
    page.get_by_label("E-mail address").fill(lines["staff"])
    page.get_by_label("Password").fill(lines["staff_password"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Log out")).to_be_visible()
    page.goto(lines["admin"] + "collections_app/collection/")
    camera.take("11-admin-list")
    page.locator("#result_list tbody a").first.click()
    expect(page.get_by_text("Net income").first).to_be_visible()
    camera.take("12-admin-collection")


def test_a_newcomer_walks_the_demo_at_a_desk(tmp_path: Path, small_company: Path, browser: Browser) -> None:
    with demo(tmp_path / "data", small_company) as process:
        lines = four_lines(process)
        page = browser.new_page(viewport=DESK)
        # Pictures alone: the other journeys measure the same pages.
        camera = Camera(page, PICTURES, scripted=False)
        borrower = Borrower(page, camera)
        walk(borrower, lines, answers_of(small_company))
        with page.expect_download() as download:
            page.locator("a[href$='/report.xlsx']").click()
        download.value.save_as(tmp_path / "report.xlsx")
        workbook = openpyxl.load_workbook(tmp_path / "report.xlsx")
        assert "Balance sheet" in workbook.sheetnames
        assert camera.complaints == []
        look_at_the_desk(page, lines, camera)
