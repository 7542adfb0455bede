import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from collections_app.models import Collection, Lender, Run
from tests import factories

LIST = "/admin/collections_app/collection/"


def count_queries(browser: Client) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert browser.get(LIST).status_code == 200
    return len(queries)


def test_the_number_of_queries_does_not_grow_with_the_rows(analyst: Client, lender: Lender) -> None:
    factories.make_collection(lender)
    # The first look of a visit is recorded, and is not counted.
    analyst.get(LIST)
    few = count_queries(analyst)
    for _ in range(15):
        collection = factories.make_collection(lender, status=Collection.Status.STARTED)
        factories.make_connection(collection)
        factories.make_run(collection, Run.Kind.VERIFY)
        factories.make_run(collection, Run.Kind.EXAMINE, status=Run.Status.RUNNING)
    assert count_queries(analyst) == few


def test_a_row_says_who_for_which_period_and_where_it_stands(analyst: Client, collected: Collection) -> None:
    page = analyst.get(LIST).content.decode()
    for words in (
        collected.reference,
        "Acme Incorporated",
        "L-77",
        "<span>1 Jan 2026 to</span> <span>31 Mar 2026</span>",
        "The reports are here.",
    ):
        assert words in page


def test_times_are_in_the_lenders_zone_and_name_it(analyst: Client, collected: Collection) -> None:
    page = analyst.get(LIST).content.decode()
    assert " EST" in page or " EDT" in page
    assert " UTC" not in page


@pytest.mark.parametrize("words", ["acme", "L-77", "TEST-"])
def test_search_finds_borrower_and_references(words: str, analyst: Client, collected: Collection) -> None:
    assert collected.reference in analyst.get(f"{LIST}?q={words}").content.decode()
    assert collected.reference not in analyst.get(f"{LIST}?q={words}nobody").content.decode()


@pytest.mark.parametrize("model", ["collection", "lender", "staffmember", "webhook", "event"])
def test_a_search_for_a_whole_text_is_answered(model: str, operator: Client, collected: Collection) -> None:
    """A thousand conditions are more than a database takes."""
    text = "acme " * 1100
    assert operator.get(f"/admin/collections_app/{model}/", {"q": text}).status_code == 200


def test_a_search_goes_by_the_first_twenty_words(analyst: Client, collected: Collection) -> None:
    page = analyst.get(LIST, {"q": "acme " * 20 + "nobody"}).content.decode()
    assert collected.reference in page
    assert collected.reference not in analyst.get(LIST, {"q": "acme " * 19 + "nobody"}).content.decode()


def test_an_operator_sees_all_lenders_and_their_names(operator: Client, collected: Collection) -> None:
    other = factories.make_collection()
    page = operator.get(LIST).content.decode()
    assert collected.reference in page
    assert other.reference in page
    assert other.lender.name in page


def test_an_empty_list_says_what_to_do(manager: Client, analyst: Client, lender: Lender) -> None:
    assert "There is no collection yet." in manager.get(LIST).content.decode()
    assert "A manager of your team requests" in analyst.get(LIST).content.decode()


def test_a_search_without_a_find_leads_back(analyst: Client, collected: Collection) -> None:
    assert "Show all collections" in analyst.get(f"{LIST}?q=zzz").content.decode()
