"""The pages of one collection: what is read there, and what a reviewer does with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from collections_app import data_keys
from collections_app.admin import account_page, comparing, once, review
from collections_app.admin.access import desk_of
from collections_app.admin.collection_list import CollectionList
from collections_app.admin.collection_page import page_context
from collections_app.documents import shared_documents, shared_files
from collections_app.downloads import document_download, download
from collections_app.models import Collection
from collections_app.services import credit_file, looking, reminding

if TYPE_CHECKING:
    from collections_app.admin.standing import StandingCollection

PAGES = "admin/collections_app/collection"


class CollectionPages(CollectionList):
    """Everything here begins with `visible`, so that a stranger's collection is never there."""

    def visible(self, request: HttpRequest, object_id: str) -> StandingCollection:
        """The collection, if this person may see it; a stranger's and a missing one are the same 404."""
        collection = self.get_object(request, object_id)
        if collection is None:
            raise Http404("There is no such collection.")
        return cast("StandingCollection", collection)

    def manageable(self, request: HttpRequest, object_id: str) -> StandingCollection:
        """The collection, if this person may change it; what may be seen is asked first."""
        collection = self.visible(request, object_id)
        if not desk_of(request).may_manage:
            raise PermissionDenied
        return collection

    def reviewable(self, request: HttpRequest, object_id: str) -> StandingCollection:
        """The collection, if this person may review it; what may be seen is asked first."""
        collection = self.visible(request, object_id)
        if not desk_of(request).may_review:
            raise PermissionDenied
        return collection

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The page of one collection, to read."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        collection = self.visible(request, object_id)
        month = request.GET.get("month", "")
        context = page_context(collection, desk_of(request), month)
        return self._page(request, "change_form.html", collection.borrower_name, collection, context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The history of a collection is its timeline."""
        return redirect(address_of(self.visible(request, object_id)) + "#timeline")

    def statement_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """A statement with every account under its line."""
        collection = self._with_reports(request, object_id)
        context = account_page.statement_context(collection, name)
        if context is None:
            raise Http404("There is no such statement.")
        title = f"{context['statement']['title']}, {collection.borrower_name}"
        return self._reports_page(request, "statement_page.html", title, collection, context)

    def account_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """An account by month, with the journal lines of one month."""
        collection = self._with_reports(request, object_id)
        asked = (request.GET.get(each, "") for each in ("month", "entry", "page"))
        context = account_page.account_context(collection, name, *asked)
        if context is None:
            raise Http404("There is no such account.")
        title = f"{name} {context['account_title']}, {collection.borrower_name}"
        return self._reports_page(request, "account_page.html", title, collection, context)

    def compare_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What was restated since another collection of the same company, and by which entries."""
        collection = self._with_reports(request, object_id)
        others = comparing.others_of(collection, desk_of(request))
        asked = (request.GET.get(each, "") for each in ("with", "account", "month"))
        context = comparing.compare_context(collection, others, *asked)
        for other in others:
            if "rows" in context and str(other.pk) == context["chosen"]:
                looking.collection_view(collection=other, by=desk_of(request).who)
        title = f"Compare {collection.reference}, {collection.borrower_name}"
        return self._reports_page(request, "compare_page.html", title, collection, context)

    def _with_reports(self, request: HttpRequest, object_id: str) -> StandingCollection:
        """The collection, once its reports are shared."""
        collection = self.visible(request, object_id)
        if collection.status != Collection.Status.SUBMITTED or data_keys.destroyed(collection.pk):
            raise Http404("Nothing is shared.")
        return collection

    def _reports_page(
        self,
        request: HttpRequest,
        template: str,
        title: str,
        collection: Collection,
        context: dict[str, Any],
    ) -> TemplateResponse:
        """A page of figures, which the record tells from a page of the request alone."""
        return self._page(request, template, title, collection, context | {"may_read_figures": True})

    def file_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse | FileResponse:
        """A report file; the download is recorded."""
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        collection = self.visible(request, object_id)
        file = get_object_or_404(shared_files(collection), name=name)
        return download(file, by=desk_of(request).who)

    def document_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse | FileResponse:
        """A document that the borrower uploaded, by its key; the download is recorded."""
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        document = get_object_or_404(shared_documents(self.visible(request, object_id)), key=name)
        return document_download(document, by=desk_of(request).who)

    def credit_file_view(self, request: HttpRequest, object_id: str) -> HttpResponse | StreamingHttpResponse:
        """Everything that was shared and said as one zip, sent while it is written and recorded."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        collection = self.visible(request, object_id)
        try:
            pieces = credit_file.credit_file_stream(collection=collection, by=desk_of(request).who)
        except (ValidationError, data_keys.KeyUnavailable) as refusal:
            messages.error(request, " ".join(getattr(refusal, "messages", [str(refusal)])))
            return redirect(address_of(collection))
        response = StreamingHttpResponse(pieces, content_type="application/zip")
        name = f"{collection.reference}-credit-file.zip"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def remind_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Reminds the borrower by mail, if it is the borrower's turn."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        collection = self.reviewable(request, object_id)
        refusal = reminding.reminder_send(collection=collection, by=desk_of(request).who)
        if refusal:
            messages.error(request, f"Not reminded: {refusal}")
        else:
            messages.success(request, "The borrower is reminded by mail.")
        return redirect(address_of(collection))

    def review_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Keeps a note, asks, returns or decides; the same form sent twice does it once."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        collection = self.reviewable(request, object_id)
        desk, asked = desk_of(request), request.POST.get("act", "")
        words, shown = (request.POST.get(name, "") for name in ("words", "shown"))
        try:
            with once.spending(request, request.POST.get("form_key", "")):
                if asked in review.VERDICTS and not review.may_decide(collection, desk):
                    raise ValidationError("A manager of the lender decides.")
                told = review.act(collection, asked, words, desk, shown)
        except once.SentBefore:
            messages.warning(request, "That form was sent already.")
        except KeyError:
            messages.error(request, "Choose one of the buttons of the page.")
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, told)
        return redirect(address_of(collection) + "#review")

    def _page(
        self,
        request: HttpRequest,
        template: str,
        title: str,
        collection: Collection | None,
        context: dict[str, Any],
    ) -> TemplateResponse:
        shared = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "collection": collection,
        }
        return TemplateResponse(request, f"{PAGES}/{template}", shared | context)


def address_of(collection: Collection) -> str:
    return reverse("admin:collections_app_collection_change", args=[collection.pk])
