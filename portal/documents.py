"""The page of documents: what the lender asks for, what is there, and how to upload, replace and remove."""

from __future__ import annotations

from functools import partial
from typing import Any, BinaryIO, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from collections_app import readiness
from collections_app.documents import documents_of
from collections_app.downloads import document_download
from collections_app.models import Collection, Document, DocumentRequest
from collections_app.services import documents as services
from collections_app.states import AnswersClosed
from collections_app.uploads import scanning
from collections_app.uploads.rules import EVERYTHING, UploadRules
from portal import access

MOST_TOLD = 20


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class UploadForm(forms.Form):
    """Files for one document that was asked for, or for none in particular. A page has several of these."""

    file = forms.Field(
        label=_("Files to upload"),
        error_messages={"required": _("Choose a file first.")},
        widget=SeveralFiles(),
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, place: str, rules: UploadRules = EVERYTHING
    ) -> None:
        super().__init__(data, files, auto_id=f"id_%s_{place}")
        self.place = place
        self.fields["file"].widget.attrs["accept"] = ",".join(f".{each}" for each in rules.extensions)

    @property
    def given(self) -> list[UploadedFile[Any]]:
        """The files of a valid form."""
        return cast("list[UploadedFile[Any]]", self.cleaned_data["file"])


@require_http_methods(["GET", "HEAD", "POST"])
@access.borrower_view
def documents(request: HttpRequest, collection: Collection) -> HttpResponse:
    """Shows the documents; a POST adds files, each of which is kept or refused by itself."""
    if not _may_come(collection):
        return redirect("portal:collection")
    if request.method != "POST":
        return _page(request, collection)
    asked = _asked_for(collection, request.POST.get("document_request", ""))
    form = _posted(request, collection, asked.key if asked else "other")
    return _take(request, collection, form, asked, None)


@require_http_methods(["GET", "HEAD", "POST"])
@access.borrower_view
def replace(request: HttpRequest, collection: Collection, key: str) -> HttpResponse:
    """Puts another file in the place of one; the form for it is on the page of documents."""
    document = get_object_or_404(collection.documents.select_related("request"), key=key)
    if request.method != "POST":
        return redirect("portal:documents")
    form = _posted(request, collection, document.key)
    return _take(request, collection, form, document.request, document)


@require_http_methods(["GET", "HEAD", "POST"])
@access.borrower_view
def remove(request: HttpRequest, collection: Collection, key: str) -> HttpResponse:
    """Asks whether to remove a document; the button does it."""
    document = collection.documents.filter(key=key).first()
    if document is None:
        # Removed a moment ago, in another tab or by a second click.
        return redirect("portal:documents")
    context = {"collection": collection, "lender": collection.lender, "document": document, "refusal": ""}
    if request.method != "POST":
        return render(request, "portal/document_remove.html", context)
    try:
        services.document_remove(document=document, by=access.BORROWER)
    except AnswersClosed:
        return redirect("portal:documents")
    except ValidationError as refusal:
        context["refusal"] = refusal.messages[0]
        return render(request, "portal/document_remove.html", context, status=422)
    return redirect(reverse("portal:documents") + "?removed=1")


@require_safe
@access.borrower_view
def download(request: HttpRequest, collection: Collection, key: str) -> FileResponse:
    """The borrower's own document, to look at once more."""
    return document_download(get_object_or_404(collection.documents, key=key), by=access.BORROWER)


def _may_come(collection: Collection) -> bool:
    return collection.status in services.OPEN and documents_of(collection).is_offered


def _asked_for(collection: Collection, key: str) -> DocumentRequest | None:
    """Raises Http404 for a request that is not this collection's."""
    return get_object_or_404(collection.document_requests, key=key) if key else None


def _take(
    request: HttpRequest,
    collection: Collection,
    form: UploadForm,
    asked: DocumentRequest | None,
    replaces: Document | None,
) -> HttpResponse:
    """Keeps what can be kept, and says of every other file why not."""
    kept = 0
    if form.is_valid():
        # One document is replaced by one file; what is chosen beside it is added.
        for file in form.given:
            try:
                services.document_add(
                    collection=collection,
                    file=cast(BinaryIO, file.file),
                    name=file.name or "",
                    request=asked,
                    by=access.BORROWER,
                    replaces=replaces if not kept else None,
                )
                kept += 1
            except ValidationError as refusal:
                form.add_error("file", refusal)
            except AnswersClosed:
                return _closed(request)
    if request.headers.get("Accept") == "application/json":
        refused = [str(sentence) for sentence in form.errors.get("file", [])]
        return JsonResponse({"kept": kept, "refused": refused}, status=422 if refused else 200)
    if form.errors:
        return _page(request, collection, form, kept)
    return redirect(f"{reverse('portal:documents')}?{'replaced' if replaces else 'added'}={kept}")


def _closed(request: HttpRequest) -> HttpResponse:
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"next": reverse("portal:collection")}, status=409)
    return redirect("portal:collection")


def _page(
    request: HttpRequest, collection: Collection, wrong: UploadForm | None = None, kept: int = 0
) -> HttpResponse:
    found = documents_of(collection)
    rules = collection.lender.upload_rules
    form = partial(_form, wrong=wrong, rules=rules)
    context = {
        "collection": collection,
        "lender": collection.lender,
        "documents": found,
        "asked": [
            (asked, form(asked.request.key), [(each, form(each.key)) for each in asked.documents])
            for asked in found.asked
        ],
        "others": [(each, form(each.key)) for each in found.others],
        "other_form": form("other"),
        "form": wrong,
        "told": _told(request) if not wrong else {"added": kept} if kept else {},
        "rules": rules,
        "is_scanned": scanning.is_set_up(),
        "is_shared": collection.status == Collection.Status.SUBMITTED,
        "documents_only": readiness.documents_only(collection),
    }
    return render(request, "portal/documents.html", context, status=422 if wrong else 200)


def _posted(request: HttpRequest, collection: Collection, place: str) -> UploadForm:
    return UploadForm(request.POST, request.FILES, place=place, rules=collection.lender.upload_rules)


def _form(place: str, wrong: UploadForm | None, rules: UploadRules) -> UploadForm:
    return wrong if wrong and wrong.place == place else UploadForm(place=place, rules=rules)


def _told(request: HttpRequest) -> dict[str, int]:
    """What was just done, as the redirect to this page says: a word and a small number, nothing else."""
    told = {}
    for word in ("added", "replaced", "removed"):
        number = request.GET.get(word, "")
        if number.isascii() and number.isdecimal() and 0 < int(number[:4]) <= MOST_TOLD:
            told[word] = int(number[:4])
    return told
