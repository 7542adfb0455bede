"""A request that follows an earlier one: what the borrower finds filled in, and what is never taken over."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from collections_app import readiness
from collections_app.models import Account, Collection, Lender, Run
from collections_app.services import erasing, intake, refreshing, setting_up, withdrawing
from collections_app.services.asking import CollectionRequest
from collections_app.services.invitations import Invitation, collection_invite
from intacct.sandbox import Sandbox
from tests.collecting import (
    BORROWER,
    GROUP,
    OPERATOR,
    PASSWORD,
    SINGLE,
    UNASSIGNED,
    USER,
    actions,
    sign_in,
    started,
    submitted,
    token_of,
    work,
)
from tests.portal.conftest import Open

CASH = "Cash and Cash Equivalents"
CATEGORIES, ENTITY, CREDENTIALS = (f"/collection/{slug}/" for slug in ("categories", "entity", "credentials"))

Collected = Callable[..., Collection]


@pytest.fixture
def collected(lender: Lender, gateway: Sandbox) -> Collected:
    """A request that was answered and collected."""

    def collect(company: str = SINGLE, scope: tuple[str, str] | None = None) -> Collection:
        collection = started(lender)
        Collection.objects.filter(pk=collection.pk).update(permission_type="role-based", own_basis="cash")
        collection.refresh_from_db()
        for step in ("sender", "permissions"):
            setting_up.tick_set(collection=collection, step=step, done=True, by_colleague=False)
        if scope:
            work(sign_in(collection, company))
            kind, identifier = scope
            work(intake.scope_choose(collection=collection, kind=kind, identifier=identifier, by=BORROWER))
            collection.refresh_from_db()
            lacking = {each.number: CASH for each in readiness.accounts_blocking(collection)}
            intake.categories_assign(collection=collection, answers=lacking, by=BORROWER)
            work(intake.collection_submit(collection=collection, by=BORROWER))
        else:
            work(submitted(collection, company))
        collection.refresh_from_db()
        assert collection.status == Collection.Status.SUBMITTED
        return collection

    return collect


def asked_again(earlier: Collection, **changes: Any) -> Invitation:
    again = refreshing.request_again(earlier) | {
        "date_from": date(2026, 7, 1),
        "date_to": date(2026, 9, 30),
    }
    return collection_invite(CollectionRequest(**again | changes), by=OPERATOR)


def consented(browser: Client) -> None:
    answers = {"name": "Robin Birch", "title": "", "own_basis": "", "agreed": "on"}
    assert browser.post("/collection/review/", answers).status_code == 302
    assert browser.post("/collection/connect/").status_code == 302


def signed_in(browser: Client, company: str) -> None:
    """Through the step's own form; the worker then tries it."""
    typed = {"company_id": company, "user_id": USER, "password": PASSWORD}
    assert browser.post(CREDENTIALS, typed).status_code == 302
    work(Run.objects.latest("pk"))


def text_of(browser: Client, address: str) -> str:
    return " ".join(browser.get(address, follow=True).content.decode().split())


@pytest.mark.slow
def test_the_whole_way_is_shorter_the_second_time(open_link: Open, collected: Collected) -> None:
    earlier = collected()
    invitation = asked_again(earlier)
    later = invitation.collection

    landing = text_of(Client(), f"/c/{token_of(invitation)}/")
    assert f"Follows your request</dt> <dd> {earlier.reference}" in landing
    assert "When you have signed in to the same company" in landing

    browser = open_link(invitation)
    later.refresh_from_db()
    assert (later.accounting_system, later.permission_type) == ("sage-intacct", "role-based")
    assert browser.get("/collection/").headers["Location"] == "/collection/review/"
    assert browser.get("/collection/review/").context["form"]["own_basis"].value() == "cash"
    assert browser.get("/collection/review/").context["form"]["name"].value() == ""
    consented(browser)

    page = text_of(browser, CREDENTIALS)
    assert f"For the request {earlier.reference} your company has made a Web Services user." in page
    assert page.index('id="sign-in"') < page.index('id="set-up-sender"')
    assert SINGLE not in page and USER not in page
    assert browser.get(CREDENTIALS).context["ticked"] == ["sender", "permissions"]
    signed_in(browser, SINGLE)
    work(Run.objects.latest("pk"))

    page = text_of(browser, CATEGORIES)
    assert "Remembered from your last time" in page
    assert f"For 1 account what you chose for the request {earlier.reference} is filled in." in page
    assert f"<option selected>{CASH}" in page
    assert "1 account needs a category" in page
    assert not Account.objects.numbered(later, UNASSIGNED).assigned_category
    answers = {f"category-{UNASSIGNED}": CASH, "action": "continue"}
    assert browser.post(CATEGORIES, answers).headers["Location"] == "/collection/"
    assert Account.objects.numbered(later, UNASSIGNED).assigned_category == CASH
    assert browser.get("/collection/").headers["Location"] == "/collection/check/"
    browser.post("/collection/check/")
    work(Run.objects.latest("pk"))
    later.refresh_from_db()
    assert later.status == Collection.Status.SUBMITTED

    told = {event.action: event.data for event in later.events.all()}
    assert told["answers.remembered"] == {
        "of": earlier.reference,
        "answers": ["accounting_system", "permission_type", "own_basis", "set_up"],
    }
    assert told["categories.assigned"] == {"accounts": [UNASSIGNED], "as_last_time": [UNASSIGNED]}


@pytest.mark.slow
def test_the_entity_is_the_one_of_last_time_until_another_is_chosen(
    open_link: Open, collected: Collected
) -> None:
    earlier = collected(GROUP, ("entity", "E200"))
    browser = open_link(asked_again(earlier))
    consented(browser)
    signed_in(browser, GROUP)
    response = browser.get(ENTITY)
    assert response.context["form"]["scope"].value() == "entity:E200"
    assert response.content.decode().count("Chosen last time.") == 1
    later = Collection.objects.latest("pk")
    assert later.scope_kind == ""
    browser.post(ENTITY, {"scope": "book:USDCONS"})
    assert browser.get(ENTITY).context["form"]["scope"].value() == "book:USDCONS"


@pytest.mark.slow
def test_nothing_is_filled_in_for_another_company(open_link: Open, collected: Collected) -> None:
    browser = open_link(asked_again(collected(SINGLE)))
    consented(browser)
    signed_in(browser, GROUP)
    page = text_of(browser, ENTITY)
    assert "You signed in to another company than then" in page
    assert " checked" not in page[page.index('name="scope"') :]
    browser.post(ENTITY, {"scope": "company:"})
    work(Run.objects.latest("pk"))
    page = text_of(browser, CATEGORIES)
    assert "Remembered from your last time" not in page


@pytest.fixture
def at_the_categories(open_link: Open, collected: Collected) -> Client:
    """Signed in to the company of last time, its chart read."""
    browser = open_link(asked_again(collected()))
    consented(browser)
    signed_in(browser, SINGLE)
    work(Run.objects.latest("pk"))
    return browser


def change(collection: Collection, number: str = UNASSIGNED, **fields: Any) -> None:
    account = Account.objects.numbered(collection, number)
    for name, value in fields.items():
        setattr(account, name, value)
    account.save()


@pytest.mark.parametrize(
    "fields",
    [{"title": "Bank of the owner"}, {"account_type": "incomestatement"}, {"category": CASH}],
    ids=str,
)
def test_an_account_that_is_another_one_now_is_asked_about_as_usual(
    at_the_categories: Client, fields: dict[str, Any]
) -> None:
    change(Collection.objects.latest("pk"), **fields)
    assert "Remembered from your last time" not in text_of(at_the_categories, CATEGORIES)


def test_the_borrower_may_choose_otherwise(at_the_categories: Client) -> None:
    at_the_categories.post(CATEGORIES, {f"category-{UNASSIGNED}": "Inventory", "action": "save"})
    later = Collection.objects.latest("pk")
    assert Account.objects.numbered(later, UNASSIGNED).assigned_category == "Inventory"
    page = text_of(at_the_categories, CATEGORIES)
    assert "Remembered from your last time" not in page
    assert later.events.get(action="categories.assigned").data == {"accounts": [UNASSIGNED]}


def erase(earlier: Collection) -> None:
    erasing.collection_erase(collection=earlier, by=OPERATOR, why="asked for")


def withdraw(earlier: Collection) -> None:
    withdrawing.consent_withdraw(collection=earlier, by=BORROWER)


@pytest.mark.parametrize("end", [erase, withdraw])
def test_what_is_withdrawn_or_erased_meanwhile_is_forgotten(
    at_the_categories: Client, end: Callable[[Collection], None]
) -> None:
    earlier = Collection.objects.earliest("pk")
    end(earlier)
    page = text_of(at_the_categories, CATEGORIES)
    assert "Remembered from your last time" not in page
    assert f"{earlier.reference} <p" in page
    assert "Nothing of it is remembered: please answer anew." in page
    assert "your company has made a Web Services user" not in text_of(at_the_categories, CREDENTIALS)


def test_what_ended_before_the_link_was_opened_is_not_taken_over(
    open_link: Open, collected: Collected
) -> None:
    earlier = collected()
    invitation = asked_again(earlier)
    withdraw(earlier)
    browser = open_link(invitation)
    assert browser.get("/collection/").headers["Location"] == "/collection/select-system/"
    assert "answers.remembered" not in actions(invitation.collection)


def test_more_reports_than_last_time_need_more_permissions(
    open_link: Open, lender: Lender, gateway: Sandbox
) -> None:
    earlier = started(lender, reports=["balance_sheet"])
    Collection.objects.filter(pk=earlier.pk).update(permission_type="role-based")
    earlier.refresh_from_db()
    for step in ("sender", "permissions"):
        setting_up.tick_set(collection=earlier, step=step, done=True, by_colleague=True)
    work(submitted(earlier))
    earlier.refresh_from_db()
    browser = open_link(asked_again(earlier, reports=["balance_sheet", "ar_aging"]))
    consented(browser)
    assert "More is read than last time" in text_of(browser, CREDENTIALS)
    later = Collection.objects.latest("pk")
    assert list(later.set_up_ticks.values_list("step", "by_colleague")) == [("sender", True)]


def test_a_request_that_follows_none_says_nothing_of_it(borrower: Client, asked: Collection) -> None:
    assert "Follows your request" not in text_of(borrower, "/collection/")
