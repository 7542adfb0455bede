import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from collections_app.models import Event, Lender
from collections_app.models.lender import TERMS_LIMIT
from collections_app.uploads.rules import EVERYTHING, KINDS, UploadRules
from tests import factories
from tests.collections_app.lender_terms import DOCUMENT

DETAILS: dict[str, Any] = {
    "retention_days": "365",
    "name": "Northern Credit",
    "slug": "northern",
    "contact_name": "Sam",
    "contact_email": "sam@northern.test",
    "contact_phone": "",
    "brand_color": "#112233",
    "time_zone": "America/Vancouver",
    "link_days": "14",
    "reminds_after_days": "0",
    "upload_kinds": list(KINDS),
    "upload_megabytes": "25",
    "upload_documents": "50",
}


def page(lender: Lender) -> str:
    return f"/admin/collections_app/lender/{lender.pk}/change/"


def test_a_manager_mends_contact_color_and_zone(manager: Client, lender: Lender) -> None:
    manager.post(page(lender), DETAILS)
    lender.refresh_from_db()
    assert (lender.contact_name, lender.brand_color, lender.time_zone) == (
        "Sam",
        "#112233",
        "America/Vancouver",
    )


def test_a_manager_cannot_rename_the_lender(manager: Client, lender: Lender) -> None:
    slug = lender.slug
    manager.post(page(lender), DETAILS | {"name": "Eastern Credit", "slug": "eastern"})
    lender.refresh_from_db()
    assert (lender.name, lender.slug) == ("Northern Credit", slug)


def test_an_operator_renames_and_adds_lenders(operator: Client, lender: Lender) -> None:
    slug = lender.slug
    operator.post(page(lender), DETAILS | {"name": "Eastern Credit", "slug": "eastern"})
    lender.refresh_from_db()
    # The record knows it by its slug.
    assert (lender.name, lender.slug) == ("Eastern Credit", slug)
    operator.post("/admin/collections_app/lender/add/", DETAILS | {"slug": "western", "name": "Western"})
    assert Lender.objects.get(slug="western").name == "Western"


@pytest.mark.parametrize("field", [{"brand_color": "red"}, {"time_zone": "Mars/North"}])
def test_a_wrong_detail_is_refused(field: dict[str, str], manager: Client, lender: Lender) -> None:
    assert manager.post(page(lender), DETAILS | field).status_code == 200
    lender.refresh_from_db()
    assert lender.contact_name == ""


def test_a_change_is_in_the_history(manager: Client, lender: Lender) -> None:
    manager.post(page(lender), DETAILS)
    history = manager.get(page(lender).replace("change", "history")).content.decode()
    assert "Time zone" in history


def test_the_history_says_from_what_to_what_and_of_long_texts_that_they_changed(
    manager: Client, lender: Lender
) -> None:
    Lender.objects.filter(pk=lender.pk).update(link_days=21, requires_code=True, contact_phone="555-0100")
    manager.post(page(lender), DETAILS | {"upload_kinds": ["pdf", "zip"], "terms": DOCUMENT})
    history = manager.get(page(lender).replace("change", "history")).content.decode()
    for told in (
        "Retention days: 2,555 to 365.",
        "Days of a link: 21 to 14.",
        "Requires a code: yes to no.",
        "Contact name: none to Sam.",
        "Contact phone: 555-0100 to none.",
        "Time zone: America/Toronto to America/Vancouver.",
        "Brand color: #1f4b99 to #112233.",
        "Kinds of files: all to PDF, ZIP.",
        "Terms changed.",
    ):
        assert told in history, told
    assert "past_due" not in history
    event = Event.objects.get(action="desk.changed", about=f"lender:{lender.slug}")
    assert "Retention days: 2,555 to 365." in event.data["change"]


def test_what_a_command_changed_is_in_the_history_too(
    manager: Client, analyst: Client, lender: Lender, tmp_path: Path
) -> None:
    file = tmp_path / "terms.json"
    file.write_text(DOCUMENT)
    call_command("importterms", str(file), lender=lender.slug)
    for reader in (manager, analyst):
        history = reader.get(page(lender).replace("change", "history")).content.decode()
        assert "By the operator" in history and "Set the terms, with a command." in history


def test_the_history_names_the_zone_of_its_times(manager: Client, lender: Lender) -> None:
    manager.post(page(lender), DETAILS | {"time_zone": "Asia/Kathmandu"})
    history = manager.get(page(lender).replace("change", "history")).content.decode()
    at = timezone.localtime(LogEntry.objects.get().action_time, ZoneInfo("Asia/Kathmandu"))
    assert f"{at.day} {at:%b %Y, %H:%M} +0545" in history


def test_a_manager_says_what_borrowers_may_upload_and_the_history_that_it_changed(
    manager: Client, analyst: Client, lender: Lender
) -> None:
    manager.post(page(lender), DETAILS)
    assert "Kinds of files" not in manager.get(page(lender).replace("change", "history")).content.decode()
    chosen = {"upload_kinds": ["pdf", "zip"], "upload_megabytes": "5", "upload_documents": "7"}
    assert manager.post(page(lender), DETAILS | chosen).status_code == 302
    lender.refresh_from_db()
    assert lender.upload_rules == UploadRules(("pdf", "zip"), most_megabytes=5, most_documents=7)
    history = manager.get(page(lender).replace("change", "history")).content.decode()
    for name in ("Kinds of files", "Megabytes of a file", "Documents of a request"):
        assert name in history
    assert "PDF, ZIP" in analyst.get(page(lender)).content.decode()
    manager.post(page(lender), DETAILS)
    lender.refresh_from_db()
    assert lender.upload_kinds == []
    assert lender.upload_rules == EVERYTHING


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"upload_kinds": []}, "Choose at least one kind of file."),
        ({"upload_kinds": ["exe"]}, "exe is not one of the available choices"),
        ({"upload_kinds": ["zip"]}, "A ZIP file holds files of the other kinds: choose one of them, too."),
        ({"upload_megabytes": "26"}, "less than or equal to 25"),
        ({"upload_documents": "0"}, "greater than or equal to 1"),
    ],
)
def test_uploads_beyond_what_can_be_looked_through_are_refused(
    manager: Client, lender: Lender, given: dict[str, Any], sentence: str
) -> None:
    assert sentence in manager.post(page(lender), DETAILS | given).content.decode()
    lender.refresh_from_db()
    assert (lender.upload_rules, lender.contact_name) == (EVERYTHING, "")


def test_a_manager_writes_words_for_borrowers_and_the_history_says_which_changed(
    manager: Client, lender: Lender
) -> None:
    words = {"welcome_en": "Thank you.\r\n\r\nWe answer in two days.", "invitation_es": "Le agradecemos."}
    assert manager.post(page(lender), DETAILS | words).status_code == 302
    lender.refresh_from_db()
    assert lender.welcome_en.split() == words["welcome_en"].split()
    history = manager.get(page(lender).replace("change", "history")).content.decode()
    assert "Welcome, in English" in history
    assert "Sentence in the invitation, in Spanish" in history
    assert "Closing words" not in history
    assert "Thank you" not in history


@pytest.mark.parametrize(
    ("field", "words", "sentence"),
    [
        (
            "welcome_en",
            "Go to https://harbor.example/sign-in now",
            "“https://harbor.example/sign-in” reads like",
        ),
        ("welcome_en", "See www.harbor for more", "“www.harbor” reads like"),
        ("welcome_es", "Escriba a ana@harbor", "“ana@harbor” reads like"),
        ("closing_en", "Look at harbor-bank.example.", "“harbor-bank.example” reads like"),
        ("closing_es", "harbor。bank", "reads like an address"),
        ("invitation_en", "Thank\u202e you", "invisible characters"),
        ("invitation_en", "x" * 201, "at most 200 characters"),
        ("closing_es", "x" * 601, "at most 600 characters"),
    ],
)
def test_words_with_an_address_or_beyond_their_room_are_refused_in_one_sentence(
    manager: Client, lender: Lender, field: str, words: str, sentence: str
) -> None:
    response = manager.post(page(lender), DETAILS | {field: words})
    assert sentence in response.content.decode()
    (said,) = response.context["errors"]
    assert len(said) == 1
    lender.refresh_from_db()
    assert (getattr(lender, field), lender.contact_name) == ("", "")


@pytest.mark.parametrize(
    "words",
    ["We answer by 5 p.m. on working days.", "Gracias, S.A. de C.V., por su 2.5 %.", "Ask Dana; it is 3.5x."],
)
def test_words_that_no_program_makes_a_link_of_are_taken(manager: Client, lender: Lender, words: str) -> None:
    assert manager.post(page(lender), DETAILS | {"closing_en": words}).status_code == 302
    lender.refresh_from_db()
    assert lender.closing_en == words


def test_a_manager_keeps_the_lenders_own_terms(manager: Client, lender: Lender) -> None:
    assert manager.post(page(lender), DETAILS | {"terms": DOCUMENT}).status_code == 302
    lender.refresh_from_db()
    assert lender.applied_terms.borrowing_base.past_due_days == 60
    assert "Terms" in manager.get(page(lender).replace("change", "history")).content.decode()


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        ("{", "The terms are not a JSON document; check commas, quotes and braces."),
        ('{"rates": 1}', "The document has “rates”, which is not known; use borrowing_base, definitions"),
        ('{"borrowing_base": {"\\ud800": 1}}', "“borrowing_base” has “\ufffd”, which is not known"),
        (f'{{"covenants": [{" " * TERMS_LIMIT}]}}', "Ensure this value has at most 20000 characters"),
    ],
)
def test_terms_with_a_fault_are_refused_in_one_sentence_and_stay_in_the_form(
    manager: Client, lender: Lender, terms: str, sentence: str
) -> None:
    response = manager.post(page(lender), DETAILS | {"terms": terms})
    assert sentence in response.content.decode()
    (said,) = response.context["errors"]
    assert len(said) == 1
    lender.refresh_from_db()
    assert (lender.terms, lender.contact_name) == ("", "")


def test_all_staff_of_the_lender_read_its_terms_and_only_managers_change_them(
    analyst: Client, stranger: Client, lender: Lender
) -> None:
    assert "The usual terms." in analyst.get(page(lender)).content.decode()
    lender.terms = DOCUMENT
    lender.save()
    assert "receivables_advance_percent" in analyst.get(page(lender)).content.decode()
    assert analyst.post(page(lender), DETAILS | {"terms": ""}).status_code == 403
    assert "receivables_advance_percent" not in stranger.get(page(lender), follow=True).content.decode()
    stranger.post(page(lender), DETAILS | {"terms": ""})
    lender.refresh_from_db()
    assert lender.terms == DOCUMENT


def test_fewer_days_that_erase_what_was_shared_are_asked_about_with_their_number(
    manager: Client, lender: Lender
) -> None:
    now = timezone.now()
    for days in (40, 50, 10):
        factories.make_collection(lender, status="submitted", shared_at=now - timedelta(days=days))
    fewer = DETAILS | {"retention_days": "30"}
    assert 'type="checkbox" name="erase_now"' not in manager.get(page(lender)).content.decode()
    asked = manager.post(page(lender), fewer).content.decode()
    assert "Yes, erase 2 requests within the hour" in asked
    assert re.search(r'<input type="checkbox" name="erase_now"[^>]* value="2"', asked)
    # Ticked for two, it erases no third one.
    factories.make_collection(lender, status="submitted", shared_at=now - timedelta(days=31))
    asked = manager.post(page(lender), fewer | {"erase_now": "2"}).content.decode()
    assert "Yes, erase 3 requests within the hour" in asked
    lender.refresh_from_db()
    assert lender.retention_days == 7 * 365
    assert manager.post(page(lender), fewer | {"erase_now": "3"}).status_code == 302
    lender.refresh_from_db()
    assert lender.retention_days == 30


def test_more_days_and_fewer_that_erase_nothing_are_taken_at_once(manager: Client, lender: Lender) -> None:
    factories.make_collection(lender, status="submitted", shared_at=timezone.now() - timedelta(days=40))
    for days in ("41", "4000"):
        assert manager.post(page(lender), DETAILS | {"retention_days": days}).status_code == 302
