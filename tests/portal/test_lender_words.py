"""A lender's own words: where they stand, in which language, and that they are words alone."""

import re

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from collections_app import links
from collections_app.models import Collection, Lender
from tests import factories
from tests.collecting import invite
from tests.portal.previewing import browser_of

BOTH = {"welcome_en": "Thank you for your time.", "welcome_es": "Gracias por su tiempo."}


@pytest.fixture
def collection(lender: Lender) -> Collection:
    return factories.make_collection(lender)


def landing(collection: Collection, language: str = "en") -> str:
    _link, token = links.issue(collection)
    response = Client(headers={"accept-language": language}).get(reverse("portal:link", args=[token]))
    return re.sub(r"\s+", " ", response.content.decode())


def says(lender: Lender, **words: str) -> None:
    Lender.objects.filter(pk=lender.pk).update(**words)


def test_the_first_page_says_nothing_in_the_lenders_name_that_it_has_not_written(
    collection: Collection,
) -> None:
    assert "writes:" not in landing(collection)


def test_the_welcome_is_in_the_language_of_the_page(collection: Collection, lender: Lender) -> None:
    says(lender, **BOTH)
    page = landing(collection)
    assert f"{lender.name} writes:" in page
    assert '<div class="stack" lang="en"><p>Thank you for your time.</p>' in page
    page = landing(collection, "es")
    assert f"{lender.name} escribe:" in page
    assert '<div class="stack" lang="es"><p>Gracias por su tiempo.</p>' in page
    assert "Thank you for your time" not in page


@pytest.mark.parametrize(("written", "asked"), [("en", "es"), ("es", "en")])
def test_words_in_one_language_stand_for_the_other_and_say_which_it_is(
    collection: Collection, lender: Lender, written: str, asked: str
) -> None:
    says(lender, **{f"welcome_{written}": BOTH[f"welcome_{written}"]})
    assert f'lang="{written}"><p>{BOTH[f"welcome_{written}"]}</p>' in landing(collection, asked)


def test_the_welcome_is_text_and_nothing_in_it_can_be_pressed(collection: Collection, lender: Lender) -> None:
    """Also of words that were stored without being looked at."""
    says(lender, welcome_en="One\n\n<a href=x>Two</a>\nhttps://elsewhere.example/x")
    page = landing(collection)
    assert "<p>One</p>" in page
    assert "<p>&lt;a href=x&gt;Two&lt;/a&gt;<br>https://elsewhere.example/x</p>" in page
    assert not re.search(r"href=\W?(x|https://elsewhere)", page.replace("&lt;a href=x&gt;", ""))


def test_the_closing_words_are_on_the_last_page_and_the_welcome_is_not(lender: Lender) -> None:
    says(lender, closing_en="We write to you within two days.", **BOTH)
    shared = factories.make_collection(lender, status=Collection.Status.SUBMITTED, reports=[])
    page = browser_of(shared).get("/collection/done/").content.decode()
    assert "We write to you within two days." in page
    assert "Thank you for your time" not in page
    assert "Thank you for your time" not in landing(shared)


def test_the_invitation_has_the_sentence_in_both_of_its_forms(
    lender: Lender, django_capture_on_commit_callbacks: object
) -> None:
    says(lender, invitation_en="Your yearly review is due,\n<b>as every</b> spring.")
    lender.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        invite(lender, send_mail=True)
    (message,) = mail.outbox
    assert isinstance(message, EmailMultiAlternatives)
    assert f"{lender.name} writes: Your yearly review is due, <b>as every</b> spring.\n" in message.body
    assert "Your yearly review is due, &lt;b&gt;as every&lt;/b&gt; spring." in str(message.alternatives[0][0])


def test_an_invitation_without_a_sentence_is_as_it_was(
    lender: Lender, django_capture_on_commit_callbacks: object
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        invite(lender, send_mail=True)
    assert "writes:" not in mail.outbox[0].body
    assert "\n\n\n" not in mail.outbox[0].body
