"""Browsers of those who work at the desk, and the collection that they work on."""

from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize

from collections_app.models import Collection, Lender
from collections_app.services import documents
from tests import factories
from tests.collecting import BORROWER, started, submitted, work
from tests.journeys import measures
from tests.journeys.browser import MEANT
from tests.uploaded_files import workbook

PICTURES = Path(__file__).resolve().parents[1] / "screenshots"
WIDE: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
# Colors do not hang on the width, nor what scrolls on the colors: two looks see all of both.
LOOKS: tuple[tuple[str, ViewportSize, Literal["light", "dark"]], ...] = (
    ("wide", WIDE, "light"),
    ("phone", PHONE, "dark"),
)


def share(lender: Lender) -> Collection:
    """A collection from the gateway, shared with a document, among others in other states."""
    Lender.objects.filter(pk=lender.pk).update(time_zone="America/Toronto")
    lender.refresh_from_db()
    collection = started(lender, allows_other_documents=True)
    work(submitted(collection))
    collection.refresh_from_db()
    assert collection.status == Collection.Status.SUBMITTED
    file = BytesIO(workbook())
    documents.document_add(collection=collection, file=file, name="Lease.xlsx", request=None, by=BORROWER)
    factories.make_collection(lender, borrower_name="Birch Bakery")
    factories.make_collection(lender, borrower_name="Cedar Dental", status=Collection.Status.STARTED)
    late = factories.make_collection(lender, borrower_name="Dogwood Farms")
    late.links.update(expires_at=late.created_at)
    return collection


def signed_in(browser: Browser, live_server: Any, user: User, **options: Any) -> Page:
    """A page of somebody who is signed in; the sign-in itself is tested elsewhere."""
    client = Client()
    client.force_login(user)
    context = browser.new_context(base_url=live_server.url, **options)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
    return context.new_page()


@dataclass
class Seat:
    """A person's place at the desk: looks at each page wide and narrow, light and dark, and measures it."""

    page: Page
    name: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder = PICTURES / f"desk-{self.name}"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.page.set_viewport_size(WIDE)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not MEANT.search(message.text):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def see(self, name: str, *, part: str = "") -> None:
        """Looks at the whole page, or at the part that this selector names where the page was seen before.

        Everything is put back as it was, so that the walk goes on.
        """
        for width, size, scheme in LOOKS:
            self.page.set_viewport_size(size)
            self.page.emulate_media(color_scheme=scheme)
            picture = self.folder / f"{name}-{width}-{scheme}.png"
            if part:
                self.page.locator(part).screenshot(path=picture)
            else:
                self.page.screenshot(path=picture, full_page=True)
            found = measures.accessibility(self.page, within=part)
            assert not found, f"{name}, {width}, {scheme}: {'; '.join(found)}"
            over = measures.sideways(self.page)
            assert not over, f"{name} scrolls sideways at {size['width']} pixels: {over}"
        self.page.set_viewport_size(WIDE)
        self.page.emulate_media(color_scheme="light")
