"""Two collections of one company beside each other."""

from decimal import Decimal

import pytest
from django.test import Client

from collections_app.models import Collection, Lender
from tests import factories

LIST = "/admin/collections_app/collection/"


@pytest.fixture
def again(lender: Lender, collected: Collection) -> Collection:
    """Collected once more, after a posting of 500.00 to January's rent was added in the books."""
    factories.make_journal(collected)
    postings = factories.POSTINGS
    later = factories.make_collection(lender)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(factories, "POSTINGS", (*postings, ("510", "200", Decimal("500.00"))))
        factories.collect_at_once(later)
        factories.make_journal(later)
    return later


def page_of(browser: Client, collection: Collection, query: str = "") -> str:
    response = browser.get(f"{LIST}{collection.pk}/compare/{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_what_was_restated_is_named_by_account_month_and_entry(
    analyst: Client, collected: Collection, again: Collection
) -> None:
    page = page_of(analyst, collected, f"?with={again.pk}&account=510&month=2026-02")
    changed = page[page.index('id="changes"') :]
    assert "150.05" in changed
    assert "650.05" in changed
    assert "500.00" in changed
    assert changed.count("<tr>") >= 6
    lines = page[page.index('id="lines"') :]
    assert "Only in the later one" in lines
    assert "That is the whole difference." in lines


def test_the_same_books_have_no_changes(analyst: Client, lender: Lender, collected: Collection) -> None:
    same = factories.collected_collection(lender)
    assert "Nothing: every account has the same movements" in page_of(analyst, collected, f"?with={same.pk}")


def test_only_own_shared_collections_of_the_company_are_offered(
    analyst: Client, collected: Collection, again: Collection
) -> None:
    foreign = factories.collected_collection()
    hidden = factories.collected_collection(collected.lender)
    Collection.objects.filter(pk=hidden.pk).update(status=Collection.Status.WITHDRAWN)
    page = page_of(analyst, collected, f"?with={foreign.pk}")
    assert again.reference in page
    assert foreign.reference not in page
    assert hidden.reference not in page
    assert 'id="changes"' not in page


@pytest.mark.parametrize("query", ["?with=x", "?with=", "?account=510"])
def test_an_odd_address_shows_the_choice(query: str, analyst: Client, collected: Collection) -> None:
    assert "Compare with another collection" in page_of(analyst, collected, query)
