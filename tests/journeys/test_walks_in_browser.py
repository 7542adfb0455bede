"""From the link to done in Chromium, for every kind of company and everything that may come between."""

import pytest
from playwright.sync_api import expect

from tests.collecting import GROUP, PASSWORD, SINGLE
from tests.journeys.browser import Borrower
from tests.journeys.walking import (
    BARE,
    Place,
    Way,
    finish,
    prepare,
    right_categories,
    sign_in,
    start,
    told,
    two_ways,
)

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@two_ways("wide", "en")
def test_a_single_company_is_walked_to_the_end(place: Place, way: Way) -> None:
    with place.borrower(way, "single") as borrower:
        start(borrower, place.link())
        sign_in(borrower, SINGLE)
        finish(borrower)


@two_ways("narrow", "en")
def test_one_entity_of_a_group_is_walked_to_the_end(place: Place, way: Way) -> None:
    with place.borrower(way, "entity") as borrower:
        start(borrower, place.link())
        sign_in(borrower, GROUP)
        finish(borrower, "Birchwood Workshop & Parts")
        expect(borrower.page.get_by_text("Birchwood Workshop & Parts").first).to_be_visible()


@two_ways("wide", "es")
def test_a_consolidation_book_is_walked_to_the_end(place: Place, way: Way) -> None:
    with place.borrower(way, "book") as borrower:
        start(borrower, place.link())
        sign_in(borrower, GROUP)
        finish(borrower, "Group in US dollars")
        expect(borrower.page.get_by_text("Group in US dollars").first).to_be_visible()


@two_ways("narrow", "es")
def test_a_company_without_any_category_is_walked_to_the_end(place: Place, way: Way) -> None:
    with place.borrower(way, "no-categories") as borrower:
        start(borrower, place.link())
        sign_in(borrower, BARE)
        borrower.wait_for_accounts()
        borrower.see("08-nothing-chosen")
        borrower.go_on()
        expect(borrower.page.get_by_role("alert")).to_be_visible()
        borrower.see("08-refused")
        borrower.page.locator("button[name=accept_all]").click()
        expect(borrower.page.locator("button[name=accept_all]")).to_have_count(0)
        finish(borrower, categories=right_categories())


@pytest.mark.parametrize(
    ("way", "company"), [(Way("wide", "en", True), GROUP), (Way("narrow", "es", False), SINGLE)], ids=str
)
def test_a_refused_sign_in_is_typed_anew(place: Place, way: Way, company: str) -> None:
    with place.borrower(way, "refused") as borrower:
        start(borrower, place.link())
        sign_in(borrower, company, password="not the password")
        told(borrower, "Sage Intacct did not accept this company ID, user ID and password.")
        borrower.see("06-refused")
        expect(borrower.labelled("Company ID")).to_have_value(company)
        expect(borrower.labelled("Password of the Web Services user")).to_have_value("")
        borrower.labelled("Password of the Web Services user").fill(PASSWORD)
        borrower.press("Sign in")
        finish(borrower, "Group in US dollars" if company == GROUP else "")


@two_ways("narrow", "en")
def test_a_missing_permission_is_named_mended_and_tried_again(place: Place, way: Way) -> None:
    place.permit(SINGLE, "ws_narrow", ["GLACCOUNT"])
    with place.borrower(way, "permission") as borrower:
        start(borrower, place.link())
        sign_in(borrower, SINGLE, "ws_narrow", "Narrow-Secret-1")
        told(borrower, "The Web Services user lacks a permission that the reports need.")
        borrower.see("06-missing")
        place.permit(SINGLE, "ws_narrow", "read-only")
        borrower.press("It is done: try again")
        finish(borrower)


@two_ways("wide", "es")
def test_a_colleague_sets_it_up_in_a_browser_of_their_own(place: Place, way: Way) -> None:
    with place.borrower(way, "colleague-owner") as owner, place.borrower(way.other, "colleague") as colleague:
        owner.open_link(place.link())
        owner.choose_system()
        owner.agree()
        owner.page.get_by_role("link", name=owner.words("Make a set-up link for a colleague")).click()
        owner.see("04-ask")
        owner.press("Make a set-up link")
        told(owner, "The link for your colleague")
        owner.see("04-made")
        link = owner.page.locator(".set-up-address [data-copy]").inner_text()
        set_up(colleague, link)
        if not way.scripted:
            # With script the page leaves by itself, at any moment.
            owner.page.goto("/collection/")
        owner.heading("Connect to Sage Intacct")
        owner.confirm_connection()
        finish(owner, "Group in US dollars")


def set_up(colleague: Borrower, link: str) -> None:
    """All that the colleague with the set-up link does."""
    colleague.page.goto(link)
    # It comes in the owner's language; the switch is on every page.
    switch = colleague.page.get_by_role("button", name={"en": "English", "es": "Español"}[colleague.language])
    if switch.count():
        switch.click()
    colleague.see("01-for-the-colleague")
    colleague.press("Show the instructions")
    colleague.page.get_by_role("radio", name=colleague.words("User-based")).check()
    colleague.press("Show the instructions")
    tick = colleague.page.get_by_role("button", name=colleague.words("Allow our sender ID"))
    tick.click()
    expect(tick).to_have_attribute("aria-pressed", "true")
    colleague.see("06-ticked")
    sign_in(colleague, GROUP)
    colleague.heading("Thank you, the set-up is done")
    colleague.see("07-done")


@two_ways("narrow", "es")
def test_a_walk_goes_on_where_it_stood_on_another_device(place: Place, way: Way) -> None:
    link = place.link()
    with place.borrower(way, "first-device") as first:
        start(first, link)
        sign_in(first, SINGLE)
        first.wait_for_accounts()
        # The language goes with the request: the same person comes back.
        another = Way(way.other.width, way.language, way.other.scripted)
        with place.borrower(another, "second-device") as second:
            second.page.goto(link)
            second.heading(
                "Welcome back to the request of %(lender_name)s", lender_name="Harbor Community Bank"
            )
            second.see("01-back")
            second.press("Continue")
            second.wait_for_accounts()
            second.page.goto("/collection/credentials/")
            second.see("06-signed-in")
            expect(second.labelled("Company ID")).to_have_value(SINGLE)
            expect(second.labelled("Password of the Web Services user")).to_have_value("")
            second.page.goto("/collection/")
            finish(second)
        first.page.goto("/collection/")
        first.heading("Congratulations: your reports are shared")


@two_ways("wide", "en")
def test_a_code_from_the_mail_lets_the_borrower_in(place: Place, way: Way) -> None:
    link = place.link("quay")
    with place.borrower(way, "code") as borrower:
        borrower.page.goto(link)
        borrower.see("01-a-code-first")
        borrower.press("Send me the code")
        borrower.heading("Enter the code")
        borrower.see("01-enter-the-code")
        borrower.labelled("The six digits from the mail").fill("12")
        borrower.press("Continue")
        expect(borrower.page.get_by_role("alert")).to_be_visible()
        borrower.see("01-code-refused")
        borrower.labelled("The six digits from the mail").fill(place.mailed(r"^(\d{3} \d{3})$"))
        borrower.press("Continue")
        borrower.see("02-landing-after-the-code")
        borrower.press("Start")
        prepare(borrower)
        borrower.choose_permission_type("User-based")
        sign_in(borrower, SINGLE)
        finish(borrower)
