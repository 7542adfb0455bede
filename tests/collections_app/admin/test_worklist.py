"""The views of the list: whose turn it is, told by the database as `standing` tells it in words."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin import site
from django.core import mail
from django.test import Client
from django.utils import timezone

from collections_app.admin import worklist
from collections_app.admin.collection_list import CollectionList
from collections_app.admin.moments import moment
from collections_app.admin.worklist import COUNTED, condition, counts
from collections_app.models import Collection, DeskStart, Lender, Run
from collections_app.turns import with_situations
from tests import factories

LIST = "/admin/collections_app/collection/"
S, R = Collection.Status, Run.Status


def make_scenes(lender: Lender) -> dict[str, Collection]:
    """One collection for each way in which it can stand."""
    made = {
        "invited": factories.make_collection(lender),
        "expired": factories.make_collection(lender),
        "soon": factories.make_collection(lender),
        "unlisted": factories.make_collection(lender, status=S.STARTED, unlisted_system="Xero"),
        "verifying": factories.make_collection(lender, status=S.STARTED),
        "refused": factories.make_collection(lender, status=S.STARTED),
        "stopped": factories.make_collection(lender, status=S.COLLECTING),
        "previewing": factories.make_collection(lender, status=S.COLLECTING, previews=True),
        "handed": factories.make_collection(lender, status=S.COLLECTING),
        "submitted": factories.make_collection(lender, status=S.SUBMITTED, failed_checks=0),
        "failing": factories.make_collection(lender, status=S.SUBMITTED, failed_checks=2),
        "accepted": factories.make_collection(
            lender, status=S.SUBMITTED, failed_checks=1, review=Collection.Review.ACCEPTED
        ),
        "withdrawn": factories.make_collection(lender, status=S.WITHDRAWN),
    }
    now = timezone.now()
    made["expired"].links.update(expires_at=now - timedelta(days=1))
    made["soon"].links.update(expires_at=now + timedelta(days=1))
    factories.make_run(made["verifying"], Run.Kind.VERIFY, status=R.RUNNING)
    factories.make_run(made["refused"], Run.Kind.VERIFY, status=R.NEEDS_BORROWER, problem="sign_in_refused")
    factories.make_run(made["stopped"], Run.Kind.COLLECT, status=R.NEEDS_OPERATOR, problem="our_fault")
    factories.make_run(made["previewing"], Run.Kind.COLLECT, status=R.DONE)
    factories.make_run(made["handed"], Run.Kind.COLLECT, status=R.DONE)
    return made


def names_in(view: str, made: dict[str, Collection]) -> set[str]:
    rows = with_situations(Collection.objects.all()).filter(condition(view, timezone.now()))
    found = set(rows.values_list("pk", flat=True))
    return {name for name, collection in made.items() if collection.pk in found}


EXPECTED = {
    "mine": {"expired", "unlisted", "submitted", "failing"},
    "review": {"submitted", "failing"},
    "failing": {"failing"},
    "borrower": {"invited", "soon", "refused", "previewing"},
    "expiring": {"soon"},
    "working": {"verifying", "stopped", "handed"},
    "decided": {"accepted", "withdrawn"},
}


def test_each_view_holds_what_its_name_says_and_its_count_agrees(lender: Lender) -> None:
    made = make_scenes(lender)
    assert {view: names_in(view, made) for view in EXPECTED} == EXPECTED
    counted = counts(Collection.objects.all())
    assert counted == {view: len(EXPECTED[view]) for view in COUNTED}


def test_the_list_opens_with_what_needs_the_lender_and_says_how_many(analyst: Client, lender: Lender) -> None:
    made = make_scenes(lender)
    page = analyst.get(LIST).content.decode()
    assert made["failing"].reference in page
    assert made["invited"].reference not in page
    assert re.search(r'aria-current="page">Needs us <span class="count">4<', page)
    assert "2 failed" in page


def test_waiting_rows_say_for_how_long_the_longest_first(analyst: Client, lender: Lender) -> None:
    recent, long_ago = factories.make_collection(lender), factories.make_collection(lender)
    long_ago.links.update(issued_at=timezone.now() - timedelta(days=12))
    page = analyst.get(f"{LIST}?view=borrower").content.decode()
    assert "12 days" in page
    assert page.index(long_ago.reference) < page.index(recent.reference)


def test_the_list_says_when_it_was_shared_as_long_as_it_is_and_sorts_by_it(
    analyst: Client, lender: Lender
) -> None:
    now = timezone.now()
    shared, connected = now - timedelta(days=3), now - timedelta(days=30)
    made = {
        "collecting": factories.make_collection(lender, status=S.COLLECTING, submitted_at=connected),
        "returned": factories.make_collection(
            lender, status=S.STARTED, submitted_at=connected, shared_at=now - timedelta(days=20)
        ),
        "late": factories.make_collection(
            lender, status=S.SUBMITTED, submitted_at=connected, shared_at=shared
        ),
        "documents": factories.make_collection(
            lender, status=S.SUBMITTED, shared_at=shared - timedelta(days=1)
        ),
        "withdrawn": factories.make_collection(
            lender, status=S.WITHDRAWN, shared_at=shared - timedelta(days=2)
        ),
    }
    names = {collection.pk: name for name, collection in made.items()}

    def listed(query: str) -> list[str]:
        rows = analyst.get(f"{LIST}?{query}").context["cl"].result_list
        return [names[row.pk] for row in rows]

    column = CollectionList.list_display.index("submitted") + 1
    assert listed(f"view=all&o={column}")[2:] == ["withdrawn", "documents", "late"]
    assert listed(f"view=all&o=-{column}")[:3] == ["late", "documents", "withdrawn"]
    assert listed("view=review") == ["documents", "late"]
    shown = CollectionList(Collection, site).submitted
    assert shown(made["late"]) == moment(shared, lender)
    assert [shown(made[name]) for name in ("collecting", "returned")] == ["", ""]


def test_a_view_and_an_order_are_kept_when_asked_for(analyst: Client, lender: Lender) -> None:
    invited = factories.make_collection(lender)
    analyst.post(f"{LIST}start/", {"query": "view=borrower&o=2&q=private&p=7"})
    assert DeskStart.objects.get().query == "view=borrower&o=2"
    assert invited.reference in analyst.get(LIST).content.decode()


@pytest.mark.parametrize("query", ["view=nonsense", "view=mine&o=99", "view=borrower&o=7.-8"])
def test_an_odd_address_is_a_list_all_the_same(query: str, analyst: Client, lender: Lender) -> None:
    factories.make_collection(lender)
    assert analyst.get(f"{LIST}?{query}", follow=True).status_code == 200


def test_a_whole_reference_finds_its_row(analyst: Client, lender: Lender) -> None:
    wanted = factories.make_collection(lender, reference="AB2C-9XYZ")
    other = factories.make_collection(lender)
    page = analyst.get(f"{LIST}?q=ab2c-9xyz").content.decode()
    assert wanted.reference in page
    assert other.reference not in page


@pytest.mark.parametrize("query", ["BIRCH bakery", "bakery L-7", "owner@Birch", '"birch bakery"', "'L-7'"])
def test_words_are_searched_for_large_or_small_in_all_that_names_a_request(
    query: str, analyst: Client, lender: Lender
) -> None:
    wanted = factories.make_collection(
        lender, borrower_name="Birch Bakery", lender_reference="L-7", borrower_email="Owner@birch.example"
    )
    others = [factories.make_collection(lender, borrower_name="Birch Farm", lender_reference="L-8")]
    if query.startswith('"'):
        others.append(factories.make_collection(lender, borrower_name="Bakery of the Birch"))
    page = analyst.get(LIST, {"view": "all", "q": query}).content.decode()
    assert wanted.reference in page
    assert not any(other.reference in page for other in others)


@pytest.mark.parametrize("query", ["100%", "a_b", "%", '"', "''", "birch\\"])
def test_signs_are_searched_for_as_they_stand(query: str, analyst: Client, lender: Lender) -> None:
    factories.make_collection(lender, borrower_name="Birch Bakery")
    page = analyst.get(LIST, {"view": "all", "q": query}).content.decode()
    assert ("Birch Bakery" in page) == (query == "''")


def test_chosen_borrowers_are_reminded_and_the_others_are_counted(
    analyst: Client, lender: Lender, django_capture_on_commit_callbacks: object
) -> None:
    waiting = factories.make_collection(lender)
    done = factories.make_collection(lender, status=S.SUBMITTED)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        page = analyst.post(
            f"{LIST}?view=all",
            {"action": "remind", "_selected_action": [waiting.pk, done.pk]},
            follow=True,
        ).content.decode()
    assert "1 borrower reminded." in page
    assert "1 not reminded: it is not the borrower&#x27;s turn." in page
    assert [message.to for message in mail.outbox] == [[waiting.borrower_email]]
    assert "/c/" not in mail.outbox[0].body
    assert waiting.events.filter(action="borrower.reminded", actor_kind="staff").exists()


def test_an_auditor_is_offered_no_reminder(auditor: Client, lender: Lender) -> None:
    collection = factories.make_collection(lender)
    auditor.post(f"{LIST}?view=all", {"action": "remind", "_selected_action": [collection.pk]})
    assert auditor.post(f"{LIST}{collection.pk}/remind/").status_code == 403
    assert not collection.notices.exists()


@pytest.mark.parametrize(
    ("query", "listed"),
    [("", [6, 5]), ("p=2", [4, 3]), ("p=3", [2]), ("all=", [6, 5]), ("p=2&o=2", [3, 4])],
)
def test_a_list_has_pages_and_an_end(
    query: str, listed: list[int], analyst: Client, lender: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CollectionList, "list_per_page", 2)
    monkeypatch.setattr(CollectionList, "list_max_show_all", 4)
    monkeypatch.setattr(worklist, "MOST_ROWS", 5)
    made = {number: factories.make_collection(lender, borrower_name=f"B{number}") for number in range(1, 7)}
    page = analyst.get(f"{LIST}?view=all&{query}")
    shown = [collection.pk for collection in page.context["cl"].result_list]
    assert shown == [made[number].pk for number in listed]
    assert page.context["cl"].result_count == 5
    assert "The first 5 are listed." in page.content.decode()


def test_all_rows_are_shown_where_they_are_few(
    analyst: Client, lender: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CollectionList, "list_per_page", 2)
    for _ in range(3):
        factories.make_collection(lender)
    assert len(analyst.get(f"{LIST}?view=all&all=").context["cl"].result_list) == 3


@pytest.mark.parametrize("page", ["4", "0", "x", "-1"])
def test_a_page_too_far_leads_to_the_list(
    page: str, analyst: Client, lender: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CollectionList, "list_per_page", 2)
    for _ in range(3):
        factories.make_collection(lender)
    assert analyst.get(f"{LIST}?view=all&p={page}", follow=True).status_code == 200
