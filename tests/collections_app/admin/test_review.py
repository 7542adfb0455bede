"""The review on a collection's page, role by role."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from collections_app.models import Collection, Lender
from collections_app.services import erasing
from tests import factories
from tests.collecting import OPERATOR

PAGE = "/admin/collections_app/collection/{}/{}/"


def send(browser: Client, collection: Collection, act: str, words: str, key: str = "k") -> Any:
    given = {"act": act, "words": words, "form_key": key, "shown": shown_to(browser, collection)}
    return browser.post(PAGE.format(collection.pk, "review"), given, follow=True)


def shown_to(browser: Client, collection: Collection) -> str:
    """What the form of the verdict sends along of what the page shows; empty where there is no such form."""
    page = browser.get(PAGE.format(collection.pk, "change")).content.decode()
    sent = re.search(r'name="shown" value="([^"]+)"', page)
    return sent[1] if sent else ""


def test_an_analyst_notes_and_asks_and_a_manager_accepts_on_the_page(
    analyst: Client, manager: Client, collected: Collection
) -> None:
    send(analyst, collected, "note", "Looks <b>fine</b>.", "1")
    send(analyst, collected, "ask", "Why did rent rise?", "2")
    send(analyst, collected, "documents", "Lease", "3")
    page = send(analyst, collected, "accept", "All ties out.", "4").content.decode()
    assert "A manager of the lender decides." in page
    page = send(manager, collected, "accept", "All ties out.", "5").content.decode()
    for words in ("Looks &lt;b&gt;fine", "Why did rent rise?", "Not answered yet."):
        assert words in page
    assert "<strong>Accepted</strong>" in page
    assert "Signed by this service, and unchanged." in page
    assert 'value="accept"' not in page


def test_the_same_form_sent_twice_counts_once(analyst: Client, collected: Collection) -> None:
    send(analyst, collected, "note", "Once.", "same")
    assert "That form was sent already." in send(analyst, collected, "note", "Once.", "same").content.decode()
    assert collected.notes.count() == 1


def test_a_verdict_from_a_page_that_shows_what_was_is_not_taken(
    manager: Client, collected: Collection
) -> None:
    shown = shown_to(manager, collected)
    collected.files.update(sha256="cd" * 32)
    given = {"act": "accept", "words": "Ties out.", "form_key": "1", "shown": shown}
    page = manager.post(PAGE.format(collected.pk, "review"), given, follow=True).content.decode()
    assert "Since you opened this page, something changed: the reports. Look at it, then decide." in page
    page = send(manager, collected, "accept", "Ties out.", "2").content.decode()
    assert "<strong>Accepted</strong>" in page


@pytest.mark.parametrize("act", ["note", "ask", "documents", "return", "accept", "decline"])
def test_an_auditor_reads_the_review_and_changes_nothing(
    act: str, auditor: Client, collected: Collection
) -> None:
    assert send(auditor, collected, act, "Mine.").status_code == 403
    page = auditor.get(PAGE.format(collected.pk, "change")).content.decode()
    assert "<textarea" not in page
    collected.refresh_from_db()
    assert collected.review == ""


def test_a_form_without_words_or_without_a_meaning_is_answered_in_a_sentence(
    manager: Client, collected: Collection
) -> None:
    assert "Say why" in send(manager, collected, "accept", " ").content.decode()
    assert "Choose one of the buttons" in send(manager, collected, "nonsense", "x").content.decode()


def test_with_four_eyes_an_analyst_proposes_and_a_manager_agrees(
    analyst: Client, manager: Client, collected: Collection
) -> None:
    Lender.objects.update(wants_four_eyes=True)
    assert "Proposed to accept" in send(analyst, collected, "accept", "Ties out.", "1").content.decode()
    assert (
        "A manager of the lender decides." in send(analyst, collected, "accept", "Yes.", "2").content.decode()
    )
    assert "<strong>Accepted</strong>" in send(manager, collected, "accept", "Agreed.", "3").content.decode()


def test_a_changed_signature_is_told(manager: Client, collected: Collection) -> None:
    send(manager, collected, "accept", "Fine.")
    collected.decisions.update(signature="AAAA")
    page = manager.get(PAGE.format(collected.pk, "change")).content.decode()
    assert "The signature does not hold" in page


def test_notes_are_never_on_the_borrowers_pages(
    analyst: Client, collected: Collection, client: Client
) -> None:
    from collections_app import links

    send(analyst, collected, "note", "A private thought.", "1")
    send(analyst, collected, "ask", "A public question?", "2")
    _, token = links.issue(collected)
    client.post(f"/c/{token}/")
    done = client.get("/collection/done/").content.decode()
    assert "has a question for you" in done
    asked = client.get("/collection/questions/").content.decode()
    assert "A public question?" in asked
    assert "A private thought." not in done + asked


def test_the_borrower_answers_behind_the_same_link(
    analyst: Client, collected: Collection, client: Client
) -> None:
    from collections_app import links

    send(analyst, collected, "ask", "Why did rent rise?")
    _, token = links.issue(collected)
    client.post(f"/c/{token}/")
    key = collected.questions.get().key
    assert client.post("/collection/questions/", {key: ""}).status_code == 422
    answered = client.post("/collection/questions/", {key: "A new warehouse."}, follow=True).content.decode()
    assert "Everything is answered." in answered
    page = analyst.get(PAGE.format(collected.pk, "change")).content.decode()
    assert "A new warehouse." in page


def test_the_page_says_so_where_no_mail_would_tell_of_an_answer(
    analyst: Client, lender: Lender, collected: Collection
) -> None:
    page = PAGE.format(collected.pk, "change")
    User.objects.filter(staff_member__lender=lender).update(email="ana@northern.test")
    lender.staff.update(mails=["answered"])
    assert "No mail tells of answers" not in analyst.get(page).content.decode()
    lender.staff.update(mails=["stuck"])
    assert "No mail tells of answers" in analyst.get(page).content.decode()


def test_without_a_link_that_can_work_the_page_says_what_to_do_first(
    analyst: Client, collected: Collection
) -> None:
    collected.links.update(revoked_at=collected.created_at)
    page = send(analyst, collected, "ask", "Why did rent rise?").content.decode()
    assert "No link of this request works: make a new one first, or have a manager make it." in page
    assert not collected.questions.exists()


def test_a_stranger_reaches_nothing_of_the_review(stranger: Client, collected: Collection) -> None:
    assert send(stranger, collected, "accept", "Mine now.").status_code == 404
    assert not collected.decisions.exists()
    factories.make_collection(collected.lender)


@pytest.mark.slow
@pytest.mark.parametrize("review", ["", "accept?", "accepted"])
def test_what_was_erased_waits_for_nobody_and_every_form_says_why(
    review: str, manager: Client, collected: Collection
) -> None:
    Collection.objects.filter(pk=collected.pk).update(review=review)
    erasing.collection_erase(collection=collected, by=OPERATOR, why="the retention has passed")
    for view in ("mine", "review", "failing", "borrower"):
        listed = manager.get("/admin/collections_app/collection/", {"view": view}).content.decode()
        assert collected.reference not in listed, view
    page = manager.get(PAGE.format(collected.pk, "change")).content.decode()
    assert "<textarea" not in page and "Make a new link" not in page
    for number, act in enumerate(("note", "ask", "documents", "return", "accept", "decline")):
        told = send(manager, collected, act, "Why?", f"{number}").content.decode()
        assert "was erased" in told, act
    told = manager.post(PAGE.format(collected.pk, "link"), {"form_key": "l"}, follow=True).content.decode()
    assert "What was collected was erased. Make a new request instead." in told
    assert erasing.erasure_proved(collection=collected).left == ()
    collected.refresh_from_db()
    assert collected.review == (review if review == "accepted" else "erased")
