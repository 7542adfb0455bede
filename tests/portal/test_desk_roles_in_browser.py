"""The desk in a real browser as an analyst, an operator and those who do not belong there.

The manager and the auditor are in `test_desk_in_browser`. Pictures are in tests/screenshots/desk-ROLE.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from collections_app import links
from collections_app.models import Collection, Lender, StaffMember
from collections_app.services.api_keys import key_create
from intacct.sandbox import Sandbox
from tests import factories
from tests.collecting import OPERATOR
from tests.collections_app.admin.addresses import address_of, admin_routes
from tests.collections_app.admin.test_tenants import HALF_WAY, OPEN_TO_ALL
from tests.journeys.browser import chromium
from tests.portal.desk import Seat, share, signed_in

pytestmark = [pytest.mark.slow, pytest.mark.browser]

ROWS = "/admin/collections_app/"
LIST = f"{ROWS}collection/"


@pytest.fixture
def browser(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    # Playwright's loop runs in this thread, and Django takes that for code of the loop.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with chromium() as running:
        yield running


@pytest.fixture
def shared(transactional_db: None, lender: Lender, gateway: Sandbox) -> Collection:
    return share(lender)


@pytest.fixture
def collected(transactional_db: None, lender: Lender) -> Collection:
    """Shared too, from rows that were made at once: for pages that need no journal."""
    return factories.collected_collection(lender, borrower_name="Birchwood Bicycle Works")


def test_an_analyst_reads_notes_asks_and_proposes_and_decides_nothing(
    shared: Collection, browser: Browser, live_server: Any
) -> None:
    Lender.objects.filter(pk=shared.lender_id).update(wants_four_eyes=True)
    user = factories.make_staff(shared.lender, StaffMember.Role.ANALYST)
    seat = Seat(signed_in(browser, live_server, user), "analyst")
    page = seat.page
    page.goto(LIST)
    expect(page.get_by_role("link", name="Needs us 2")).to_be_visible()
    expect(page.get_by_role("link", name="Request reports")).to_have_count(0)
    seat.see("01-worklist")
    page.get_by_role("link", name=shared.reference).click()
    expect(page.get_by_role("heading", name="Review", exact=True)).to_be_visible()
    for forbidden in ("Make a new link", "Switch the link off", "Withdraw", "Rebuild"):
        expect(page.get_by_role("button", name=forbidden)).to_have_count(0)
    seat.see("02-collection")
    page.get_by_role("link", name="Show the accounts behind each line").first.click()
    page.locator("tr.account a").first.click()
    expect(page.get_by_role("heading", name="Month by month")).to_be_visible()
    page.goto(f"{LIST}{shared.pk}/accounts/6000")
    page.locator("#months tbody a").first.click()
    expect(page.get_by_text("They add up to the trial balance.")).to_be_visible()
    seat.see("03-account")
    page.locator("table.lines a").first.click()
    expect(page.get_by_text("The entry balances.")).to_be_visible()
    page.goto(f"{LIST}{shared.pk}/change/#review")
    page.get_by_label("Write a note").fill("Compare with the bank statement of May.")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_text("Compare with the bank statement of May.")).to_be_visible()
    page.get_by_label("Ask the borrower").fill("Who is the landlord?")
    page.get_by_role("button", name="Send the question").click()
    expect(page.get_by_text("Not answered yet.")).to_be_visible()
    page.get_by_label("Why", exact=True).fill("The ratios hold.")
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("Proposed to accept", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Accept")).to_have_count(0)
    seat.see("04-proposed", part="#review")
    shared.refresh_from_db()
    assert shared.review == "accept?"
    assert seat.complaints == []


def test_an_analyst_is_refused_what_managers_do(
    collected: Collection, browser: Browser, live_server: Any
) -> None:
    user = factories.make_staff(collected.lender, StaffMember.Role.ANALYST)
    seat = Seat(signed_in(browser, live_server, user), "analyst")
    page = seat.page
    for refused in (
        "collection/add/",
        f"collection/{collected.pk}/withdraw/",
        "staffmember/add/",
        "figuresgrant/add/",
        "requesttemplate/add/",
        "mappingtemplate/add/",
        "event/",
        "event/standing/",
    ):
        answer = page.goto(f"{ROWS}{refused}")
        assert answer and answer.status == 403, refused
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    seat.see("05-refused")
    page.goto(f"{LIST}{collected.pk}/change/#review")
    expect(page.get_by_label("Ask the borrower")).to_be_visible()
    expect(page.get_by_role("button", name="Accept")).to_have_count(0)
    for read in ("staffmember/", "figuresgrant/", f"lender/{collected.lender_id}/change/"):
        page.goto(f"{ROWS}{read}")
        expect(page.get_by_role("button", name=re.compile("Save|Invite"))).to_have_count(0)
    seat.see("06-lender-to-read")
    assert seat.complaints == []


def test_an_operator_sees_the_installation_and_the_record(
    collected: Collection, browser: Browser, live_server: Any
) -> None:
    key_create(lender=collected.lender, name="Loan system", scopes=["read"], days=30, by=OPERATOR)
    stuck = factories.make_collection(collected.lender, status=Collection.Status.COLLECTING)
    factories.make_run(stuck, "collect", status="needs_operator", problem="our_fault")
    seat = Seat(signed_in(browser, live_server, factories.make_operator()), "operator")
    page = seat.page
    page.goto("/admin/")
    expect(page.get_by_text("Operator", exact=True)).to_be_visible()
    seat.see("01-start")
    page.goto(f"{ROWS}event/")
    page.get_by_role("link", name="Standing of the installation").click()
    expect(page.get_by_role("heading", name="Runs that are not at their end")).to_be_visible()
    expect(page.get_by_text(stuck.reference, exact=True)).to_be_visible()
    seat.see("02-standing")
    page.goto(f"{ROWS}event/?q=lender:{collected.lender.slug}")
    expect(page.get_by_text("api_key.created")).to_be_visible()
    page.goto(f"{ROWS}event/?q={collected.reference}")
    expect(page.get_by_text("collection.invited")).to_be_visible()
    seat.see("03-record")
    page.goto(LIST)
    expect(page.get_by_role("link", name=collected.reference)).to_be_visible()
    seat.see("04-collections")
    assert seat.complaints == []


def test_an_operator_sees_no_figure_until_a_manager_lets_it_and_the_look_is_told(
    collected: Collection, browser: Browser, live_server: Any
) -> None:
    operator = factories.make_operator()
    seat = Seat(signed_in(browser, live_server, operator), "operator")
    page = seat.page
    page.goto(f"{LIST}{collected.pk}/change/")
    expect(page.get_by_text("It is closed to operators.")).to_be_visible()
    expect(page.locator("table.figures")).to_have_count(0)
    seat.see("05-without-figures")
    refused = page.goto(f"{LIST}{collected.pk}/statements/balance_sheet")
    assert refused and refused.status == 403
    seat.see("06-closed")
    let_in(browser, live_server, collected, operator.username)
    page.goto(f"{LIST}{collected.pk}/change/")
    expect(page.locator("table.figures").first).to_be_visible()
    expect(page.get_by_role("button", name="Accept")).to_have_count(0)
    page.goto(f"{LIST}{collected.pk}/statements/balance_sheet")
    expect(page.locator("tr.account a").first).to_be_visible()
    page.goto(f"{ROWS}event/?q={operator.username}")
    expect(page.get_by_text("collection.viewed")).to_be_visible()
    seat.see("08-the-look-is-recorded")
    assert seat.complaints == []
    told_to_the_borrower(browser, live_server, collected)


def let_in(browser: Browser, live_server: Any, collection: Collection, operator: str) -> None:
    """A manager of the lender opens the figures of one collection for some hours."""
    manager = factories.make_staff(collection.lender, StaffMember.Role.MANAGER)
    seat = Seat(signed_in(browser, live_server, manager), "operator")
    page = seat.page
    page.goto(f"{ROWS}figuresgrant/add/")
    page.get_by_label("Reference").fill(collection.reference)
    page.locator("select[name=operator]").select_option(label=operator)
    page.get_by_label("For how many hours").fill("2")
    page.get_by_label("Reason").fill("The receivables of May look short.")
    page.get_by_role("button", name="Give access").click()
    expect(page.get_by_text(f"to {operator} until")).to_be_visible()
    seat.see("07-manager-gave-access")
    page.context.close()


def told_to_the_borrower(browser: Browser, live_server: Any, collection: Collection) -> None:
    _link, token = links.issue(collection)
    page = browser.new_context(base_url=live_server.url).new_page()
    page.goto(f"/c/{token}/")
    page.locator("main form button").first.click()
    expect(page.get_by_text("The operator of this service").first).to_be_visible()


def test_who_is_not_signed_in_comes_to_the_sign_in_from_every_address(
    browser: Browser, lender: Lender, live_server: Any
) -> None:
    collection = factories.collected_collection(lender)
    factories.make_staff(lender)
    seat = Seat(browser.new_context(base_url=live_server.url).new_page(), "stranger")
    page = seat.page
    for route in admin_routes():
        if route not in OPEN_TO_ALL | HALF_WAY:
            reached = page.request.get(address_of(route, collection))
            assert urlsplit(reached.url).path == "/admin/login/", route
            assert collection.borrower_name not in reached.text(), route
    page.goto(f"{LIST}{collection.pk}/change/")
    expect(page.get_by_label("Password")).to_be_visible()
    seat.see("01-sign-in")
    assert seat.complaints == []


def test_who_belongs_to_nobody_or_to_another_lender_sees_nothing(
    browser: Browser, lender: Lender, live_server: Any
) -> None:
    collection = factories.collected_collection(lender)
    visitor = factories.make_user()
    visitor.is_staff = False
    visitor.save()
    seat = Seat(signed_in(browser, live_server, visitor), "stranger")
    seat.page.goto(f"{LIST}{collection.pk}/change/")
    expect(seat.page).to_have_url(re.compile("/admin/login/"))
    seat.see("02-not-staff")
    other = factories.make_staff(factories.make_lender("Southern Trust"), StaffMember.Role.MANAGER)
    at_work = Seat(signed_in(browser, live_server, other), "stranger")
    for page in ("change/", "statements/balance_sheet", "files/report.xlsx", "withdraw/", "compare/"):
        answer = at_work.page.goto(f"{LIST}{collection.pk}/{page}")
        assert answer and answer.status == 404, page
        expect(at_work.page.get_by_text(collection.borrower_name)).to_have_count(0)
    at_work.see("03-another-lender")
    at_work.page.goto(LIST)
    expect(at_work.page.get_by_text("There is no collection yet.")).to_be_visible()
    at_work.see("04-nothing-yet")
    assert seat.complaints + at_work.complaints == []
