"""Rows of a lender's own systems whose making shows a secret: once, in the answer to the form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import helpers
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from collections_app.admin import once
from collections_app.admin.access import Desk, LenderScoped, Row, desk_of
from collections_app.models import Lender


class SecretForm(forms.Form):
    """A form that makes a row and its secret."""

    form_key = forms.CharField(required=False, widget=forms.HiddenInput, initial=once.form_key)

    def make(self, lender: Lender, desk: Desk) -> tuple[Any, str]:
        """The new row and its secret. Raises ValidationError."""
        raise NotImplementedError


class ShowsSecretOnce(LenderScoped[Row]):
    """All staff of a lender see the rows, a manager makes them, and an operator may end them.

    An operator makes none here, because what they open may be figures of borrowers, see
    docs/decisions/0020.
    """

    form_class: type[SecretForm]
    # Names of addresses below a row, and the methods that answer them, to a POST alone.
    acts: dict[str, str] = {}
    made_title: str
    made_words: str
    lead: str
    submit: str

    def has_add_permission(self, request: HttpRequest) -> bool:
        return desk_of(request).may_approve

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        columns = list(super().get_list_display(request))
        if desk_of(request).is_operator:
            columns.insert(1, "lender")
        return columns

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                f"<path:object_id>/{act.replace('_', '-')}/",
                self.admin_site.admin_view(getattr(self, view)),
                name=f"{self.opts.app_label}_{self.opts.model_name}_{act}",
            )
            for act, view in self.acts.items()
        ]
        return [*own, *super().get_urls()]

    def posted_row(self, request: HttpRequest, object_id: str) -> Row | HttpResponseNotAllowed:
        """The row that a button belongs to. Raises Http404, and PermissionDenied for who may not manage."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404(f"There is no such {self.opts.verbose_name}.")
        if not desk_of(request).may_manage:
            raise PermissionDenied
        return row

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        desk = desk_of(request)
        if not self.has_add_permission(request) or desk.member is None:
            raise PermissionDenied
        form = self.form_class(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                with once.spending(request, form.cleaned_data["form_key"]):
                    row, secret = form.make(desk.member.lender, desk)
            except once.SentBefore:
                return self.made_already(request)
            except ValidationError as refusal:
                form.add_error(None, ValidationError(refusal.messages))
            else:
                self.log_addition(request, row, "Made.")
                return self.made_page(request, row, secret)
        fieldsets = [(None, {"fields": list(form.fields)})]
        shown = helpers.AdminForm(form, fieldsets, {}, model_admin=self)  # type: ignore[arg-type]
        context = {"form": form, "adminform": shown, "errors": form.errors}
        context |= {"lead": self.lead, "submit": self.submit}
        return self._page(request, "one_form_page.html", f"Add {self.opts.verbose_name}", context)

    def made_page(self, request: HttpRequest, row: Row, secret: str) -> TemplateResponse:
        """The one page that shows the secret."""
        context = {
            "secret": secret,
            "words": self.made_words,
            "row": row,
            "row_address": self.address_of(row),
        }
        return self._page(request, "shown_once.html", self.made_title, context)

    def made_already(self, request: HttpRequest) -> HttpResponse:
        messages.warning(
            request,
            "That form was sent already, and what it made was shown then. If it is lost, make another.",
        )
        return redirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))

    def address_of(self, row: Row) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])

    def _page(
        self, request: HttpRequest, template: str, title: str, context: dict[str, Any]
    ) -> TemplateResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "title": title}
        return TemplateResponse(request, f"admin/collections_app/{template}", shared | context)
