"""Collections at the lender's desk: the list, the page of each, and what a manager does with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from collections_app.admin import once
from collections_app.admin.access import desk_of
from collections_app.admin.collection_list import CollectionList
from collections_app.admin.collection_page import may_be_withdrawn, page_context
from collections_app.admin.moments import moment
from collections_app.admin.request_form import RequestForm
from collections_app.models import Collection
from collections_app.services import invitations, reporting
from collections_app.services.invitations import Invitation
from collections_app.states import MoveRefused

if TYPE_CHECKING:
    from collections_app.admin.standing import StandingCollection

PAGES = "admin/collections_app/collection"
FIELDSETS = [
    ("Borrower", {"fields": ["form_key", "borrower_name", "borrower_email", "lender_reference"]}),
    ("Reports", {"fields": [("date_from", "date_to"), "reports", "basis", "adjustment_books"]}),
    ("Link", {"fields": ["expires_days", "send_mail"]}),
]
OPERATORS_FIELDSETS = [("Lender", {"fields": ["lender"]}), *FIELDSETS]


@admin.register(Collection)
class CollectionAdmin(CollectionList):
    """Requests are made and withdrawn through the services; nothing here edits or deletes a row."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return desk_of(request).may_manage

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

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("<path:object_id>/link/", wrap(self.link_view), name="collections_app_collection_link"),
            path(
                "<path:object_id>/withdraw/",
                wrap(self.withdraw_view),
                name="collections_app_collection_withdraw",
            ),
            path(
                "<path:object_id>/files/<str:name>",
                wrap(self.file_view),
                name="collections_app_collection_file",
            ),
        ]
        return own + super().get_urls()

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
        return redirect(_address(self.visible(request, object_id)) + "#timeline")

    def file_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse | FileResponse:
        """A report file; the download is recorded."""
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        collection = self.visible(request, object_id)
        file = get_object_or_404(collection.files, name=name)
        stored = reporting.file_open(file=file, by=desk_of(request).who)
        return FileResponse(stored, as_attachment=True, filename=f"{collection.reference}-{file.name}")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Asks a borrower for reports, and shows the link once: in the answer to the form."""
        desk = desk_of(request)
        if not desk.may_manage:
            raise PermissionDenied
        form = RequestForm(desk, request.POST or None)
        if request.method == "POST" and form.is_valid():
            key = form.cleaned_data["form_key"]
            if once.is_spent(request, key):
                return self._made_already(request, reverse("admin:collections_app_collection_changelist"))
            invitation = form.invite()
            if invitation:
                once.spend(request, key)
                return self._link_page(request, invitation, form.cleaned_data["send_mail"])
        fieldsets = OPERATORS_FIELDSETS if desk.is_operator else FIELDSETS
        shown = helpers.AdminForm(form, fieldsets, {}, model_admin=self)  # type: ignore[arg-type]
        context = {"form": form, "adminform": shown, "errors": form.errors}
        return self._page(request, "request.html", "Request reports", None, context)

    def link_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Makes a new link for the same request and shows it once; the old one stops working."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        collection = self.manageable(request, object_id)
        if collection.status == Collection.Status.WITHDRAWN:
            messages.error(request, "This request was withdrawn. Make a new request instead.")
            return redirect(_address(collection))
        key = request.POST.get("form_key", "")
        if once.is_spent(request, key):
            return self._made_already(request, _address(collection))
        send_mail = "send_mail" in request.POST
        invitation = invitations.link_reissue(
            collection=collection, by=desk_of(request).who, send_mail=send_mail
        )
        once.spend(request, key)
        return self._link_page(request, invitation, send_mail)

    def withdraw_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks whether to withdraw the request; the button does it."""
        collection = self.manageable(request, object_id)
        if request.method == "POST":
            self._withdraw(request, collection)
            return redirect(_address(collection))
        if not may_be_withdrawn(collection):
            messages.error(
                request, "This request cannot be withdrawn: it is complete or was withdrawn already."
            )
            return redirect(_address(collection))
        return self._page(request, "withdraw.html", "Withdraw this request?", collection, {})

    def _withdraw(self, request: HttpRequest, collection: Collection) -> None:
        try:
            invitations.collection_withdraw(collection=collection, by=desk_of(request).who)
        except MoveRefused:
            messages.error(
                request, "This request cannot be withdrawn: it is complete or was withdrawn already."
            )
        else:
            messages.success(request, "The request was withdrawn. Its link no longer works.")

    def _link_page(self, request: HttpRequest, invitation: Invitation, send_mail: bool) -> HttpResponse:
        collection = invitation.collection
        mail = collection.events.filter(action__startswith="invitation.mail").last() if send_mail else None
        context = {
            "url": invitation.url,
            "collection_address": _address(collection),
            "works_until": moment(collection.links.latest("pk").expires_at, collection.lender),
            "mailed": mail is not None and mail.action == "invitation.mailed",
            "mail_failed": mail is not None and mail.action == "invitation.mail_failed",
        }
        return self._page(request, "link.html", "The link for the borrower", collection, context)

    def _made_already(self, request: HttpRequest, address: str) -> HttpResponse:
        messages.warning(
            request,
            "That form was sent already, and its link was shown then. If it is lost, make a new link.",
        )
        return redirect(address)

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


def _address(collection: Collection) -> str:
    return reverse("admin:collections_app_collection_change", args=[collection.pk])
