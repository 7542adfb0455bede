"""What a borrower meets first: a light page that says who asks, for what, and how to tell that it is real."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from collections_app import links
from collections_app.models import Collection, DocumentRequest
from collections_app.services import reviewing
from collections_app.services.document_requests import wanted_documents
from tests.collecting import BORROWER, OPERATOR, invite, token_of
from tests.factories import make_collection, make_lender

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
BUDGET = 60_000


@pytest.fixture
def collection(db: None) -> Collection:
    lender = make_lender(
        "Harbor & Sons Bank",
        contact_name="Dana Reyes",
        contact_phone="555 0100",
        contact_email="dana@harbor.test",
        time_zone="America/Toronto",
    )
    return make_collection(lender)


def landing(client: Client, collection: Collection) -> str:
    _link, token = links.issue(collection)
    return client.get(reverse("portal:link", args=[token])).content.decode()


def test_the_first_page_and_all_it_loads_stay_under_the_budget(
    client: Client, collection: Collection
) -> None:
    page = landing(client, collection)
    weight = len(page.encode())
    for address in re.findall(r'(?:href|src)="/static/([^"]+)"', page):
        found = finders.find(address)
        assert found, address
        weight += Path(found).stat().st_size
    assert weight < BUDGET


def test_it_names_the_lender_the_person_the_dates_the_reference_and_the_end_of_the_link(
    client: Client, collection: Collection
) -> None:
    page = landing(client, collection)
    for words in (
        "Harbor &amp; Sons Bank asks for your financial reports",
        "Dana Reyes",
        "555 0100",
        "January 1, 2026 to March 31, 2026",
        collection.reference,
        "Nothing is ever written to Sage Intacct.",
        "on a number that you already have",
    ):
        assert words in page
    assert re.search(r"This link works until</dt>\s*<dd>[^<]+ E[SD]T</dd>", page)


def test_it_says_what_is_needed_how_long_it_takes_and_how_to_refuse(
    client: Client, collection: Collection
) -> None:
    page = " ".join(landing(client, collection).split())
    for words in (
        "About 10 minutes of yours, and 10 of your Sage Intacct administrator’s.",
        "with a user that can only read",
        "Have at hand",
        "Your Sage Intacct company ID.",
        "How long it is kept",
        "If you would rather not",
        "Close this page and tell Harbor &amp; Sons Bank so.",
    ):
        assert words in page, words


def test_the_button_says_what_it_leads_to(client: Client, collection: Collection) -> None:
    assert re.search(r"<button[^>]*>\s*Start\s*</button>", landing(client, collection))
    Collection.objects.filter(pk=collection.pk).update(status=Collection.Status.SUBMITTED)
    collection.refresh_from_db()
    assert "See what you shared" in landing(client, collection)


def test_the_guides_are_open_to_anybody_before_any_step(client: Client, collection: Collection) -> None:
    page = landing(client, collection)
    guides = re.findall(r'href="(/guide/[^"]+)"', page)
    assert len(set(guides)) == 3
    for address in guides:
        assert client.get(address).status_code == 200


def test_no_page_holds_inline_style_or_script_or_names_another_host() -> None:
    pages = [path for path in TEMPLATES.rglob("*.html") if "emails" not in path.parts]
    assert pages
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=", text), path
        assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//", text), path


def test_the_mail_says_the_same_in_text_and_in_html(collection: Collection) -> None:
    context = {
        "collection": collection,
        "lender": collection.lender,
        "url": "https://portal.test/c/clk_x/",
        "expires_at": timezone.now(),
        "product_name": "Strongbox",
    }
    subject = render_to_string("emails/invitation.subject.txt", context).strip()
    text = render_to_string("emails/invitation.txt", context)
    html = render_to_string("emails/invitation.html", context)
    assert subject == f"Harbor & Sons Bank asks for your financial reports ({collection.reference})"
    assert "Harbor & Sons Bank asks" in text
    assert "Harbor &amp; Sons Bank asks" in html
    for words in ("https://portal.test/c/clk_x/", "January 1, 2026 to March 31, 2026", collection.reference):
        assert words in text
        assert words in html


def test_it_says_why_in_the_lenders_own_words_or_in_the_usual_ones(
    client: Client, collection: Collection
) -> None:
    assert "can review your company’s finances" in landing(client, collection)
    Collection.objects.update(purpose="For the yearly review of your <credit> line.")
    collection.refresh_from_db()
    assert "For the yearly review of your &lt;credit&gt; line." in landing(client, collection)


def test_what_is_never_read_is_never_what_this_request_reads(client: Client, collection: Collection) -> None:
    Collection.objects.update(reports=["balance_sheet"])
    collection.refresh_from_db()
    assert "customers, vendors, and single transactions." in landing(client, collection)
    Collection.objects.update(reports=["balance_sheet", "general_ledger", "ar_aging", "ap_aging"])
    collection.refresh_from_db()
    page = landing(client, collection)
    never = re.search(r"Never read:</strong> ([^<]+)", page)
    assert never
    for read in ("customers", "vendors", "transactions"):
        assert read not in never[1]
    assert "Payroll records" in never[1]


def test_who_comes_back_is_told_where_things_stand(client: Client, collection: Collection) -> None:
    for status, words in {
        Collection.Status.STARTED: "Next is “Choose your accounting system”",
        Collection.Status.COLLECTING: "Welcome back: your reports are being collected",
        Collection.Status.SUBMITTED: "Harbor &amp; Sons Bank has your reports",
    }.items():
        Collection.objects.update(status=status)
        collection.refresh_from_db()
        assert words in " ".join(landing(client, collection).split())


def test_it_and_the_mail_name_the_documents_and_the_page_says_what_is_kept_and_who_looks_first(
    client: Client,
    db: None,
    mailoutbox: list[EmailMultiAlternatives],
    django_capture_on_commit_callbacks: Any,
) -> None:
    lender = make_lender("Harbor Bank", allows_preview=True, retention_days=90)
    wanted = wanted_documents(["2025 tax return", "Insurance certificate (optional): the newest."])
    with django_capture_on_commit_callbacks(execute=True):
        invitation = invite(lender, documents=wanted, send_mail=True)
    page = client.get(f"/c/{token_of(invitation)}/").content.decode()
    mail = str(mailoutbox[0].body)
    for words in ("2025 tax return", "Insurance certificate"):
        assert words in page and words in mail and words in str(mailoutbox[0].alternatives[0][0])
    assert "- Insurance certificate (optional)" in mail
    assert "90 days after they are shared" in page
    assert "Harbor Bank receives them only when you then share them." in " ".join(page.split())


def test_whoever_comes_back_after_sharing_is_told_what_is_left(
    client: Client, collection: Collection
) -> None:
    Collection.objects.filter(pk=collection.pk).update(status="submitted", shared_at=timezone.now())
    collection.refresh_from_db()
    assert "There is nothing left to do." in landing(client, collection)
    asked = reviewing.question_ask(collection=collection, words="Who is the landlord?", by=OPERATOR)
    page = landing(client, collection)
    assert "One thing is left: a question for you." in page and "landlord" not in page
    DocumentRequest.objects.create(collection=collection, position=1, name="2025 tax return")
    assert "Two things are left: questions for you, and documents" in landing(client, collection)
    reviewing.questions_answer(collection=collection, answers={asked.key: "Ours."}, by=BORROWER)
    assert "One thing is left: documents" in landing(client, collection)
