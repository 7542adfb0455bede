"""The lender's desk in a real browser: the analyst's list, page, drill-down, questions and decision."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from collections_app import links
from collections_app.models import Collection, Lender, StaffMember
from intacct.sandbox import Sandbox
from tests import factories
from tests.journeys.browser import Camera, chromium
from tests.portal.desk import PHONE, PICTURES, WIDE, share, signed_in

pytestmark = [pytest.mark.slow, pytest.mark.browser]

LIST = "/admin/collections_app/collection/"


@pytest.fixture
def shared(transactional_db: None, lender: Lender, gateway: Sandbox) -> Collection:
    return share(lender)


@pytest.fixture
def browser(shared: Collection, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    # Playwright's loop runs in this thread, and Django takes that for code of the loop.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with chromium() as running:
        yield running


def answer_as_borrower(browser: Browser, live_server: Any, collection: Collection, camera: Path) -> None:
    _, token = links.issue(collection)
    page = browser.new_context(base_url=live_server.url, viewport=PHONE).new_page()
    looked = Camera(page, camera, scripted=True)
    page.goto(f"/c/{token}/")
    page.locator("main form button").first.click()
    looked.take("20-borrower-asked")
    page.get_by_role("link", name="Read and answer").click()
    page.get_by_label("Why is there a suspense account?").fill("Moved to the new warehouse in May.")
    looked.take("21-borrower-answers")
    page.get_by_role("button", name="Send the answers").click()
    expect(page.get_by_text("Everything is answered.")).to_be_visible()
    assert looked.complaints == []


def test_a_manager_works_a_collection_from_the_list_to_the_decision(
    browser: Browser, live_server: Any, shared: Collection
) -> None:
    user = factories.make_staff(shared.lender, StaffMember.Role.MANAGER)
    page = signed_in(browser, live_server, user, viewport=WIDE)
    camera = Camera(page, PICTURES / "desk-wide", scripted=True)
    page.goto(LIST)
    expect(page.get_by_role("link", name="Needs us 2")).to_be_visible()
    camera.take("01-list")
    page.get_by_role("link", name="Waiting for the borrower").click()
    expect(page.get_by_text("Birch Bakery")).to_be_visible()
    camera.take("02-waiting")
    page.goto(LIST)
    page.get_by_role("link", name=shared.reference).click()
    camera.take("03-collection")
    page.get_by_role("link", name="Show the accounts behind each line").first.click()
    camera.take("04-statement")
    page.locator("tr.account a").first.click()
    camera.take("05-account")
    page.goto(f"{LIST}{shared.pk}/accounts/6000")
    page.locator("#months tbody a").first.click()
    page.locator("table.lines a").first.click()
    expect(page.get_by_text("The entry balances.")).to_be_visible()
    camera.take("06-entry")
    page.goto(f"{LIST}{shared.pk}/change/#review")
    page.get_by_label("Ask the borrower").fill("Why is there a suspense account?")
    page.get_by_role("button", name="Send the question").click()
    expect(page.get_by_text("Not answered yet.")).to_be_visible()
    answer_as_borrower(browser, live_server, shared, PICTURES / "desk-wide")
    page.reload()
    expect(page.get_by_text("Moved to the new warehouse in May.")).to_be_visible()
    page.get_by_label("Why", exact=True).fill("All checks that matter pass.")
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("Signed by this service, and unchanged.")).to_be_visible()
    camera.take("07-accepted")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export the credit file").click()
    page.goto("/verify/")
    page.get_by_label("The file").set_input_files(download.value.path())
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_text("Yes, it is genuine")).to_be_visible()
    camera.take("08-verified")
    assert camera.complaints == []


def test_an_auditor_reads_it_on_a_telephone(browser: Browser, live_server: Any, shared: Collection) -> None:
    user = factories.make_staff(shared.lender, StaffMember.Role.AUDITOR)
    page = signed_in(browser, live_server, user, viewport=PHONE)
    camera = Camera(page, PICTURES / "desk-phone", scripted=True)
    page.goto(LIST)
    camera.take("01-list")
    page.get_by_role("link", name=shared.reference).click()
    expect(page.get_by_role("heading", name="Review", exact=True)).to_be_visible()
    expect(page.locator("textarea")).to_have_count(0)
    camera.take("02-collection")
    page.goto(f"{LIST}{shared.pk}/statements/balance_sheet")
    camera.take("03-statement")
    page.locator("tr.account a").first.click()
    camera.take("04-account")
    page.goto("/admin/")
    page.locator(".start").get_by_role("link", name="Record").click()
    expect(page.get_by_text("Looked at the page of the reports.")).to_be_visible()
    camera.take("05-record")
    page.get_by_label("About").fill("nothing of ours")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("Nothing fits.")).to_be_visible()
    assert camera.complaints == []
