"""Step 5: the entity or the book, where there are several."""

import pytest
from django.test import Client

from collections_app.models import Collection, Connection, Run, ScopeOption
from intacct.sandbox import Sandbox
from tests.collecting import GROUP, sign_in, work
from tests.parallel import at_once

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


@pytest.fixture
def many(group: Collection) -> Collection:
    """Forty entities more."""
    for number in range(40):
        ScopeOption.holding(
            collection=group,
            position=100 + number,
            kind="entity",
            identifier=f"B{number:02d}",
            name=f"Branch {'North' if number % 2 else 'South'} <{number}>",
            currency="CAD" if number < 3 else "USD",
        ).save()
    return group


def shown(borrower: Client, search: str) -> list[str]:
    response = borrower.get(STEP, {"search": search})
    assert response.status_code == 200
    return [option.identifier for option in response.context["options"]]


def test_a_few_need_no_search(borrower: Client, group: Collection) -> None:
    assert 'type="search"' not in borrower.get(STEP).content.decode()


def test_many_are_searched_by_name_id_and_currency(borrower: Client, many: Collection) -> None:
    page = borrower.get(STEP).content.decode()
    assert 'type="search"' in page
    assert page.count('name="scope"') == 44
    assert shown(borrower, "b07") == ["B07"]
    assert shown(borrower, "  NORTH\u200b cad ") == ["B01"]
    assert shown(borrower, "no such words") == []
    assert "Show all" in borrower.get(STEP, {"search": "no such words"}).content.decode()


def test_what_is_chosen_stays_in_sight_and_a_search_changes_nothing(
    borrower: Client, many: Collection
) -> None:
    borrower.post(STEP, {"scope": "entity:B05"})
    assert shown(borrower, "b07") == ["B05", "B07"]
    many.refresh_from_db()
    assert many.scope_id == "B05"


@pytest.mark.parametrize("search", ["\x00", "<script>alert(1)</script>", "x" * 5000, "\u202e{{ 7*7 }}", "%"])
def test_a_hostile_search_finds_nothing_and_is_shown_as_text(
    borrower: Client, many: Collection, search: str
) -> None:
    response = borrower.get(STEP, {"search": search})
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


@pytest.mark.parametrize(
    ("hidden", "said"),
    [
        (["E900", "E901"], "may not enter E900, E901"),
        ([], "sees every entity of your company"),
        (None, "may not read the list of entities"),
    ],
)
def test_what_this_user_cannot_see_is_said(
    borrower: Client, group: Collection, hidden: list[str] | None, said: str
) -> None:
    connection = Connection.objects.get()
    connection.findings = connection.findings | {"hidden_entities": hidden}
    connection.save(update_fields=["sealed"])
    assert said in borrower.get(STEP).content.decode()


def test_a_user_of_some_entities_is_told_of_the_others(
    borrower: Client, confirmed: Collection, gateway: Sandbox
) -> None:
    work(sign_in(confirmed, GROUP, user="ws_shops", password="Shops-Secret-1"))
    page = borrower.get("/collection/", follow=True).content.decode()
    assert "E200" in page or "may not read the list" in page


def test_the_choice_sent_twenty_times_at_once_reads_one_chart(
    transactional_db: None, borrower: Client, group: Collection
) -> None:
    cookie = borrower.cookies["session"].value

    def choose() -> int:
        browser = Client()
        browser.cookies["session"] = cookie
        return browser.post(STEP, {"scope": "entity:E200"}).status_code

    assert at_once(20, choose) == [302] * 20
    assert Run.objects.filter(kind=Run.Kind.EXAMINE).count() == 1
