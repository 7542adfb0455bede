"""What the pages of the desk are called, what an empty list says, and where the start page leads."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from collections_app.models import ApiKey, CheckResult, Collection, Lender
from collections_app.services.api_keys import key_create
from collections_app.services.seeing import fingerprint
from tests import factories
from tests.collecting import OPERATOR

ROWS = "/admin/collections_app/"


def text_of(browser: Client, address: str) -> str:
    return browser.get(address).content.decode()


def heading_of(page: str) -> str:
    return page.partition('<div id="content"')[2].partition("<h1>")[2].partition("</h1>")[0]


@pytest.mark.parametrize(
    ("address", "heading", "words"),
    [
        ("apikey/", "API keys", "No system has a key yet."),
        ("webhook/", "Webhooks", "No system is told yet."),
        ("requesttemplate/", "Request templates", "There is no template yet."),
        ("mappingtemplate/", "Mapping templates", "There is no layout of yours yet"),
        ("figuresgrant/", "Operators' access", "No operator was ever let in"),
    ],
)
def test_a_list_is_called_what_its_rows_are_and_says_when_there_are_none(
    address: str, heading: str, words: str, manager: Client
) -> None:
    page = text_of(manager, ROWS + address)
    assert heading_of(page) == heading.replace("'", "&#x27;")
    assert words in page
    if "searchbar" in page:
        searched = text_of(manager, f"{ROWS}{address}?q=nowhere")
        assert "Nothing fits this search and these filters." in searched and words not in searched


def test_the_page_of_a_row_is_called_what_the_row_is(
    lender: Lender, manager: Client, analyst: Client
) -> None:
    key, _text = key_create(
        lender=lender, name="Loan system", scopes=[ApiKey.Scope.READ], days=30, by=OPERATOR
    )
    colleague = lender.staff.get(role="analyst")
    for address, heading in (
        (f"apikey/{key.pk}/change/", "API key Loan system"),
        (f"lender/{lender.pk}/change/", lender.name),
        (f"staffmember/{colleague.pk}/change/", colleague.user.get_username()),
    ):
        for reader in (manager, analyst):
            assert heading_of(text_of(reader, ROWS + address)) == heading


def test_staff_come_to_their_own_institution_and_operators_to_all_lenders(
    lender: Lender, analyst: Client, operator: Client
) -> None:
    own = f"{ROWS}lender/{lender.pk}/change/"
    page = text_of(analyst, "/admin/")
    assert page.count(f'<a href="{own}">Your institution</a>') == 2
    assert ">Lenders<" not in page and "Recent actions" not in page
    assert ">Lenders<" in text_of(operator, "/admin/")


def test_a_failed_check_shows_what_its_sentence_speaks_of(analyst: Client, collected: Collection) -> None:
    check = CheckResult.objects.get(collection=collected, check_id="R3")
    row = {
        "place": "31 Jan 2026",
        "expected": "1200.5",
        "actual": "-3",
        "difference": None,
        "note": "See <b>.",
    }
    check.found = {**check.found, "evidence": [row], "evidence_count": 3}
    check.save()
    page = text_of(analyst, f"{ROWS}collection/{collected.pk}/change/")
    assert "What is behind R3" in page and "What is behind R1<" not in page
    for told in (
        "31 Jan 2026</th>",
        ">1,200.50</td>",
        ">(3.00)</td>",
        "See &lt;b&gt;.",
        "2 more are not listed.",
    ):
        assert told in page


def test_a_statement_and_a_comparison_are_called_by_what_they_show(
    analyst: Client, collected: Collection
) -> None:
    statement = text_of(analyst, f"{ROWS}collection/{collected.pk}/statements/balance_sheet")
    assert heading_of(statement) == f"Balance sheet, {collected.borrower_name}"
    compared = text_of(analyst, f"{ROWS}collection/{collected.pk}/compare/")
    assert heading_of(compared) == f"Compare {collected.reference}, {collected.borrower_name}"


def test_who_proposed_is_told_to_wait_for_another_and_others_that_they_make_it_final(
    lender: Lender, manager: Client, collected: Collection
) -> None:
    Lender.objects.filter(pk=lender.pk).update(wants_four_eyes=True)
    address = f"{ROWS}collection/{collected.pk}/review/"
    given = {"act": "accept", "words": "Ties out.", "form_key": "1", "shown": fingerprint(collected)}
    told = manager.post(address, given, follow=True).content.decode()
    assert "Kept and signed as a proposal" in told
    assert "You have proposed:" in told and "Another person has proposed:" not in told
    other: User = factories.make_staff(lender, "manager")
    browser = Client()
    browser.force_login(other)
    page = text_of(browser, f"{ROWS}collection/{collected.pk}/change/")
    assert "Another person has proposed:" in page and "You have proposed:" not in page
    final = browser.post(address, given | {"form_key": "2"}, follow=True).content.decode()
    assert "as a proposal" not in final and "Kept and signed." in final
