"""Documents, the last look and the last page in a real browser: with script, and on a telephone without."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, FilePayload, Page, ViewportSize, expect

from collections_app import links
from collections_app.events import Who
from collections_app.models import Collection, DocumentRequest, Lender
from collections_app.services import looking
from tests.collecting import invite
from tests.journeys.browser import Camera, chromium
from tests.portal.previewing import waiting
from tests.uploaded_files import CSV, PDF, workbook

pytestmark = [pytest.mark.slow, pytest.mark.browser]

PICTURES = Path(__file__).resolve().parents[1] / "screenshots"
WIDE: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
DROP = """([selector, names]) => {
  const transfer = new DataTransfer();
  for (const name of names) transfer.items.add(new File(["a,b\\n" + name], name));
  const target = document.querySelector(selector);
  for (const kind of ["dragover", "drop"])
    target.dispatchEvent(new DragEvent(kind, {dataTransfer: transfer, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def previewing(transactional_db: None, lender: Lender) -> Collection:
    """Collected, not shared yet, with a tax return asked for."""
    Lender.objects.update(contact_name="Ana Ruiz", contact_phone="+1 416 555 0100")
    collection = waiting(Lender.objects.get(), allows_other_documents=True)
    asked = {"collection": collection, "explanation": "All pages, as filed, with the schedules."}
    DocumentRequest.objects.create(position=1, name="2025 tax return", **asked)
    DocumentRequest.objects.create(
        collection=collection, position=2, name="Insurance certificate", is_required=False
    )
    return collection


@pytest.fixture
def browser(previewing: Collection, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    # Playwright's loop runs in this thread, and Django takes that for code of the loop.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with chromium() as running:
        yield running


def opened(browser: Browser, live_server: Any, collection: Collection, **options: Any) -> Page:
    _, token = links.issue(collection)
    page = browser.new_context(base_url=live_server.url, **options).new_page()
    page.goto(f"/c/{token}/")
    page.locator("main form button").first.click()
    return page


def payload(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def attest(page: Page) -> None:
    page.get_by_role("textbox", name="Your name").fill("Ann Otter")
    page.get_by_role("textbox", name="Your title").fill("Controller")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Share with Harbor Community Bank").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Congratulations: your reports are shared")


def test_files_are_dropped_and_chosen_with_progress_and_reasons(
    browser: Browser, live_server: Any, previewing: Collection
) -> None:
    page = opened(browser, live_server, previewing, viewport=WIDE)
    camera = Camera(page, PICTURES / "ending-wide", scripted=True)
    page.goto("/collection/documents/")
    camera.take("01-documents-empty")
    asked = page.locator("section", has=page.get_by_role("heading", name="2025 tax return"))
    asked.locator("input[type=file]").first.set_input_files(
        [payload("tax return.pdf", PDF), payload("empty.pdf", b""), payload("tax.exe", b"MZ")]
    )
    expect(asked.get_by_text("“tax return.pdf” was added.")).to_be_visible()
    expect(asked.get_by_text("“empty.pdf” is empty")).to_be_visible()
    expect(asked.get_by_text("“tax.exe” is not of a kind")).to_be_visible()
    expect(asked.get_by_role("link", name="tax return.pdf", exact=True)).to_be_visible()
    expect(asked.locator("input[type=file]").last).to_be_focused()
    camera.take("02-documents-refused")
    page.evaluate(DROP, ["section[aria-labelledby=others] form", ["one.csv", "two.csv"]])
    others = page.locator("section[aria-labelledby=others]")
    expect(others.get_by_role("link", name="two.csv", exact=True)).to_be_visible()
    page.route("**/collection/documents/", lambda route: route.abort())
    others.locator("form[data-upload] input[type=file]").set_input_files([payload("three.csv", CSV)])
    expect(others.get_by_text("“three.csv” did not arrive")).to_be_visible()
    assert previewing.documents.count() == 3
    assert [complaint for complaint in camera.complaints if "ERR_FAILED" not in complaint] == []


def test_the_last_look_and_the_last_page(browser: Browser, live_server: Any, previewing: Collection) -> None:
    page = opened(browser, live_server, previewing, viewport=WIDE)
    camera = Camera(page, PICTURES / "ending-wide", scripted=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("Look at your reports and share them")
    camera.take("03-preview")
    page.get_by_role("button", name="Share with Harbor Community Bank").click()
    expect(page.locator("[role=alert]")).to_be_focused()
    camera.take("04-preview-refused")
    page.get_by_label("Your explanation").first.fill("A suspense account of the year before last.")
    page.get_by_role("button", name="Save, and share later").click()
    expect(page.get_by_text("Nothing is shared yet.")).to_be_visible()
    camera.take("05-preview-saved")
    attest(page)
    camera.take("06-done-documents-missing")
    looking.collection_view(
        collection=Collection.objects.get(pk=previewing.pk), by=Who.staff(User(username="ana@harbor.example"))
    )
    page.reload()
    expect(page.get_by_text("Staff of Harbor Community Bank: Looked at")).to_be_visible()
    camera.take("07-done-looked")
    page.get_by_role("link", name="Withdraw what you shared").click()
    camera.take("08-withdraw")
    page.get_by_role("button", name="Withdraw", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You have withdrawn from this request")
    camera.take("09-withdrawn")
    assert camera.complaints == []


def test_the_same_on_a_telephone_without_script(
    browser: Browser, live_server: Any, previewing: Collection
) -> None:
    page = opened(browser, live_server, previewing, viewport=PHONE, java_script_enabled=False)
    camera = Camera(page, PICTURES / "ending-phone", scripted=False)
    camera.take("01-preview")
    page.goto("/collection/documents/")
    camera.take("02-documents-empty")
    asked = page.locator("section", has=page.get_by_role("heading", name="2025 tax return"))
    asked.locator("form[data-upload] input[type=file]").set_input_files([payload("tax return.pdf", PDF)])
    asked.locator("form[data-upload] button").click()
    expect(page.get_by_text("1 file was added.")).to_be_visible()
    asked.locator("summary").click()
    camera.take("03-documents-replace")
    asked.locator("details input[type=file]").set_input_files([payload("accounts.xlsx", workbook())])
    asked.get_by_role("button", name="Upload and replace").click()
    expect(page.get_by_text("The file was replaced.")).to_be_visible()
    page.get_by_role("link", name="Remove accounts.xlsx").click()
    camera.take("04-remove")
    page.get_by_role("button", name="Remove it").click()
    asked.locator("form[data-upload] input[type=file]").set_input_files([payload("tax.exe", b"MZ")])
    asked.locator("form[data-upload] button").click()
    expect(page.locator("[role=alert]")).to_contain_text("not of a kind")
    camera.take("05-documents-refused")
    page.get_by_role("link", name="Continue").click()
    attest(page)
    camera.take("06-done")
    assert re.search("/collection/done/$", page.url) and camera.complaints == []


def test_a_borrower_of_another_system_shares_documents_instead(
    browser: Browser, live_server: Any, lender: Lender
) -> None:
    collection = invite(lender).collection
    page = opened(browser, live_server, collection, viewport=WIDE)
    camera = Camera(page, PICTURES / "ending-documents-only", scripted=True)
    page.get_by_text("My system is not listed").click()
    page.get_by_label("Which accounting system do you use?").fill("Ledgerly")
    page.get_by_role("button", name="Tell Harbor Community Bank").click()
    camera.take("01-told")
    page.get_by_role("link", name="Upload documents instead").click()
    camera.take("02-share-empty")
    page.get_by_role("main").get_by_role("link", name="Upload documents").click()
    # Until the script has the form, a file that is chosen only lies there.
    chosen = page.locator("form.upload--ready input[type=file]")
    chosen.set_input_files([payload("books.xlsx", workbook())])
    expect(page.get_by_role("link", name="books.xlsx", exact=True)).to_be_visible()
    camera.take("03-documents")
    page.get_by_role("link", name="Continue").click()
    camera.take("04-share")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Share with Harbor Community Bank").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Congratulations: your documents are shared")
    camera.take("05-done")
    assert camera.complaints == []
