"""Step 6: categories."""

import csv
import re
from html import unescape

import pytest
from django.test import Client

from collections_app.models import Account, Collection, Run
from intacct.sandbox import Sandbox
from portal.steps.account_questions import answers_in
from tests.collecting import UNASSIGNED, actions, examined
from tests.portal.many_accounts import make_unanswered

STEP = "/collection/categories/"
CASH = "Cash and Cash Equivalents"


@pytest.fixture
def chart(confirmed: Collection, gateway: Sandbox) -> Collection:
    """A chart with two accounts in use and one idle one without a category."""
    examined(confirmed)
    receivables = Account.objects.numbered(confirmed, "1200")
    receivables.category = ""
    receivables.save()
    Account.holding(
        collection=confirmed,
        number="7777",
        title="Old <i>",
        account_type="balancesheet",
        normal_balance="debit",
    ).save()
    return confirmed


def category(number: str) -> str:
    return Account.objects.numbered(Collection.objects.get(), number).assigned_category


def test_accounts_that_need_a_category_are_listed_and_the_others_not(
    borrower: Client, chart: Collection
) -> None:
    response = borrower.get(STEP)
    listed = [account.number for account, _ in response.context["form"].rows()]
    assert set(listed[:2]) == {"0950", "1200"}
    assert listed[2:] == ["7777"]
    page = response.content.decode()
    assert "Petty cash" in page
    assert "Old &lt;i&gt;" in page
    assert "Operating bank" not in page


def test_saving_keeps_the_answers_and_stays(borrower: Client, chart: Collection) -> None:
    response = borrower.post(STEP, {f"category-{UNASSIGNED}": CASH})
    assert (response.status_code, response.headers["Location"]) == (302, f"{STEP}#next")
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


def test_nothing_that_is_suggested_is_chosen_until_it_is_accepted(
    borrower: Client, chart: Collection
) -> None:
    page = borrower.get(STEP).content.decode()
    assert "<option selected>" not in page
    assert f'value="{CASH}\t{UNASSIGNED}"' in page
    assert "Its title has the word" in page
    borrower.post(STEP, {"category-1200": "", f"category-{UNASSIGNED}": "", "action": "save"})
    assert (category(UNASSIGNED), category("1200"), category("7777")) == ("", "", "")


def test_one_click_accepts_a_suggestion_and_keeps_what_was_chosen_beside_it(
    borrower: Client, chart: Collection
) -> None:
    answer = {"accept": f"{CASH}\t{UNASSIGNED}", f"category-{UNASSIGNED}": "", "category-1200": "Inventory"}
    response = borrower.post(STEP, answer)
    assert (response.status_code, response.headers["Location"]) == (302, f"{STEP}#next")
    assert (category(UNASSIGNED), category("1200")) == (CASH, "Inventory")
    assert actions(chart).count("categories.assigned") == 1


def test_one_click_accepts_for_a_group_all_but_those_that_were_chosen_otherwise(
    borrower: Client, chart: Collection
) -> None:
    answer = {
        "accept": f"{CASH}\t{UNASSIGNED}\t1200\t7777",
        "category-1200": "Inventory",
        "category-7777": "",
    }
    borrower.post(STEP, answer)
    assert [category(number) for number in (UNASSIGNED, "1200", "7777")] == [CASH, "Inventory", CASH]


@pytest.mark.parametrize("button", ["accept", "accept_all"])
@pytest.mark.parametrize("accepted", ["Piggy bank\t0950", f"{CASH}\t1000", f"{CASH}\t0950\t4711", "\t1000"])
def test_what_no_button_says_is_refused_and_changes_nothing(
    borrower: Client, chart: Collection, button: str, accepted: str
) -> None:
    response = borrower.post(STEP, {button: accepted, "category-1200": "Inventory"})
    assert response.status_code == 422
    assert (category(UNASSIGNED), category("1200")) == ("", "")


def test_one_click_accepts_all_likely_suggestions_and_no_guess(borrower: Client, asked: Collection) -> None:
    make_unanswered(asked, 60)
    page = borrower.get(STEP)
    answer = unescape(re.findall(r'name="accept_all" value="([^"]+)"', page.content.decode())[0])
    offered = answers_in(answer)
    assert f"Accept all {len(offered)} likely suggestions" in page.content.decode()
    chosen, *_ = offered
    response = borrower.post(STEP, {"accept_all": answer, f"category-{chosen}": "Inventory"})
    assert response.headers["Location"] == f"{STEP}#next"
    given = {account.number: account.assigned_category for account in asked.accounts.all()}
    assert {number: name for number, name in given.items() if name} == offered | {chosen: "Inventory"}
    assert actions(asked).count("categories.assigned") == 1


def test_an_answer_is_kept_as_soon_as_it_is_given(borrower: Client, chart: Collection) -> None:
    asking = {"Accept": "application/json"}
    kept = borrower.post(STEP, {f"category-{UNASSIGNED}": CASH}, headers=asking)
    assert (kept.status_code, kept.json()) == (200, {"said": "Saved. 1 account left."})
    assert (category(UNASSIGNED), category("1200")) == (CASH, "")
    refused = borrower.post(STEP, {f"category-{UNASSIGNED}": "Piggy bank"}, headers=asking)
    assert (refused.status_code, refused.json()) == (422, {"said": "Choose a category from the list."})
    assert category(UNASSIGNED) == CASH


def test_accounts_are_searched_by_number_and_title(borrower: Client, asked: Collection) -> None:
    make_unanswered(asked, 60)
    page = borrower.get(STEP, {"search": " POSITS\u200b "}).content.decode()
    assert "2 accounts found" in page
    assert page.count('class="account ') == 2
    nothing = borrower.get(STEP, {"search": "\x00<script>alert(1)</script>" + "x" * 5000})
    assert nothing.status_code == 200
    assert "<script>alert" not in nothing.content.decode()
    assert "0 accounts found" in nothing.content.decode()


def test_the_enter_key_saves_and_accepts_nothing(borrower: Client, chart: Collection) -> None:
    """A browser presses the first button of the form."""
    page = borrower.get(STEP).content.decode()
    form = page[page.index('<form class="stack"') :]
    first = form[form.index("<button") :]
    assert first.startswith('<button class="hidden-text" name="action" value="save"')


def test_the_file_for_sage_intacct_has_what_was_chosen_and_is_not_cached(
    borrower: Client, chart: Collection
) -> None:
    idle = Account.objects.numbered(chart, "7777")
    idle.title = '=HYPERLINK("http://elsewhere.example")'
    idle.save()
    borrower.post(STEP, {"selected": [UNASSIGNED, "7777"], "category_for_selected": CASH})
    assert "/collection/categories.csv" in borrower.get(STEP).content.decode()
    response = borrower.get("/collection/categories.csv")
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Disposition"].endswith(f'{chart.reference}-categories.csv"')
    header, *lines = csv.reader(response.content.decode().splitlines())
    assert (header[0], header[-1]) == ("ACCOUNTNO", "CATEGORY")
    assert [(line[0], line[-1]) for line in lines] == [(UNASSIGNED, CASH), ("7777", CASH)]
    assert lines[1][1].startswith("'=HYPERLINK")
    assert actions(chart)[-1] == "categories.downloaded"


def test_the_file_for_sage_intacct_is_for_the_holder_of_the_link(client: Client, chart: Collection) -> None:
    assert client.get("/collection/categories.csv").status_code == 403
    assert "categories.downloaded" not in actions(chart)


def test_going_on_is_refused_in_words_while_an_account_in_use_lacks_a_category(
    borrower: Client, chart: Collection
) -> None:
    response = borrower.post(STEP, {f"category-{UNASSIGNED}": CASH, "action": "continue"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "need a category: 1200 Accounts receivable." in page
    assert '<a href="#id_category-1200">' in page and 'id="id_category-1200"' in page
    assert not Run.objects.filter(kind=Run.Kind.COLLECT).exists()


def test_the_page_that_refuses_shows_what_was_just_saved(borrower: Client, chart: Collection) -> None:
    """Otherwise the next click would take every answer back."""
    response = borrower.post(STEP, {f"category-{UNASSIGNED}": CASH, "action": "continue"})
    form = response.context["form"]
    shown = {account.number: field.value() or "" for account, field in form.rows()}
    assert shown == {UNASSIGNED: CASH, "1200": "", "7777": ""}
    again = {f"category-{number}": value for number, value in shown.items()} | {"category-1200": "Inventory"}
    assert borrower.post(STEP, again | {"action": "continue"}).status_code == 302
    assert (category(UNASSIGNED), category("1200")) == (CASH, "Inventory")


def test_going_on_saves_and_leads_to_the_page_that_checks_all_answers(
    borrower: Client, chart: Collection
) -> None:
    answer = {f"category-{UNASSIGNED}": CASH, "category-1200": "Accounts Receivable", "action": "continue"}
    response = borrower.post(STEP, answer, follow=True)
    assert response.redirect_chain[-1][0] == "/collection/check/"
    chart.refresh_from_db()
    assert chart.status == Collection.Status.STARTED
    assert "7777" not in actions(chart)


def test_going_on_is_refused_before_the_chart_is_read(
    borrower: Client, confirmed: Collection, gateway: Sandbox
) -> None:
    examined(confirmed)
    Run.objects.filter(kind=Run.Kind.EXAMINE).update(status="queued", finished_at=None)
    response = borrower.post(STEP, {"action": "continue"})
    assert response.status_code == 422
    assert "has not been read yet" in response.content.decode()


def test_three_hundred_accounts_without_a_category_are_one_page_with_few_questions(
    borrower: Client, asked: Collection
) -> None:
    make_unanswered(asked, 300)
    page = borrower.get(STEP).content.decode()
    assert len(page) < 900_000
    assert page.count("<select") == 301
    questions = page.count('id="decision-') + page[page.index('id="single"') :].count('class="account ')
    assert questions < 100
