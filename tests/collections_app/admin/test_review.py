"""The review on a collection's page, role by role."""

from typing import Any

import pytest
from django.test import Client

from collections_app.models import Collection, Lender
from tests import factories

PAGE = "/admin/collections_app/collection/{}/{}/"


def send(browser: Client, collection: Collection, act: str, words: str, key: str = "k") -> Any:
    given = {"act": act, "words": words, "form_key": key}
    return browser.post(PAGE.format(collection.pk, "review"), given, follow=True)


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


def test_a_stranger_reaches_nothing_of_the_review(stranger: Client, collected: Collection) -> None:
    assert send(stranger, collected, "accept", "Mine now.").status_code == 404
    assert not collected.decisions.exists()
    factories.make_collection(collected.lender)
