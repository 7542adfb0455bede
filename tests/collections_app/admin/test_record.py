"""A lender reads who did and saw what of its own, in words, and nothing of anybody else's."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from collections_app import events
from collections_app.admin import record
from collections_app.events import Who
from collections_app.models import Collection, Lender, StaffMember
from collections_app.services import api_keys, erasing
from tests import factories
from tests.collecting import OPERATOR
from tests.collections_app.admin.conftest import SignIn
from tests.collections_app.admin.test_lenders import DETAILS

ROWS = "/admin/collections_app/"


def address(lender: Lender) -> str:
    return f"{ROWS}lender/{lender.pk}/record/"


def told(browser: Client, lender: Lender, **asked: str) -> list[tuple[str, str]]:
    """What stands on the page: about what, and what happened."""
    return [(line.about, line.what) for line in browser.get(address(lender), asked).context["lines"]]


@pytest.fixture
def colleague(lender: Lender) -> User:
    return factories.make_staff(lender, StaffMember.Role.ANALYST)


def test_settings_people_keys_and_requests_are_in_it_in_words_newest_first(
    manager: Client, lender: Lender, colleague: User, collected: Collection
) -> None:
    api_keys.key_create(lender=lender, name="Loan system", scopes=["read"], days=30, by=OPERATOR)
    manager.post(f"{ROWS}staffmember/{colleague.staff_member.pk}/change/", {"role": "auditor"})
    template = factories.make_request_template(lender, name="Yearly review")
    manager.post(f"{ROWS}requesttemplate/{template.pk}/delete/", {"post": "yes"})
    manager.get(f"{ROWS}apikey/")
    manager.get(f"{ROWS}collection/{collected.pk}/change/")
    assert told(manager, lender)[:6] == [
        (collected.reference, "Looked at the page of the reports."),
        ("", "Looked at the list of API keys."),
        (lender.name, "Deleted Yearly review at the desk."),
        (colleague.username, "Shut out: sessions ended at once."),
        (colleague.username, "Role changed from analyst to auditor."),
        (lender.name, "Made the API key Loan system, which may read."),
    ]


def test_the_page_is_narrowed_to_a_person_a_thing_and_days_of_the_lenders_zone(
    manager: Client, auditor: Client, lender: Lender, colleague: User, collected: Collection
) -> None:
    person, other = Who.staff(colleague), Who.staff(lender.staff.get(role="auditor").user)
    # In Toronto it is still the day before.
    with time_machine.travel(datetime(2026, 11, 20, 3, 0, tzinfo=UTC)):
        Lender.objects.filter(pk=lender.pk).update(created_at=datetime(2026, 1, 1, tzinfo=UTC))
        lender.refresh_from_db()
        events.record(collected, "review.noted", by=person)
        events.note("user.signed_in", by=other, about=events.about_of(lender.staff.get(role="auditor")))
    note = (collected.reference, "Wrote a note among the lender's people.")
    assert told(auditor, lender, person=colleague.username) == [note]
    assert note in told(auditor, lender, about=collected.reference.lower())
    assert told(auditor, lender, about=other.name)[0] == (other.name, "Signed in.")
    assert told(auditor, lender, first="2026-11-19", last="2026-11-19") == [(other.name, "Signed in."), note]
    assert told(auditor, lender, first="2026-11-20", last="2026-11-20") == []
    for odd in ({"last": "9999-12-31"}, {"first": "0001-01-01"}):
        assert "Choose a day from 2000 to 2100." in auditor.get(address(lender), odd).content.decode()
    page = auditor.get(address(lender), {"person": colleague.username}).content.decode()
    assert "19 Nov 2026, 22:00 EST" in page and "America/Toronto" in page


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"first": "2026-11-20", "last": "2026-11-19"}, "The first day is after the last"),
        ({"first": "yesterday"}, "From: Enter a valid date."),
        ({"person": "somebody@else.test"}, "Person: Select a valid choice."),
    ],
)
def test_a_search_that_makes_no_sense_is_told_in_a_sentence_and_shows_nothing(
    asked: dict[str, str], sentence: str, manager: Client, lender: Lender, collected: Collection
) -> None:
    page = manager.get(address(lender), asked)
    assert sentence in page.content.decode()
    assert page.context["lines"] == []


def test_nothing_of_another_lender_is_in_it_whoever_did_it(
    manager: Client, stranger: Client, lender: Lender, other_lender: Lender, sign_in: SignIn
) -> None:
    theirs = factories.collected_collection(other_lender)
    api_keys.key_create(lender=other_lender, name="Theirs", scopes=["read"], days=30, by=OPERATOR)
    theirs_key = Who.staff(other_lender.staff.get().user)
    stranger.get(f"{ROWS}collection/{theirs.pk}/change/")
    stranger.get(f"{ROWS}staffmember/")
    events.note("user.signed_in", by=theirs_key, about=f"user:{theirs_key.name}")
    # Somebody who came from there: what that one did there is theirs, and so is what was done to that one.
    moved = factories.make_staff(other_lender, StaffMember.Role.MANAGER)
    sign_in(moved).get(f"{ROWS}collection/{theirs.pk}/change/")
    events.note("desk.changed", by=theirs_key, about=events.about_of(moved), change="Invited as manager.")
    events.note("api_key.revoked", by=Who.staff(moved), about=events.about_of(other_lender), name="Theirs")
    StaffMember.objects.filter(user=moved).update(lender=lender)
    before_us = Lender.objects.get(pk=lender.pk).created_at - timedelta(days=1)
    with time_machine.travel(before_us):
        events.note("lender.terms_set", by=OPERATOR, about=events.about_of(lender))
    # What is left is that people of ours signed in.
    names = list(lender.staff.values_list("user__username", flat=True))
    seen = told(manager, lender)
    assert sorted(about for about, _what in seen) == sorted(names)
    assert {what for _about, what in seen} == {"Signed in."}


def test_another_lenders_record_is_as_far_as_one_that_is_not_there(
    stranger: Client, manager: Client, analyst: Client, operator: Client, lender: Lender
) -> None:
    assert stranger.get(address(lender)).status_code == 404
    assert stranger.get(f"{ROWS}lender/987654321/record/").status_code == 404
    assert analyst.get(address(lender)).status_code == operator.get(address(lender)).status_code == 403
    assert manager.post(address(lender)).status_code == 405


def test_the_page_of_a_colleague_leads_to_what_that_person_did(
    manager: Client, analyst: Client, lender: Lender, colleague: User, collected: Collection
) -> None:
    events.record(collected, "review.noted", by=Who.staff(colleague))
    page = f"{ROWS}staffmember/{colleague.staff_member.pk}/change/"
    leads = f"{address(lender)}?person={colleague.username.replace('@', '%40')}"
    assert f'href="{leads}"' in manager.get(page).content.decode()
    assert [line.what for line in manager.get(leads).context["lines"]] == [
        "Wrote a note among the lender's people."
    ]
    assert "What this person did" not in analyst.get(page).content.decode()
    assert ">Record<" in manager.get("/admin/").content.decode()
    assert ">Record<" not in analyst.get("/admin/").content.decode()


def test_its_pages_follow_one_another_and_keep_what_was_asked(
    auditor: Client, lender: Lender, collected: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "ROWS_PER_PAGE", 2)
    for number in range(5):
        events.record(collected, "report.downloaded", by=OPERATOR, file=f"{number}.csv")
    asked = {"about": collected.reference}
    first = auditor.get(address(lender), asked)
    assert [line.what for line in first.context["lines"]] == ["Downloaded 4.csv.", "Downloaded 3.csv."]
    second = auditor.get(address(lender) + first.context["earlier"])
    assert [line.what for line in second.context["lines"]] == ["Downloaded 2.csv.", "Downloaded 1.csv."]
    assert second.context["later"] == f"?about={collected.reference}&page=1"
    for odd in ("0", "-1", "x", "999999999"):
        assert auditor.get(address(lender), {"page": odd}).status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_rows(
    auditor: Client, lender: Lender, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    auditor.get(address(lender))
    made: list[Any] = [factories.make_collection(lender) for _ in range(12)]
    for each in made:
        events.record(each, "link.revoked", by=OPERATOR)
    for each in made[:6]:
        erasing.collection_erase(collection=each, why="A test", by=OPERATOR)
    with django_assert_max_num_queries(14):
        page = auditor.get(address(lender))
    assert len(page.context["lines"]) >= 24


def test_no_secret_that_the_desk_ever_showed_is_in_it(manager: Client, lender: Lender) -> None:
    key, text = api_keys.key_create(lender=lender, name="Loans", scopes=["read"], days=30, by=OPERATOR)
    manager.post(f"{ROWS}lender/{lender.pk}/change/", DETAILS)
    page = manager.get(address(lender)).content.decode()
    assert "Made the API key Loans" in page
    assert text not in page and bytes(key.key_hash).hex() not in page
