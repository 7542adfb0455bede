"""Hostile answers to every form of the steps: refused in words, or taken as text; no page breaks (B2)."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client, override_settings

from collections_app.models import Account, Collection, Connection, Run, SetUpLink
from collections_app.services import intake
from intacct.sandbox import Sandbox
from tests.collecting import BORROWER, GROUP, PASSWORD, UNASSIGNED, USER, ready, sign_in, work

TEXTS = {
    "markup": "<script>alert(1)</script>",
    "template": "{{ 7777*7777 }}{% widthratio 7777 1 7777 %}${7777*7777}",
    "sql": "'; DROP TABLE collections_app_collection; --",
    "line breaks": "a\r\nSet-Cookie: x=1\r\n\r\nb",
    "NUL": "a\x00b",
    "turned": "a\u202eb\u200b\ufeff",
    "emoji": "\U0001f3e6" * 20,
    "surrogate": "a\ud800b",
    "number": "9" * 5000,
    "a megabyte": "x" * 1_000_000,
}

# What the template among them comes to, for whoever carries it out: no page has this number of its own.
WORKED_OUT = str(7777 * 7777)


def choose_system(collection: Collection) -> None:
    intake.system_choose(collection=collection, key="sage-intacct", by=BORROWER)


def confirm(collection: Collection) -> None:
    choose_system(collection)
    intake.review_confirm(collection=collection, by=BORROWER)
    intake.connect_confirm(collection=collection, by=BORROWER)


def sign_in_to_group(collection: Collection) -> None:
    confirm(collection)
    work(sign_in(collection, GROUP))


def answer_all(collection: Collection) -> None:
    confirm(collection)
    ready(collection, GROUP)


RIGHT = {"company_id": GROUP, "user_id": USER, "password": PASSWORD}
# Of each form: how to get there, its address, a right answer, and the fields of which one is hostile.
FORMS: dict[str, tuple[Callable[[Collection], None], str, dict[str, str], tuple[str, ...]]] = {
    "review": (
        choose_system,
        "/collection/review/",
        {"agreed": "on", "name": "Robin Birch", "title": "Controller", "own_basis": "cash"},
        ("name", "title", "own_basis"),
    ),
    "permission type": (confirm, "/collection/credentials/", {}, ("permission_type",)),
    "tick": (confirm, "/collection/credentials/", {}, ("tick", "untick")),
    "sign-in": (confirm, "/collection/credentials/", RIGHT, ("company_id", "user_id", "password")),
    "colleague": (confirm, "/collection/colleague/", {"seed": "A" * 32}, ("email", "seed")),
    "entity": (sign_in_to_group, "/collection/entity/", {}, ("scope",)),
    "categories": (
        answer_all,
        "/collection/categories/",
        {},
        (f"category-{UNASSIGNED}", "accept", "accept_all", "selected", "category_for_selected", "action"),
    ),
    "check": (answer_all, "/collection/check/", {}, ()),
}


@pytest.mark.slow
@pytest.mark.parametrize("form", [name for name, (*_, fields) in FORMS.items() if fields])
def test_no_hostile_text_breaks_a_page_or_is_shown_as_anything_but_text(
    borrower: Client, asked: Collection, gateway: Sandbox, form: str
) -> None:
    arrive, address, right, fields = FORMS[form]
    arrive(asked)
    for field in fields:
        for name, text in TEXTS.items():
            body = urlencode(right | {field: text}, errors="surrogatepass")
            response = borrower.post(address, body, content_type="application/x-www-form-urlencoded")
            assert response.status_code in (302, 422), (field, name)
            assert "Set-Cookie" not in response.headers, (field, name)
            page = response.content.decode() + borrower.get(address, follow=True).content.decode()
            assert "<script>alert" not in page, (field, name)
            assert WORKED_OUT not in page, (field, name)
    assert Collection.objects.filter(pk=asked.pk).exists()


@pytest.mark.parametrize("form", FORMS)
def test_what_a_form_does_not_ask_for_is_not_taken(
    borrower: Client, asked: Collection, gateway: Sandbox, form: str
) -> None:
    """Neither a column of the collection nor more fields than any form has."""
    arrive, address, right, _fields = FORMS[form]
    arrive(asked)
    many = {f"field{number}": "x" for number in range(101)}
    with override_settings(DATA_UPLOAD_MAX_NUMBER_FIELDS=100):
        assert borrower.post(address, right | many).status_code == 400
    extra = {
        "status": "submitted",
        "lender": "1",
        "reference": "X",
        "consent_version": "0",
        "borrower_email": "x@y.z",
    }
    assert borrower.post(address, right | extra).status_code in (200, 302, 422)
    asked.refresh_from_db()
    assert asked.status in ("started", "collecting")
    assert asked.reference != "X"
    assert asked.borrower_email == "owner@birchwood.example"


@pytest.mark.parametrize("form", FORMS)
def test_no_answer_is_taken_without_the_pages_own_token_or_from_another_site(
    borrower: Client, asked: Collection, gateway: Sandbox, form: str
) -> None:
    arrive, address, right, _fields = FORMS[form]
    arrive(asked)
    guarded = Client(enforce_csrf_checks=True)
    guarded.cookies = borrower.cookies
    before = stored(asked)
    assert guarded.post(address, right).status_code == 403
    assert guarded.post(address, right, headers={"Origin": "https://elsewhere.example"}).status_code == 403
    assert stored(asked) == before
    for method in ("put", "patch", "delete"):
        assert getattr(borrower, method)(address).status_code == 405
    assert borrower.post(address, "{}", content_type="application/json").status_code in (200, 302, 422)


def test_two_tabs_with_different_choices_leave_the_last_one(
    borrower: Client, asked: Collection, gateway: Sandbox
) -> None:
    """A replay of an old answer is an answer like any other; what follows from it is read anew (B3)."""
    sign_in_to_group(asked)
    for entity in ("E100", "E200", "E100"):
        assert borrower.post("/collection/entity/", {"scope": f"entity:{entity}"}).status_code == 302
    asked.refresh_from_db()
    assert asked.scope_id == "E100"
    assert Run.objects.filter(kind=Run.Kind.EXAMINE, status__in=Run.LIVE).count() == 1


def stored(collection: Collection) -> Any:
    return [
        list(model.objects.filter(collection=collection).values())
        for model in (Account, Connection, Run, SetUpLink)
    ]
