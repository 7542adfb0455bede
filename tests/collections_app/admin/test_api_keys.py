"""API keys at the desk: a manager makes, replaces and switches them off; each is shown once."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from collections_app.models import ApiKey, Event, Lender
from collections_app.services.api_keys import is_good, key_find
from tests import factories

LIST = "/admin/collections_app/apikey/"
SHOWN = re.compile(r"sbk_[0-9a-f]{64}")
ASKED = {"form_key": "a1", "name": "Loan system", "scopes": ["read", "files"], "days": "30"}


def texts(page: Any) -> list[str]:
    return SHOWN.findall(page.content.decode())


def test_a_manager_makes_a_key_that_works_and_is_shown_once(manager: Client, lender: Lender) -> None:
    page = manager.post(f"{LIST}add/", ASKED)
    (text,) = texts(page)
    assert "no-store" in page.headers["Cache-Control"]
    key = key_find(text)
    assert key and (key.lender, key.name, key.scopes) == (lender, "Loan system", ["read", "files"])
    for later in (f"{LIST}{key.pk}/change/", f"{LIST}{key.pk}/history/", LIST, "/admin/"):
        assert texts(manager.get(later)) == []
    kept = [str(each.get_decoded()) for each in Session.objects.all()]
    assert text not in str(kept) + str(Event.objects.values()) + str(ApiKey.objects.values())
    made = Event.objects.get(action="api_key.created")
    assert (made.actor_kind, made.actor) == ("staff", lender.staff.get().user.username)


def test_the_same_form_sent_again_makes_no_second_key(manager: Client) -> None:
    manager.post(f"{LIST}add/", ASKED)
    again = manager.post(f"{LIST}add/", ASKED, follow=True)
    assert texts(again) == [] and "That form was sent already" in again.content.decode()
    assert ApiKey.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, "This field is required."),
        ({"scopes": []}, "This field is required."),
        ({"scopes": ["all"]}, "all is not one of the available choices."),
        ({"days": "366"}, "less than or equal to 365"),
        ({"days": "0"}, "greater than or equal to 1"),
    ],
)
def test_a_wrong_answer_is_refused_in_words_and_makes_nothing(
    wrong: dict[str, Any], said: str, manager: Client
) -> None:
    page = manager.post(f"{LIST}add/", ASKED | wrong).content.decode()
    assert said in page and "<title>Error: " in page
    assert not ApiKey.objects.exists()


def test_a_key_is_replaced_and_the_old_one_works_for_the_hours_given(manager: Client) -> None:
    (old_text,) = texts(manager.post(f"{LIST}add/", ASKED))
    old = ApiKey.objects.get()
    page = manager.post(f"{LIST}{old.pk}/replace/", {"form_key": "a2", "days": "60", "grace_hours": "2"})
    (new_text,) = texts(page)
    new = key_find(new_text)
    assert new and (new.name, new.scopes) == (old.name, old.scopes)
    assert key_find(old_text)
    old.refresh_from_db()
    assert old.expires_at - old.created_at < timedelta(hours=3)
    again = manager.post(f"{LIST}{old.pk}/replace/", {"form_key": "a2", "days": "60", "grace_hours": "2"})
    assert again.status_code == 302 and ApiKey.objects.count() == 2
    refused = manager.post(
        f"{LIST}{old.pk}/replace/", {"form_key": "a3", "days": "0", "grace_hours": "x"}, follow=True
    )
    told = refused.content.decode()
    assert "Days until the new key ends: " in told and "Hours that this key works on: " in told
    assert ApiKey.objects.count() == 2


def test_a_key_is_switched_off_at_once(manager: Client, operator: Client, lender: Lender) -> None:
    for browser, by in ((manager, "staff"), (operator, "operator")):
        key = factories.make_api_key(lender)
        page = f"{LIST}{key.pk}/change/"
        assert "Switch it off now" in browser.get(page).content.decode()
        told = browser.post(f"{LIST}{key.pk}/revoke/", follow=True).content.decode()
        key.refresh_from_db()
        assert "it works no more" in told and not is_good(key)
        assert "Switched off" in told and "Switch it off now" not in told
        assert Event.objects.filter(action="api_key.revoked").latest("pk").actor_kind == by
        assert "before" in browser.post(f"{LIST}{key.pk}/revoke/", follow=True).content.decode()


def test_nobody_but_a_manager_makes_a_key(
    analyst: Client, auditor: Client, operator: Client, stranger: Client, lender: Lender
) -> None:
    """An operator who made one would see figures without having been let."""
    key = factories.make_api_key(lender)
    for browser in (analyst, auditor, operator):
        assert browser.get(f"{LIST}add/").status_code == 403
        assert browser.post(f"{LIST}add/", ASKED).status_code == 403
        page = browser.get(f"{LIST}{key.pk}/change/").content.decode()
        assert key.name in page and "Make the new key" not in page
        replaced = browser.post(
            f"{LIST}{key.pk}/replace/", {"form_key": "k", "days": "1", "grace_hours": "1"}
        )
        assert replaced.status_code == 403
    for browser in (analyst, auditor):
        assert browser.post(f"{LIST}{key.pk}/revoke/").status_code == 403
    assert stranger.post(f"{LIST}{key.pk}/revoke/").status_code == 404
    assert stranger.post(f"{LIST}{key.pk}/replace/").status_code == 404
    key.refresh_from_db()
    assert is_good(key) and ApiKey.objects.count() == 1


def test_the_list_takes_the_same_queries_however_many_keys(
    manager: Client, lender: Lender, django_assert_max_num_queries: Any
) -> None:
    for _more in range(8):
        factories.make_api_key(lender)
    with django_assert_max_num_queries(9):
        page = manager.get(LIST).content.decode()
    assert page.count("List requests and where they stand") == 8
