"""Links that have ended, documents good and bad, and the last look before sharing, before real processes."""

import re

import pytest
from playwright.sync_api import FilePayload, Locator, expect

from tests.journeys.browser import PATIENCE, Borrower
from tests.journeys.walking import (
    CATEGORIES,
    HARBOR,
    ONE_SIDED,
    PIER,
    Place,
    Way,
    sign_in,
    start,
    told,
    two_ways,
)
from tests.uploaded_files import CSV, PDF, workbook

pytestmark = [pytest.mark.slow, pytest.mark.browser]

LENDER, PREVIEWING = HARBOR["name"], PIER["name"]
TAX_RETURN = "2025 tax return"
BAD = {
    "nothing.pdf": (b"", "“%(name)s” is empty. Check the file and upload it again."),
    "setup.exe": (b"MZ", "“%(name)s” is not of a kind that is taken here. Save it as a PDF and upload that."),
    "page.pdf": (
        b"<html>",
        "“%(name)s” is damaged, or not what its name says. Open it, save it anew, and upload that.",
    ),
    "budget.xlsx": (
        workbook({"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}),
        "“%(name)s” has macros, which are programs. Save it without macros and upload that.",
    ),
}


@two_ways("narrow", "en")
def test_an_expired_link_asks_the_lender_for_a_new_one(place: Place, way: Way) -> None:
    link = place.link()
    place.installation.act("expire", link)
    with place.borrower(way, "expired") as borrower:
        borrower.page.goto(link)
        borrower.heading("This link has expired")
        borrower.see("01-expired")
        borrower.press("Ask %(lender_name)s for a new link", lender_name=LENDER)
        told(borrower, "%(lender_name)s knows that you need a new link", lender_name=LENDER)
        borrower.see("02-asked")


@two_ways("wide", "es")
def test_a_request_that_is_withdrawn_on_the_way_says_so(place: Place, way: Way) -> None:
    link = place.link()
    with place.borrower(way, "withdrawn") as borrower:
        borrower.open_link(link)
        reference = re.search(r"\b[A-Z2-9]{4}-[A-Z2-9]{4}\b", borrower.page.locator("aside").inner_text())
        assert reference
        place.installation.act("withdraw", reference[0])
        borrower.page.reload()
        borrower.heading("%(lender_name)s has withdrawn this request", lender_name=LENDER)
        borrower.see("02-withdrawn")
        borrower.page.goto(link)
        borrower.heading("%(lender_name)s has withdrawn this request", lender_name=LENDER)
        borrower.page.goto(link[:-6])
        borrower.heading("This link is not known")
        borrower.see("03-not-known")


@two_ways("narrow", "es")
def test_bad_files_are_refused_in_words_and_good_ones_shared(place: Place, way: Way) -> None:
    with place.borrower(way, "documents") as borrower:
        borrower.open_link(place.link("pier"))
        borrower.page.goto("/collection/documents/")
        borrower.see("02-documents")
        asked = borrower.page.locator("section", has=borrower.page.get_by_role("heading", name=TAX_RETURN))
        upload(asked, {name: content for name, (content, _sentence) in BAD.items()}, way)
        for name, (_content, sentence) in BAD.items():
            told(borrower, sentence, name=name)
        borrower.see("02-documents-refused")
        upload(asked, {"2025 return.pdf": PDF, "schedules.xlsx": workbook()}, way)
        for name in ("2025 return.pdf", "schedules.xlsx"):
            expect(asked.get_by_role("link", name=name, exact=True)).to_be_visible()
        expect(asked.get_by_text("page.pdf").locator("visible=true")).to_have_count(1 if way.scripted else 0)
        borrower.see("02-documents-added")
        asked.get_by_role("link", name=borrower.words("Remove") + " schedules.xlsx").click()
        borrower.see("02-documents-remove")
        borrower.press("Remove it")
        told(borrower, "The file was removed.")
        expect(asked.get_by_role("link", name="schedules.xlsx", exact=True)).to_have_count(0)


def upload(asked: Locator, files: dict[str, bytes], way: Way) -> None:
    """Chooses these files for what was asked; without script a button sends them."""
    chosen: list[FilePayload] = [
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        for name, content in files.items()
    ]
    asked.locator("form[data-upload] input[type=file]").set_input_files(chosen)
    if not way.scripted:
        asked.locator("form[data-upload] button").click()


@two_ways("wide", "es")
def test_the_reports_are_looked_at_explained_attested_and_shared(place: Place, way: Way) -> None:
    with place.borrower(way, "preview") as borrower:
        start(borrower, place.link("pier"))
        sign_in(borrower, ONE_SIDED)
        borrower.assign(CATEGORIES)
        borrower.go_on()
        borrower.connect()
        expect(borrower.page).to_have_url(re.compile("/collection/preview/"), timeout=PATIENCE)
        borrower.see("10-preview")
        borrower.press("Share with %(lender_name)s", lender_name=PREVIEWING)
        expect(borrower.page.get_by_role("alert")).to_be_visible()
        borrower.see("10-preview-refused")
        explain(borrower)
        borrower.page.goto("/collection/documents/")
        other = borrower.page.locator("section", has=borrower.page.get_by_role("heading", name=TAX_RETURN))
        upload(other, {"2025 return.pdf": PDF, "receivables.csv": CSV}, way)
        expect(other.get_by_role("link", name="receivables.csv", exact=True)).to_be_visible()
        borrower.page.goto("/collection/")
        borrower.labelled("Your name").fill("Ann Otter")
        borrower.labelled("Your title").fill("Controller")
        borrower.page.get_by_role("checkbox").check()
        borrower.press("Share with %(lender_name)s", lender_name=PREVIEWING)
        borrower.heading("Congratulations: your reports are shared")
        expect(borrower.page.get_by_text("Ann Otter, Controller")).to_be_visible()
        expect(borrower.page.get_by_text("receivables.csv")).to_be_visible()
        borrower.see("11-done")


def explain(borrower: Borrower) -> None:
    """A word to each check that failed, saved without sharing."""
    explanations = borrower.labelled("Your explanation")
    assert explanations.count()
    explanations.first.fill("The suspense account is cleared in July.")
    borrower.press("Save, and share later")
    told(borrower, "Your explanations are saved. Nothing is shared yet.")
    borrower.see("10-preview-saved")
    expect(borrower.labelled("Your explanation").first).to_have_value(
        "The suspense account is cleared in July."
    )
