"""From the link to the download, then the lender's desk, in a real browser before real processes."""

import csv
import json
import re
from calendar import monthrange
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.authenticator import code_of
from tests.installation import Installation
from tests.journeys.browser import PATIENCE, Borrower, Camera, chromium

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "tests" / "screenshots"
PHONE: ViewportSize = {"width": 390, "height": 844}
WIDE: ViewportSize = {"width": 1280, "height": 900}
STAFF_PASSWORD = "a-long-staff-passphrase-1"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def company_of(folder: Path) -> dict[str, str]:
    company = json.loads((folder / "company.json").read_text())
    return {"id": company["companyid"], **company["users"][0]}


def assignments_of(folder: Path) -> dict[str, str]:
    with (folder / "assignments.csv").open(newline="") as file:
        return {row["ACCOUNTNO"]: row["CATEGORY"] for row in csv.DictReader(file)}


def walk(borrower: Borrower, link: str, folder: Path, scope: str | None = None) -> None:
    """All steps, from the link to the end."""
    company = company_of(folder)
    borrower.open_link(link)
    borrower.choose_system()
    borrower.agree()
    borrower.confirm_connection()
    borrower.choose_permission_type("Role-based")
    borrower.sign_in(company["id"], company["userid"], "not the password")
    expect(borrower.page.get_by_text("did not accept this company ID")).to_be_visible(timeout=PATIENCE)
    borrower.see("06-credentials-refused")
    assert borrower.page.get_by_label("Company ID", exact=True).input_value() == company["id"]
    borrower.sign_in(company["id"], company["userid"], company["password"])
    if scope:
        borrower.choose_scope(scope)
    borrower.wait_for_accounts()
    borrower.go_on()
    borrower.see("08-categories-refused")
    expect(borrower.page.get_by_text("need a category").first).to_be_visible()
    borrower.assign(assignments_of(folder))
    borrower.go_on()
    borrower.connect()
    borrower.wait_for_the_end()


@contextmanager
def running(installation: Installation, folder: Path) -> Iterator[str]:
    """The product with a company to collect from, slow enough to see it at work; yields its address."""
    installation.prepare()
    installation.sandbox(folder, more=("--reply-delay", "0.1"))
    installation.worker()
    with installation.web() as address:
        yield address


def sign_in_to_the_desk(installation: Installation, page: Page, camera: Camera) -> None:
    """A member of staff sets a password with the one-time link, and signs in with it."""
    staff = ["--lender", "harbor", "--email", "ana@harbor.example", "--role", "manager"]
    page.goto(installation.must("createstaff", *staff).strip())
    camera.take("11-set-password")
    for name in ("new_password1", "new_password2"):
        page.locator(f"input[name={name}]").fill(STAFF_PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    expect(page).to_have_url(re.compile("/reset/done/"))
    page.goto("/admin/")
    page.get_by_label("E-mail address").fill("ana@harbor.example")
    page.get_by_label("Password").fill(STAFF_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    camera.take("11-set-up-code")
    key = page.locator(".key").text_content() or ""
    page.get_by_label("Code").fill(code_of(key))
    page.get_by_role("button", name="Go on").click()
    camera.take("11-recovery-codes")
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("Log out")).to_be_visible()


def look_at_the_desk(installation: Installation, page: Page, camera: Camera) -> None:
    page.goto("/admin/collections_app/collection/")
    camera.take("12-admin-list")
    page.get_by_role("link", name=installation.reference()).first.click()
    camera.take("13-admin-collection")
    expect(page.get_by_text("Net income").first).to_be_visible()
    expect(page.get_by_text("369,541.45").first).to_be_attached()


@pytest.mark.slow
def test_a_group_of_companies_is_walked_on_a_phone_without_script(
    installation: Installation, browser: Browser, small_company: Path
) -> None:
    with running(installation, small_company) as address:
        link = installation.invite(*last_six_months(small_company), "--no-email")
        context = browser.new_context(viewport=PHONE, java_script_enabled=False, base_url=address)
        page = context.new_page()
        borrower = Borrower(page, Camera(page, PICTURES / "phone-without-script", scripted=False))
        walk(borrower, link, small_company, "Consolidation book")
        workbook = openpyxl.load_workbook(borrower.download("report.xlsx", installation.data))
        assert {"Cover", "Balance sheet", "Income statement", "Trial balance"} <= set(workbook.sheetnames)
        assert borrower.camera.complaints == []
        context.close()


@pytest.mark.services
def test_a_real_ledger_is_walked_with_script_on_postgresql_and_redis_and_read_at_the_desk(
    services_installation: Installation, browser: Browser, maple: Path
) -> None:
    installation = services_installation
    with running(installation, maple) as address:
        link = installation.invite("2020-01-01", "2020-12-31", "--no-email")
        context = browser.new_context(viewport=WIDE, base_url=address)
        page = context.new_page()
        borrower = Borrower(page, Camera(page, PICTURES / "wide-with-script", scripted=True))
        walk(borrower, link, maple)
        statements = json.loads(borrower.download("statements.json", installation.data).read_bytes())
        assert statements["reference"] == installation.reference()
        sign_in_to_the_desk(installation, page, borrower.camera)
        look_at_the_desk(installation, page, borrower.camera)
        assert borrower.camera.complaints == []
        context.close()


def last_six_months(folder: Path) -> tuple[str, str]:
    """The first and the last day of the six last months of a company's ledger."""
    with (folder / "GLDETAIL.csv").open(newline="") as file:
        months = sorted({row["ENTRY_DATE"][6:] + "-" + row["ENTRY_DATE"][:2] for row in csv.DictReader(file)})
    year, month = map(int, months[-1].split("-"))
    return f"{months[-6]}-01", f"{months[-1]}-{monthrange(year, month)[1]}"
