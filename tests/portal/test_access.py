"""Every borrower's page: the own collection, while its link is good, or a page that says why not."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from collections_app.models import Collection, Lender, Link
from collections_app.services import invitations
from collections_app.services.invitations import Invitation
from tests.collecting import OPERATOR, invite
from tests.portal.conftest import Open

STEPS = ["select-system", "review", "connect", "credentials", "entity", "categories", "check", "progress"]
PAGES = ["/collection/", "/collection/done/", "/collection/download/report.xlsx"]
PAGES += [f"/collection/{step}/" for step in STEPS]


@pytest.mark.parametrize("page", PAGES)
def test_without_a_link_no_page_opens(client: Client, db: None, page: str) -> None:
    response = client.get(page)
    assert response.status_code == 403
    assert "link" in response.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_staff_and_operators_do_not_see_the_borrowers_pages(client: Client, db: None, page: str) -> None:
    client.force_login(User.objects.create(username="root", is_staff=True, is_superuser=True))
    assert client.get(page).status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_an_open_page_closes_when_the_link_expires(borrower: Client, page: str) -> None:
    Link.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert borrower.get(page).status_code == 410


def test_an_open_page_closes_when_the_request_is_withdrawn(borrower: Client, asked: Collection) -> None:
    invitations.collection_withdraw(collection=asked, by=OPERATOR)
    response = borrower.post("/collection/select-system/", {"system": "sage-intacct"})
    assert response.status_code == 410
    assert "withdrawn" in response.content.decode()


def test_an_open_page_closes_when_a_new_link_is_issued(
    borrower: Client, asked: Collection, open_link: Open
) -> None:
    new = invitations.link_reissue(collection=asked, by=OPERATOR)
    assert borrower.get("/collection/").status_code == 410
    assert open_link(new).get("/collection/").status_code == 302


def test_each_browser_sees_the_collection_whose_link_it_opened_last(lender: Lender, open_link: Open) -> None:
    one, two = invite(lender), invite(lender)
    browser = open_link(one)
    assert one.collection.reference in browser.get("/collection/select-system/").content.decode()
    browser.post(two.url.removeprefix("http://127.0.0.1:8000"))
    page = browser.get("/collection/select-system/").content.decode()
    assert two.collection.reference in page
    assert one.collection.reference not in page


def test_one_borrower_never_reaches_anothers_collection(lender: Lender, open_link: Open) -> None:
    mine, theirs = invite(lender), invite(lender)
    me, _they = open_link(mine), open_link(theirs)
    me.post("/collection/select-system/", {"system": "sage-intacct", "collection": theirs.collection.pk})
    stored = {c.pk: c.accounting_system for c in Collection.objects.all()}
    assert stored == {mine.collection.pk: "sage-intacct", theirs.collection.pk: ""}


def test_no_address_and_no_page_holds_a_number_of_the_database(borrower: Client, asked: Collection) -> None:
    Collection.objects.filter(pk=asked.pk)
    page = borrower.get("/collection/select-system/").content.decode()
    assert f'value="{asked.pk}"' not in page
    assert f"/{asked.pk}/" not in page


def test_leaving_ends_this_browsers_access_alone(open_link: Open, invitation: Invitation) -> None:
    here, there = open_link(invitation), open_link(invitation)
    response = here.post("/collection/leave/")
    assert response.headers["Location"] == "/collection/leave/"
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert response.cookies["session"].value == ""
    assert "You have left." in here.get("/collection/leave/").content.decode()
    assert here.get("/collection/").status_code == 403
    assert there.get("/collection/").status_code == 302


def test_leaving_needs_a_button(borrower: Client) -> None:
    assert borrower.get("/collection/leave/").headers["Location"] == "/collection/"
    assert borrower.get("/collection/").status_code == 302


def test_a_link_that_was_deleted_opens_nothing(borrower: Client) -> None:
    Link.objects.all().delete()
    assert borrower.get("/collection/").status_code == 403
