"""Collections at the lender's desk: the list, the page of each, and what a manager does with them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
)
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse

from collections_app import selectors
from collections_app.admin import desk_start, once
from collections_app.admin.access import desk_of
from collections_app.admin.collection_page import may_be_withdrawn
from collections_app.admin.collection_views import CollectionPages, address_of
from collections_app.admin.figures import FiguresGuarded
from collections_app.admin.moments import moment
from collections_app.admin.request_form import RequestForm
from collections_app.admin.request_templates import chosen_template, templates_for
from collections_app.links import works_until
from collections_app.models import Collection
from collections_app.services import invitations, linking, rebuilding, refreshing
from collections_app.services.invitations import Invitation
from collections_app.states import MoveRefused

FIELDSETS = [
    ("Borrower", {"fields": ["form_key", "borrower_name", "borrower_email", "lender_reference", "purpose"]}),
    ("Reports", {"fields": [("date_from", "date_to"), "reports", "basis", "adjustment_books"]}),
    ("Contact", {"fields": ["contact_name", ("contact_phone", "contact_email")]}),
    ("Documents", {"fields": ["documents", "allows_other_documents"]}),
    ("Link", {"fields": ["expires_days", "send_mail"]}),
]
OPERATORS_FIELDSETS = [("Lender", {"fields": ["lender"]}), *FIELDSETS]


@admin.register(Collection)
class CollectionAdmin(FiguresGuarded, CollectionPages):
    """Requests are made and withdrawn through the services; nothing here edits or deletes a row."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return desk_of(request).may_manage

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [path("start/", wrap(self.start_view), name="collections_app_collection_start")]
        for name, view in {
            "remind": self.remind_view,
            "link": self.link_view,
            "revoke": self.revoke_view,
            "withdraw": self.withdraw_view,
            "rebuild": self.rebuild_view,
            "refresh": self.refresh_view,
            "compare": self.compare_view,
            "review": self.review_view,
            "credit-file": self.credit_file_view,
        }.items():
            named = f"collections_app_collection_{name.replace('-', '_')}"
            own.append(path(f"<path:object_id>/{name}/", wrap(view), name=named))
        for kind, page in {
            "file": self.file_view,
            "document": self.document_view,
            "statement": self.statement_view,
            "account": self.account_view,
        }.items():
            route = f"<path:object_id>/{kind}s/<str:name>"
            own.append(path(route, wrap(page), name=f"collections_app_collection_{kind}"))
        return own + super().get_urls()

    def start_view(self, request: HttpRequest) -> HttpResponse:
        """Keeps how the list is shown now as the way in which it opens for this person."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not desk_of(request).may_read:
            raise PermissionDenied
        query = request.POST.get("query", "")
        desk_start.start_keep(request.user, query)
        messages.success(request, "The list opens like this from now on.")
        return redirect(reverse("admin:collections_app_collection_changelist"))

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Asks a borrower for reports, and shows the link once: in the answer to the form."""
        desk = desk_of(request)
        if not desk.may_manage:
            raise PermissionDenied
        templates = templates_for(desk)
        template = chosen_template(templates, request.GET.get("template"))
        form = RequestForm(desk, request.POST or None, template=template)
        context = {"templates": templates, "template": template}
        return self._request(request, form, "Request reports", context)

    def refresh_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks the same borrower for the same reports once more, for a new period."""
        collection = self.manageable(request, object_id)
        refusal = refreshing.why_not(collection)
        if refusal:
            messages.error(request, refusal)
            return redirect(address_of(collection))
        form = RequestForm(desk_of(request), request.POST or None, refreshes=collection)
        title = f"Refresh {collection.reference} for a new period"
        return self._request(request, form, title, {"refreshed": collection})

    def _request(
        self, request: HttpRequest, form: RequestForm, title: str, context: dict[str, Any]
    ) -> HttpResponse:
        """The form, or once it is filled in the link that it made."""
        if request.method == "POST" and form.is_valid():
            try:
                with once.spending(request, form.cleaned_data["form_key"]):
                    invitation = form.invite()
            except once.SentBefore:
                return self._made_already(request, reverse("admin:collections_app_collection_changelist"))
            except ValidationError as refusal:
                form.keep(refusal)
            else:
                return self._link_page(request, invitation, form.cleaned_data["send_mail"])
        fieldsets = OPERATORS_FIELDSETS if "lender" in form.fields else FIELDSETS
        shown = helpers.AdminForm(form, fieldsets, {}, model_admin=self)  # type: ignore[arg-type]
        context |= {"form": form, "adminform": shown, "errors": form.errors}
        return self._page(request, "request.html", title, None, context)

    def link_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Makes a new link for the same request and shows it once; the old one stops working.

        To an operator it is not shown, and always mailed, to the address that the lender gave.
        """
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        collection = self.manageable(request, object_id)
        desk = desk_of(request)
        send_mail = desk.is_operator or "send_mail" in request.POST
        address = "" if desk.is_operator else request.POST.get("address", "")
        try:
            with once.spending(request, request.POST.get("form_key", "")):
                invitation = invitations.link_reissue(
                    collection=collection, by=desk.who, send_mail=send_mail, address=address
                )
        except once.SentBefore:
            return self._made_already(request, address_of(collection))
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
            return redirect(address_of(collection))
        return self._link_page(request, invitation, send_mail)

    def revoke_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Switches the link off; the request stays."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        collection = self.manageable(request, object_id)
        try:
            linking.link_revoke(collection=collection, by=desk_of(request).who)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, "The link no longer works. The request stays, and may get a new link.")
        return redirect(address_of(collection))

    def rebuild_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Has the worker make the reports again, with one of the lender's own layouts or with none."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        collection = self.manageable(request, object_id)
        layouts = selectors.mapping_templates_of(collection.lender)
        chosen = request.POST.get("layout", "")
        template = layouts.filter(pk=chosen).first() if chosen.isascii() and chosen.isdecimal() else None
        if chosen and template is None:
            messages.error(request, "Choose one of your own layouts from the list.")
            return redirect(address_of(collection))
        try:
            rebuilding.reports_rebuild(collection=collection, template=template, by=desk_of(request).who)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, "The reports are being rebuilt. Until then the earlier ones stay.")
        return redirect(address_of(collection))

    def withdraw_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks whether to withdraw the request; the button does it."""
        collection = self.manageable(request, object_id)
        if request.method == "POST":
            self._withdraw(request, collection)
            return redirect(address_of(collection))
        if not may_be_withdrawn(collection):
            messages.error(
                request, "This request cannot be withdrawn: it is complete or was withdrawn already."
            )
            return redirect(address_of(collection))
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
            # With the link of a collection that was shared, an operator would see what the borrower sees.
            "url": "" if desk_of(request).is_operator else invitation.url,
            "collection_address": address_of(collection),
            "works_until": moment(works_until(collection.links.latest("pk")), collection.lender),
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
