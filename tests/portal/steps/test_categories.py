"""Step 6: categories, then Connect."""

import pytest
from django.test import Client

from collections_app.models import Account, Collection, Run
from intacct.sandbox import Sandbox
from tests.collecting import UNASSIGNED, actions, examined
from tests.parallel import at_once

STEP = "/collection/categories/"
CASH = "Cash and Cash Equivalents"


@pytest.fixture
def chart(confirmed: Collection, gateway: Sandbox) -> Collection:
    """A chart with two accounts in use and one idle one without a category."""
    examined(confirmed)
    Account.objects.filter(number="1200").update(category="")
    Account.objects.create(collection=confirmed, number="7777", title="Old <i>", account_type="balancesheet")
    return confirmed


def category(number: str) -> str:
    return Account.objects.get(number=number).assigned_category


def test_accounts_that_need_a_category_are_listed_and_the_others_not(
    borrower: Client, chart: Collection
) -> None:
    response = borrower.get(STEP)
    listed = [row["account"].number for row in response.context["form"].rows()]
    assert set(listed[:2]) == {"0950", "1200"}
    assert listed[2:] == ["7777"]
    page = response.content.decode()
    assert "Petty cash" in page
    assert "Old &lt;i&gt;" in page
    assert "Operating bank" not in page


def test_saving_keeps_the_answers_and_stays(borrower: Client, chart: Collection) -> None:
    assert borrower.post(STEP, {f"category-{UNASSIGNED}": CASH}).status_code == 302
    assert (category(UNASSIGNED), category("1200")) == (CASH, "")
    assert borrower.get("/collection/").headers["Location"] == STEP


def test_several_accounts_get_one_category_at_once(borrower: Client, chart: Collection) -> None:
    answer = {"selected": [UNASSIGNED, "7777"], "category_for_selected": CASH, "category-1200": "Inventory"}
    assert borrower.post(STEP, answer).status_code == 302
    assert [category(number) for number in (UNASSIGNED, "7777", "1200")] == [CASH, CASH, "Inventory"]


def test_an_answer_that_is_left_out_of_the_form_is_left_as_it_is(borrower: Client, chart: Collection) -> None:
    borrower.post(STEP, {f"category-{UNASSIGNED}": CASH})
    borrower.post(STEP, {"category-1200": "Inventory"})
    assert category(UNASSIGNED) == CASH
    borrower.post(STEP, {f"category-{UNASSIGNED}": ""})
    assert category(UNASSIGNED) == ""


@pytest.mark.parametrize(
    "answer",
    [
        {f"category-{UNASSIGNED}": "Piggy bank"},
        {"selected": ["1000"], "category_for_selected": CASH},
        {"selected": [UNASSIGNED], "category_for_selected": "Piggy bank"},
    ],
)
def test_a_category_or_account_that_is_not_offered_changes_nothing(
    borrower: Client, chart: Collection, answer: dict[str, str]
) -> None:
    response = borrower.post(STEP, {"category-1200": "Inventory", **answer})
    assert response.status_code == 422
    assert category("1200") == ""
    assert response.context["form"]["category-1200"].value() == "Inventory"


def test_connect_is_refused_in_words_while_an_account_in_use_lacks_a_category(
    borrower: Client, chart: Collection
) -> None:
    response = borrower.post(STEP, {f"category-{UNASSIGNED}": CASH, "action": "connect"})
    assert response.status_code == 422
    assert "need a category: 1200 Accounts receivable." in response.content.decode()
    assert not Run.objects.filter(kind=Run.Kind.COLLECT).exists()


def test_the_page_that_refuses_connect_shows_what_was_just_saved(borrower: Client, chart: Collection) -> None:
    """Otherwise the next click would take every answer back."""
    response = borrower.post(STEP, {f"category-{UNASSIGNED}": CASH, "action": "connect"})
    form = response.context["form"]
    shown = {row["account"].number: row["field"].value() or "" for row in form.rows()}
    assert shown == {UNASSIGNED: CASH, "1200": "", "7777": ""}
    again = {f"category-{number}": value for number, value in shown.items()} | {"category-1200": "Inventory"}
    assert borrower.post(STEP, again | {"action": "connect"}).status_code == 302
    assert (category(UNASSIGNED), category("1200")) == (CASH, "Inventory")


def test_connect_saves_and_starts_the_collection(borrower: Client, chart: Collection) -> None:
    answer = {f"category-{UNASSIGNED}": CASH, "category-1200": "Accounts Receivable", "action": "connect"}
    response = borrower.post(STEP, answer, follow=True)
    assert response.redirect_chain[-1][0] == "/collection/progress/"
    chart.refresh_from_db()
    assert chart.status == Collection.Status.COLLECTING
    assert "7777" not in actions(chart)


def test_connect_pressed_twenty_times_at_once_gives_one_run(
    transactional_db: None, borrower: Client, chart: Collection
) -> None:
    answer = {f"category-{UNASSIGNED}": CASH, "category-1200": "Accounts Receivable", "action": "connect"}
    cookie = borrower.cookies["session"].value

    def connect() -> tuple[int, str]:
        browser = Client()
        browser.cookies["session"] = cookie
        response = browser.post(STEP, answer)
        return response.status_code, response.headers["Location"]

    assert at_once(20, connect) == [(302, "/collection/")] * 20
    assert Run.objects.filter(kind=Run.Kind.COLLECT).count() == 1
    assert actions(chart).count("collection.collecting") == 1
    assert actions(chart).count("categories.assigned") == 1


def test_connect_is_refused_before_the_chart_is_read(
    borrower: Client, confirmed: Collection, gateway: Sandbox
) -> None:
    examined(confirmed)
    Run.objects.filter(kind=Run.Kind.EXAMINE).update(status="queued", finished_at=None)
    response = borrower.post(STEP, {"action": "connect"})
    assert response.status_code == 422
    assert "has not been read yet" in response.content.decode()
