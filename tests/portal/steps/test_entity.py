"""Step 5: the entity or the book, where there are several."""

import pytest
from django.test import Client

from collections_app.models import Collection, Run
from intacct.sandbox import Sandbox
from tests.collecting import GROUP, sign_in, work

STEP = "/collection/entity/"


@pytest.fixture
def group(confirmed: Collection, gateway: Sandbox) -> Collection:
    work(sign_in(confirmed, GROUP))
    return confirmed


def test_it_offers_company_entities_and_books(borrower: Client, group: Collection) -> None:
    page = borrower.get(STEP).content.decode()
    for name in (
        "Birchwood Bicycle Works",
        "Birchwood Shops",
        "Birchwood Workshop &amp; Parts",
        "Group in US dollars",
    ):
        assert name in page


@pytest.mark.parametrize(
    ("answer", "kind", "identifier"),
    [("company:", "company", ""), ("entity:E200", "entity", "E200"), ("book:USDCONS", "book", "USDCONS")],
)
def test_the_choice_has_its_chart_read(
    borrower: Client, group: Collection, answer: str, kind: str, identifier: str
) -> None:
    assert borrower.post(STEP, {"scope": answer}).status_code == 302
    group.refresh_from_db()
    assert (group.scope_kind, group.scope_id) == (kind, identifier)
    assert Run.objects.filter(kind=Run.Kind.EXAMINE, status=Run.Status.QUEUED).count() == 1
    waiting = borrower.get("/collection/", follow=True)
    assert "portal/steps/reading_accounts.html" in [template.name for template in waiting.templates]


@pytest.mark.parametrize("answer", ["", "entity:E999", "book:E100", "entity:", "nonsense"])
def test_an_entity_that_is_not_offered_is_refused(borrower: Client, group: Collection, answer: str) -> None:
    response = borrower.post(STEP, {"scope": answer})
    assert response.status_code == 422
    assert "from the list" in response.content.decode()
    group.refresh_from_db()
    assert group.scope_kind == ""
    assert not Run.objects.filter(kind=Run.Kind.EXAMINE).exists()
