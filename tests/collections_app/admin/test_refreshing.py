"""A manager asks the same borrower again for a new period."""

import re
from datetime import date
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client

from collections_app.models import Collection, Connection, Event, Lender
from collections_app.services import erasing
from collections_app.services.document_requests import WantedDocument, document_requests_create
from tests import factories
from tests.collecting import OPERATOR, invite

LIST = "/admin/collections_app/collection/"
LINK = re.compile(r"http://127\.0\.0\.1:8000/c/clk_[0-9A-Za-z]{49}/")

pytestmark = pytest.mark.usefixtures("november")


@pytest.fixture
def november() -> Any:
    with time_machine.travel("2026-11-26 12:00"):
        yield


def refresh_address(collection: Collection) -> str:
    return f"{LIST}{collection.pk}/refresh/"


def page_of(browser: Client, collection: Collection) -> str:
    return browser.get(f"{LIST}{collection.pk}/change/").content.decode()


def filled(browser: Client, collection: Collection, **changed: Any) -> dict[str, Any]:
    """The form as the page gives it out, with what a manager changes."""
    form = browser.get(refresh_address(collection)).context["form"]
    answers = {name: form[name].value() for name in form.fields}
    answers = {name: value for name, value in answers.items() if value not in (None, "", False)}
    return answers | changed


def refreshed(browser: Client, collection: Collection, **changed: Any) -> Collection:
    response = browser.post(refresh_address(collection), filled(browser, collection, **changed))
    assert LINK.search(response.content.decode()), response.content.decode()
    return Collection.objects.latest("pk")


def test_the_form_begins_with_what_was_asked_and_the_period_that_follows(
    manager: Client, collected: Collection
) -> None:
    document_requests_create(
        collection=collected,
        wanted=[WantedDocument("Tax return", "All pages"), WantedDocument("Insurance", is_required=False)],
    )
    form = manager.get(refresh_address(collected)).context["form"]
    assert form["borrower_email"].value() == collected.borrower_email
    assert form["lender_reference"].value() == "L-77"
    assert (form["date_from"].value(), form["date_to"].value()) == (date(2026, 4, 1), date(2026, 6, 30))
    assert form["documents"].value() == "Tax return: All pages\nInsurance (optional)"


def test_the_new_request_goes_to_the_same_borrower_by_a_link_of_its_own(
    manager: Client, collected: Collection, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        later = refreshed(manager, collected, borrower_name="Somebody else", date_to="2026-09-30")
    assert (later.borrower_name, later.refreshes) == (collected.borrower_name, collected)
    assert (later.date_from, later.date_to) == (date(2026, 4, 1), date(2026, 9, 30))
    assert collected.reference in str(mail.outbox[-1].body)
    told = dict(Event.objects.values_list("action", "collection"))
    assert (told["refresh.made"], told["collection.refreshed"]) == (later.pk, collected.pk)


def test_each_page_leads_to_the_other_one(manager: Client, collected: Collection) -> None:
    later = refreshed(manager, collected)
    assert f'Refreshes <a href="{LIST}{collected.pk}/change/">{collected.reference}</a>' in page_of(
        manager, later
    )
    before = page_of(manager, collected)
    assert f'Refreshed by <a href="{LIST}{later.pk}/change/">{later.reference}</a>' in before
    assert "compare/?with=" not in before
    factories.collect_at_once(later)
    assert f"{LIST}{later.pk}/compare/?with={collected.pk}" in page_of(manager, later)
    assert f"{LIST}{collected.pk}/compare/?with={later.pk}" in page_of(manager, collected)
    compared = manager.get(f"{LIST}{later.pk}/compare/?with={collected.pk}").content.decode()
    assert f"What changed from {collected.reference} to {later.reference}" in compared


def test_another_company_is_said(manager: Client, collected: Collection) -> None:
    later = refreshed(manager, collected)
    factories.collect_at_once(later)
    connection = Connection.objects.get(collection=later)
    connection.company_id = "BIRCH"
    connection.save()
    page = page_of(manager, later)
    assert "signed in to another company this time" in page
    assert "compare/?with=" not in page


def test_the_same_form_sent_twice_makes_one_request(manager: Client, collected: Collection) -> None:
    answers = filled(manager, collected)
    manager.post(refresh_address(collected), answers)
    manager.post(refresh_address(collected), answers)
    assert Collection.objects.filter(refreshes=collected).count() == 1


def test_a_wrong_period_is_refused_at_the_form(manager: Client, collected: Collection) -> None:
    page = manager.post(refresh_address(collected), filled(manager, collected, date_to="2027-01-31"))
    assert "must not end in the future" in page.content.decode()
    assert not Collection.objects.filter(refreshes=collected).exists()


def test_where_no_month_has_ended_since_the_dates_are_typed(manager: Client, collected: Collection) -> None:
    Collection.objects.filter(pk=collected.pk).update(date_to=date(2026, 10, 31))
    page = manager.get(refresh_address(collected))
    assert page.context["form"]["date_from"].value() is None
    assert "No month has ended since" in page.content.decode()


def withdraw(collection: Collection) -> None:
    Collection.objects.filter(pk=collection.pk).update(status=Collection.Status.WITHDRAWN)


def erase(collection: Collection) -> None:
    erasing.collection_erase(collection=collection, by=OPERATOR, why="asked for")


def take_back(collection: Collection) -> None:
    Collection.objects.filter(pk=collection.pk).update(status=Collection.Status.STARTED)


@pytest.mark.parametrize(
    ("happens", "why", "is_on_the_page"),
    [
        (withdraw, "This request was withdrawn, so nothing of it is remembered.", True),
        (erase, "What was collected was erased, so nothing of it is remembered.", True),
        (take_back, "This request is not complete.", False),
    ],
)
def test_what_is_not_kept_is_not_refreshed_and_the_page_says_why(
    happens: Any, why: str, is_on_the_page: bool, manager: Client, collected: Collection
) -> None:
    happens(collected)
    page = page_of(manager, collected)
    assert "/refresh/" not in page
    assert (why in page) == is_on_the_page
    for answer in (manager.get, manager.post):
        assert why in answer(refresh_address(collected), follow=True).content.decode()
    assert not Collection.objects.filter(refreshes=collected).exists()


def test_only_managers_refresh(
    analyst: Client, auditor: Client, stranger: Client, operator: Client, collected: Collection
) -> None:
    assert "/refresh/" not in page_of(analyst, collected)
    codes = [each.get(refresh_address(collected)).status_code for each in (analyst, auditor, stranger)]
    assert codes == [403, 403, 404]
    assert stranger.post(refresh_address(collected), {}).status_code == 404
    # Whose service it is may help; what was shared is still closed to the operator.
    own = {"borrower_email": "me@operators.test"}
    operator.post(refresh_address(collected), filled(operator, collected) | own)
    later = Collection.objects.latest("pk")
    assert (later.lender, later.borrower_email) == (collected.lender, collected.borrower_email)
    assert later != collected


def test_the_rule_of_the_template_dates_the_next_period(manager: Client, lender: Lender) -> None:
    template = factories.make_request_template(lender, date_rule="months", date_count=6)
    first = invite(
        lender, template=template, date_from=date(2025, 8, 1), date_to=date(2026, 7, 31)
    ).collection
    factories.collect_at_once(first)
    by_rule = (date(2026, 5, 1), date(2026, 10, 31))
    form = manager.get(refresh_address(first)).context["form"]
    assert (form["date_from"].value(), form["date_to"].value()) == by_rule
    later = refreshed(manager, first)
    assert (later.template, later.date_rule) == (template, first.date_rule)
    manager.post(f"/admin/collections_app/requesttemplate/{template.pk}/delete/", {"post": "yes"})
    first.refresh_from_db()
    assert first.template is None
    form = manager.get(refresh_address(first)).context["form"]
    assert (form["date_from"].value(), form["date_to"].value()) == by_rule
    assert refreshed(manager, first).date_rule == first.date_rule
