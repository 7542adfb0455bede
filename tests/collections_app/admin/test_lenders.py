from typing import Any

import pytest
from django.test import Client

from collections_app.models import Lender
from collections_app.models.lender import TERMS_LIMIT
from collections_app.uploads.rules import EVERYTHING, KINDS, UploadRules
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
    operator.post(page(lender), DETAILS | {"name": "Eastern Credit"})
    lender.refresh_from_db()
    assert lender.name == "Eastern Credit"
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
