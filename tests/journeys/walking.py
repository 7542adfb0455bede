"""One installation before which many borrowers walk, each in a way of their own: width, language, script."""

import csv
import json
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.collecting import EXCHANGES, GROUP, PASSWORD, SINGLE, UNASSIGNED, USER
from tests.installation import SENDER_ID, Installation, wait_until
from tests.journeys.browser import PATIENCE, Borrower, Camera

PICTURES = Path(__file__).resolve().parents[1] / "screenshots" / "walks"
PERIOD = ("2026-04-01", "2026-06-30")
WIDTHS = {"wide": (1280, 900), "narrow": (390, 844)}
LOCALES = {"en": "en-US", "es": "es-MX"}
BEFORE_THE_SIGN_IN = {
    "01-landing",
    "02-select-system",
    "03-review",
    "04-connect",
    "05-permission-type",
    "06-credentials",
}

# The same ledger where no account has a category; and one where half an entry stands with another entry.
BARE, ONE_SIDED = "BIRCHBARE", "BIRCHSIDE"
CATEGORIES = {UNASSIGNED: "Cash and Cash Equivalents"}

HARBOR: dict[str, Any] = {
    "slug": "harbor",
    "name": "Harbor Community Bank",
    "time_zone": "America/Toronto",
    "contact_name": "Dana Reyes, Commercial Lending",
    "contact_phone": "+1 416 555 0100",
    "contact_email": "lending@harbor.example",
}
PIER = HARBOR | {
    "slug": "pier",
    "name": "Pier & Sons Capital",
    "brand_color": "#f2b705",
    "allows_preview": True,
}
QUAY = HARBOR | {"slug": "quay", "name": "Quay Credit Union", "brand_color": "#7a1f3d", "requires_code": True}
LENDERS = {lender["slug"]: lender for lender in (HARBOR, PIER, QUAY)}
DOCUMENTS = ["2025 tax return: All pages, as filed, with the schedules.", "Insurance certificate (optional)"]


@dataclass(frozen=True)
class Way:
    """How one borrower walks."""

    width: str
    language: str
    scripted: bool

    def __str__(self) -> str:
        return f"{self.width}-{self.language}-{'with' if self.scripted else 'without'}-script"

    @property
    def other(self) -> "Way":
        """The way that differs from this one in everything."""
        (width,) = WIDTHS.keys() - {self.width}
        (language,) = LOCALES.keys() - {self.language}
        return Way(width, language, not self.scripted)

    def options(self) -> dict[str, Any]:
        width, height = WIDTHS[self.width]
        return {
            "viewport": {"width": width, "height": height},
            "locale": LOCALES[self.language],
            "java_script_enabled": self.scripted,
        }


def two_ways(width: str, language: str, *, scripted: bool = True) -> pytest.MarkDecorator:
    """This way and its other: two walks in which each width, language and kind of browser occurs."""
    way = Way(width, language, scripted)
    return pytest.mark.parametrize("way", [way, way.other], ids=str)


@dataclass
class WalksCamera(Camera):
    """Takes the pages before the sign-in once for each way: they are the same for every company."""

    known: set[str] = field(default_factory=set)

    def take(self, name: str) -> None:
        if name in self.known:
            return
        if name in BEFORE_THE_SIGN_IN:
            self.known.add(name)
        super().take(name)


@dataclass
class Place:
    """The running installation, the companies that its gateway serves, and requests of each lender."""

    installation: Installation
    address: str
    browser: Browser
    companies: dict[str, Path]
    requests: dict[str, list[str]] = field(default_factory=dict)
    pictured: dict[Way, set[str]] = field(default_factory=lambda: defaultdict(set))

    def link(self, lender: str = "harbor") -> str:
        """The link of a request that nobody has opened."""
        return self.requests[lender].pop()

    def serve(self) -> None:
        """Starts the gateway; a running one first ends, so that it reads what was changed in a company."""
        if running := self.installation.processes.get("sandbox"):
            running.stop()
        # Slow enough that the pages of waiting are seen.
        self.installation.sandbox(*self.companies.values(), more=("--reply-delay", "0.05"))

    def permit(self, company: str, user: str, permissions: str | list[str]) -> None:
        """What the company's administrator does in Sage."""
        description = json.loads((self.companies[company] / "company.json").read_text())
        for each in description["users"]:
            if each["userid"] == user:
                each["permissions"] = permissions
        (self.companies[company] / "company.json").write_text(json.dumps(description))
        self.serve()

    def mailed(self, pattern: str) -> str:
        """What the newest mail with such a line has there; waits for it."""
        found: list[str] = []

        def look() -> bool:
            mails = sorted((self.installation.data / "mail").iterdir(), key=lambda mail: mail.stat().st_mtime)
            found[:] = [hit for mail in mails for hit in re.findall(pattern, mail.read_text(), re.MULTILINE)]
            return bool(found)

        wait_until(look, f"a mail has {pattern}")
        return found[-1]

    @contextmanager
    def borrower(self, way: Way, name: str) -> Iterator[Borrower]:
        """Somebody with a browser of their own, which must have no complaints; pictures go by that name."""
        context = self.browser.new_context(base_url=self.address, **way.options())
        page = context.new_page()
        camera = WalksCamera(page, PICTURES / f"{name}-{way}", way.scripted, known=self.pictured[way])
        yield Borrower(page, camera, way.language)
        assert camera.complaints == []
        context.close()


@contextmanager
def running_place(installation: Installation, browser: Browser, folder: Path, each: int) -> Iterator[Place]:
    """Everything started, with that many requests of each lender."""
    installation.must("migrate", "--verbosity", "0")
    with installation.web() as address:
        place = Place(installation, address, browser, companies_in(folder))
        for slug, lender in LENDERS.items():
            asked = DOCUMENTS if slug == "pier" else []
            answers = [str(each), *PERIOD, json.dumps(lender), json.dumps(asked)]
            place.requests[slug] = installation.act("invite_many", *answers)["links"].split()
        place.serve()
        installation.worker()
        yield place


def companies_in(folder: Path) -> dict[str, Path]:
    """GROUP with entities and a book; SINGLE, BARE and ONE_SIDED without."""
    for company in (GROUP, SINGLE, BARE, ONE_SIDED):
        shutil.copytree(EXCHANGES / "company", folder / company)
        description = json.loads((folder / company / "company.json").read_text())
        description |= {"companyid": company, "authorized_senders": [SENDER_ID]}
        description["multi_entity"] = company == GROUP
        (folder / company / "company.json").write_text(json.dumps(description))
    change_rows(folder / BARE / "GLACCOUNT.csv", CATEGORY="")
    change_rows(folder / ONE_SIDED / "GLDETAIL.csv", only="8-2", BATCHKEY="9", BATCH_NO="9")
    return {company.name: company for company in folder.iterdir()}


def change_rows(table: Path, only: str = "", **values: str) -> None:
    """Gives every row these values, or the one row of that number."""
    rows = list(csv.DictReader(table.read_text().splitlines()))
    with table.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(row | values if only in ("", row["RECORDNO"]) else row for row in rows)


def right_categories() -> dict[str, str]:
    """What the owner of the company would answer for each account."""
    with (EXCHANGES / "company" / "GLACCOUNT.csv").open(newline="") as file:
        return {row["ACCOUNTNO"]: row["CATEGORY"] for row in csv.DictReader(file)} | CATEGORIES


def start(borrower: Borrower, link: str) -> None:
    """From the link to the first sign-in."""
    borrower.open_link(link)
    prepare(borrower)
    borrower.choose_permission_type("Role-based")


def prepare(borrower: Borrower) -> None:
    """From the first step to the one of the credentials."""
    borrower.choose_system()
    borrower.agree()
    borrower.confirm_connection()


def sign_in(borrower: Borrower, company: str, user: str = USER, password: str = PASSWORD) -> None:
    borrower.sign_in(company, user, password)


def finish(borrower: Borrower, scope: str = "", categories: Mapping[str, str] = CATEGORIES) -> None:
    """From the sign-in to the end."""
    if scope:
        borrower.choose_scope(scope)
    borrower.assign(categories)
    borrower.go_on()
    borrower.connect()
    borrower.wait_for_the_end()
    borrower.heading("Congratulations: your reports are shared")


def told(borrower: Borrower, text: str, **names: str) -> None:
    """Waits until the page says so."""
    expect(borrower.page.get_by_text(borrower.words(text, **names)).first).to_be_visible(timeout=PATIENCE)
