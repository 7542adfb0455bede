"""A request that was given back, page by page: signed in to, checked, connected and shared once more."""

import pytest
from django.test import Client

from collections_app.models import Account, Collection, Notice, Run
from collections_app.services import collecting, notifying, steering
from collections_app.services.invitations import Invitation
from intacct.sandbox import Sandbox
from tests.collecting import OPERATOR, PASSWORD, SINGLE, UNASSIGNED, USER, actions, work
from tests.portal.conftest import Open
from tests.portal.journey_states import give_back, look_first, return_it
from tests.portal.test_refreshed import Collected, asked_again, collected, consented

__all__ = ["collected"]

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("gateway")]

BASE = "/collection/"
ATTESTED = {"action": "share", "name": "Ann Otter", "title": "Controller", "agreed": "on"}


def stands_at(browser: Client) -> str:
    """The step to which the borrower is led; its page opens."""
    here = browser.get(BASE).headers["Location"]
    assert browser.get(here).status_code == 200
    return here.removeprefix(BASE).rstrip("/")


def sign_in(browser: Client) -> Run:
    """Through the step's own form; a worker has not tried it yet."""
    assert stands_at(browser) == "credentials"
    typed = {"company_id": SINGLE, "user_id": USER, "password": PASSWORD}
    assert browser.post(f"{BASE}credentials/", typed).status_code == 302
    return Run.objects.latest("pk")


def connect(browser: Client) -> Run:
    assert stands_at(browser) == "check"
    assert browser.post(f"{BASE}check/").status_code == 302
    assert stands_at(browser) == "progress"
    return Run.objects.filter(kind=Run.Kind.COLLECT).latest("pk")


def test_a_returned_request_is_signed_in_to_checked_connected_and_shared_anew(
    borrower: Client, asked: Collection
) -> None:
    give_back(asked)
    assert "Close March first." in borrower.get(BASE, follow=True).content.decode()
    verify = sign_in(borrower)
    work(verify)
    assert "Close March first." in borrower.get(f"{BASE}check/").content.decode()
    first = Run.objects.filter(kind=Run.Kind.COLLECT).get()
    again = connect(borrower)
    assert again.pk != first.pk
    assert work(again).status == Run.Status.DONE
    assert stands_at(borrower) == "done"
    assert actions(asked).count("collection.submitted") == 2


def test_while_its_accounts_are_read_again_the_page_says_so_and_not_that_reports_are_collected(
    borrower: Client, asked: Collection
) -> None:
    give_back(asked)
    verify = sign_in(borrower)
    assert collecting.unit_advance(run_id=verify.pk)
    assert Run.objects.latest("pk").kind == Run.Kind.EXAMINE
    assert stands_at(borrower) == "categories"


def test_an_account_that_has_no_category_any_more_is_asked_about_before_it_is_connected_anew(
    borrower: Client, asked: Collection
) -> None:
    give_back(asked)
    account = Account.objects.numbered(asked, UNASSIGNED)
    account.assigned_category = ""
    account.save()
    work(sign_in(borrower))
    assert stands_at(borrower) == "categories"
    chosen = {f"category-{UNASSIGNED}": "Inventory", "action": "continue"}
    assert borrower.post(f"{BASE}categories/", chosen).status_code == 302
    work(connect(borrower))
    assert stands_at(borrower) == "done"


def test_answers_of_a_returned_request_can_be_changed(borrower: Client, asked: Collection) -> None:
    give_back(asked)
    work(sign_in(borrower))
    assert borrower.get(f"{BASE}review/").status_code == 200
    consented(borrower)
    assert stands_at(borrower) == "check"


def test_the_last_page_tells_of_the_receipt_of_the_last_time(borrower: Client, asked: Collection) -> None:
    give_back(asked)
    assert notifying.notices_send()
    work(sign_in(borrower))
    work(connect(borrower))
    assert notifying.notices_send()
    first, last = asked.notices.filter(kind=Notice.Kind.FINISHED)
    assert first != last
    assert borrower.get(f"{BASE}done/").context["receipt"] == last


def test_one_that_was_looked_at_first_is_looked_at_and_attested_again(
    borrower: Client, asked: Collection
) -> None:
    look_first(asked)
    assert borrower.post(f"{BASE}preview/", ATTESTED).status_code == 302
    work(Run.objects.latest("pk"))
    return_it(asked)
    work(sign_in(borrower))
    work(connect(borrower))
    assert stands_at(borrower) == "preview"
    assert borrower.post(f"{BASE}preview/", ATTESTED).status_code == 302
    assert stands_at(borrower) == "done"
    assert work(Run.objects.latest("pk")).status == Run.Status.DONE


def test_one_whose_second_run_the_operator_cancelled_is_begun_anew(
    borrower: Client, asked: Collection
) -> None:
    give_back(asked)
    work(sign_in(borrower))
    connect(borrower)
    asked.refresh_from_db()
    steering.run_cancel(collection=asked, by=OPERATOR)
    work(sign_in(borrower))
    work(connect(borrower))
    assert stands_at(borrower) == "done"


def test_one_that_follows_an_earlier_request_goes_the_same_way(
    open_link: Open, collected: Collected, gateway: Sandbox
) -> None:
    invitation: Invitation = asked_again(collected())
    browser, later = open_link(invitation), invitation.collection
    consented(browser)
    work(sign_in(browser))
    chosen = {f"category-{UNASSIGNED}": "Inventory", "action": "continue"}
    assert browser.post(f"{BASE}categories/", chosen).status_code == 302
    work(connect(browser))
    return_it(later)
    work(sign_in(browser))
    work(connect(browser))
    assert stands_at(browser) == "done"


def test_who_withdraws_instead_reads_that_what_was_shared_is_kept(
    borrower: Client, asked: Collection
) -> None:
    give_back(asked)
    page = " ".join(borrower.get(f"{BASE}withdraw/").content.decode().split())
    assert "Nothing more is shared, and reading from Sage Intacct stops." in page
    assert "are not erased by this" in page and "cannot be called back" in page
    assert "Nothing is shared" not in page and "are deleted" not in page and "page before" not in page
    assert borrower.post(f"{BASE}withdraw/").status_code == 302
    asked.refresh_from_db()
    assert asked.status == Collection.Status.WITHDRAWN
    assert asked.files.exists()
