"""More for the style guide: the code, the colleague, documents, the last look and the end of a visit."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from collections_app.models import CheckResult, Collection, Document, Lender, SetUpLink
from collections_app.uploads.rules import UploadRules
from portal.code_form import CodeForm
from portal.documents import UploadForm
from portal.flow.step import Answer
from portal.steps.connect import Connect
from portal.steps.preview import PreviewForm
from portal.steps.review import Review
from portal.templatetags.portal_ui import GivenAnswer
from portal.visits import VisitEnd

LONG_FILE_NAME = "A_file_with_a_name_that_is_very_long_and_has_no_place_to_break_2025_final_version.pdf"


def more_samples(lender: Lender, collection: Collection) -> dict[str, Any]:
    """Made-up rows and forms that no database knows."""
    return {
        "code_form": CodeForm({"code": "12"}),
        "fresh_code_form": CodeForm(auto_id="id_fresh_%s"),
        "given": [
            GivenAnswer(Review(), Answer("Agreed by", "Robin Birch", "Controller")),
            GivenAnswer(Connect(), Answer("The reports are about", lender.name)),
        ],
        "ticked": ["ticked"],
        "ticks_said": "1 of 2 steps done",
        "set_up_links": _set_up_links(collection),
        "document_rows": _document_rows(collection),
        "upload_form": UploadForm(place="sample"),
        "upload_rules": UploadRules(most_megabytes=1),
        "refused_upload_form": _refused_upload(),
        "explanation_form": _explanations(collection),
        "visit_end": VisitEnd(left=0, idle_minutes=30, warning_minutes=5),
    }


def _set_up_links(collection: Collection) -> list[SetUpLink]:
    """One that was not opened, and one that was mailed and opened."""
    ends = timezone.now() + timedelta(days=7)
    fresh = SetUpLink.holding(collection=collection, expires_at=ends, mailed_to="")
    address = "the.one.who.administers.everything@birchwood-bicycle-works.example"
    return [
        fresh,
        SetUpLink.holding(collection=collection, expires_at=ends, opened_count=1, mailed_to=address),
    ]


def _document_rows(collection: Collection) -> list[tuple[Document, UploadForm]]:
    """One that can be replaced, and one that the lender has opened."""
    now = timezone.now()
    documents = [
        Document.holding(collection=collection, size=123_456, uploaded_at=now, name=LONG_FILE_NAME),
        Document.holding(
            collection=collection, size=2_345_678, uploaded_at=now, first_opened_at=now, name="tax return.pdf"
        ),
    ]
    return [(document, UploadForm(place=document.key)) for document in documents]


def _refused_upload() -> UploadForm:
    form = UploadForm({}, {}, place="refused")
    form.full_clean()
    return form


def _explanations(collection: Collection) -> PreviewForm:
    """Two checks, one of them explained, and nothing attested."""
    found = {"title": "The trial balance adds up", "sentence": "Debits and credits differ by 12.50 in March."}
    checks = [
        CheckResult.holding(collection=collection, position=number, check_id=f"R{number}", found=found)
        for number in (1, 2)
    ]
    typed = {"action": "share", "explanation-R1": "A suspense account of the year before last."}
    return PreviewForm(typed, checks=checks, explained={}, initial={})
