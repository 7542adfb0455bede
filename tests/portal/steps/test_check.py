"""Step 7: all answers once more, each with a way to change it; nothing starts before Connect (U6)."""

import re

import pytest
from django.test import Client

from collections_app.models import Account, Collection, Run
from intacct.sandbox import Sandbox
from tests.collecting import GROUP, PASSWORD, UNASSIGNED, USER, actions, ready, work
from tests.parallel import at_once

STEP = "/collection/check/"


@pytest.fixture
def answered(confirmed: Collection, gateway: Sandbox) -> Collection:
    return ready(confirmed, GROUP)


def test_it_shows_every_answer_with_a_change_link_that_says_what_it_changes(
    borrower: Client, answered: Collection
) -> None:
    page = borrower.get(STEP).content.decode()
    for told in ("Sage Intacct", "Birchwood Bicycle Works (BIRCHWOOD)", USER, "1 category chosen here"):
        assert told in page
    assert "The whole company: all entities added up" in page
    assert PASSWORD not in page
    links = re.findall(r'<a href="([^"]+)">\s*Change<span class="hidden-text">: ([^<]+)</span>', page)
    assert {target for target, _ in links} == {
        f"/collection/{slug}/" for slug in ("select-system", "review", "credentials", "entity", "categories")
    }
    assert len({name for _, name in links}) == len(links)


@pytest.mark.parametrize(
    ("slug", "answer"),
    [
        ("select-system", {"system": "sage-intacct"}),
        ("review", {"agreed": "on", "name": "Robin Birch", "own_basis": "cash"}),
        ("connect", {}),
        ("entity", {"scope": "company:"}),
        ("categories", {f"category-{UNASSIGNED}": "Inventory", "action": "continue"}),
    ],
)
def test_a_change_leads_straight_back(
    borrower: Client, answered: Collection, slug: str, answer: dict[str, str]
) -> None:
    page = borrower.get(f"/collection/{slug}/").content.decode()
    assert f'class="back-link" href="{STEP}"' in page
    response = borrower.post(f"/collection/{slug}/", answer, follow=True)
    assert response.redirect_chain[-1][0] == STEP
    assert not Run.objects.filter(kind=Run.Kind.COLLECT).exists()


def test_another_entity_has_its_accounts_read_before_the_answers_are_checked_again(
    borrower: Client, answered: Collection
) -> None:
    before = Run.objects.filter(kind=Run.Kind.EXAMINE).count()
    borrower.post("/collection/entity/", {"scope": "entity:E200"})
    assert borrower.get("/collection/").headers["Location"] == "/collection/categories/"
    assert borrower.post(STEP).headers["Location"] == "/collection/"
    work(Run.objects.latest("pk"))
    assert Run.objects.filter(kind=Run.Kind.EXAMINE).count() == before + 1
    assert "(E200)" in borrower.get("/collection/", follow=True).content.decode()


def test_the_same_entity_once_more_reads_nothing(borrower: Client, answered: Collection) -> None:
    before = Run.objects.count()
    for _ in range(2):
        borrower.post("/collection/entity/", {"scope": "company:"})
    assert Run.objects.count() == before


def test_connect_starts_the_collection_and_closes_the_answers(borrower: Client, answered: Collection) -> None:
    borrower.get(STEP)
    assert not Run.objects.filter(kind=Run.Kind.COLLECT).exists()
    response = borrower.post(STEP, follow=True)
    assert response.redirect_chain[-1][0] == "/collection/progress/"
    answered.refresh_from_db()
    assert answered.status == Collection.Status.COLLECTING
    assert borrower.get(STEP).headers["Location"] == "/collection/"


def test_an_answer_that_was_lost_meanwhile_stops_connect(borrower: Client, answered: Collection) -> None:
    """In another tab a category was taken back after this page was loaded."""
    account = Account.objects.numbered(answered, UNASSIGNED)
    account.assigned_category = ""
    account.save()
    assert borrower.post(STEP, follow=True).redirect_chain[-1][0] == "/collection/categories/"
    assert not Run.objects.filter(kind=Run.Kind.COLLECT).exists()


def test_connect_pressed_twenty_times_at_once_gives_one_run(
    transactional_db: None, borrower: Client, answered: Collection
) -> None:
    cookie = borrower.cookies["session"].value

    def connect() -> tuple[int, str]:
        browser = Client()
        browser.cookies["session"] = cookie
        response = browser.post(STEP)
        return response.status_code, response.headers["Location"]

    assert at_once(20, connect) == [(302, "/collection/")] * 20
    assert Run.objects.filter(kind=Run.Kind.COLLECT).count() == 1
    assert actions(answered).count("collection.collecting") == 1
