"""Operators' access: a lender's manager lets an operator see what one borrower shared, for some hours."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from collections_app.admin.access import Desk, LenderScoped, desk_of
from collections_app.admin.moments import moment
from collections_app.models import FiguresGrant
from collections_app.models.grant import LONGEST_GRANT_HOURS
from collections_app.services import granting

PAGES = "admin/collections_app/figuresgrant"
FIELDSETS = [(None, {"fields": ["reference", "operator", "hours", "reason"]})]
LIST = "admin:collections_app_figuresgrant_changelist"


class GrantForm(forms.Form):
    """Who may look at what, for how long and why."""

    reference = forms.CharField(
        max_length=16, help_text="The reference of the collection, such as 7GJK-P2MX, as its page shows it."
    )
    operator = forms.ModelChoiceField(queryset=User.objects.none(), empty_label="Choose an operator")
    hours = forms.IntegerField(
        label="For how many hours", min_value=1, max_value=LONGEST_GRANT_HOURS, initial=4
    )
    reason = forms.CharField(
        max_length=300, help_text="What it is needed for, in a sentence. It stands in the timeline."
    )

    def __init__(self, desk: Desk, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.desk = desk
        operators = User.objects.filter(is_active=True, is_superuser=True).order_by("username")
        self.fields["operator"].queryset = operators  # type: ignore[attr-defined]

    def clean_reference(self) -> str:
        """Another lender's collection is refused in the same words as one that does not exist."""
        reference: str = self.cleaned_data["reference"].strip().upper()
        self.collection = self.desk.collections.filter(reference=reference).first()
        if self.collection is None:
            raise ValidationError("There is no such collection. The reference is on its page.")
        return reference

    def grant(self) -> FiguresGrant | None:
        """None when it was refused; the form then holds the reasons."""
        answers = self.cleaned_data
        try:
            return granting.figures_grant(
                collection=self.collection,  # type: ignore[arg-type]
                operator=answers["operator"],
                hours=answers["hours"],
                reason=answers["reason"],
                granted_by=self.desk.user,  # type: ignore[arg-type]
            )
        except ValidationError as refusal:
            self.add_error(None, ValidationError(refusal.messages))
            return None


@admin.register(FiguresGrant)
class FiguresGrantAdmin(LenderScoped[FiguresGrant]):
    """All staff of a lender read who may look; managers open and close it. An operator opens nothing."""

    lender_path = "collection__lender"
    list_display = ("reference", "operator", "until", "granted_by", "reason")
    list_select_related = ("collection__lender", "operator")
    search_fields = ("collection__reference", "operator__username")
    empty_words = "No operator was ever let in: none has seen a borrower's figures."
    fields = ("reference", "operator", "granted", "until", "granted_by", "reason")
    readonly_fields = fields
    change_form_template = f"{PAGES}/change_form.html"

    @admin.display(description="collection", ordering="collection__reference")
    def reference(self, grant: FiguresGrant) -> str:
        return grant.collection.reference

    @admin.display(description="given", ordering="granted_at")
    def granted(self, grant: FiguresGrant) -> str:
        return moment(grant.granted_at, grant.collection.lender)

    @admin.display(ordering="ends_at")
    def until(self, grant: FiguresGrant) -> str:
        ended = moment(grant.ends_at, grant.collection.lender)
        return ended if grant.ends_at > timezone.now() else f"Ended {ended}"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return desk_of(request).may_approve

    def get_urls(self) -> list[URLPattern]:
        end = path(
            "<path:object_id>/end/",
            self.admin_site.admin_view(self.end_view),
            name="collections_app_figuresgrant_end",
        )
        return [end, *super().get_urls()]

    def end_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ends the access at once."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        grant = self.get_object(request, object_id)
        if grant is None:
            raise Http404("There is no such access.")
        desk = desk_of(request)
        if not desk.may_manage:
            raise PermissionDenied
        if granting.figures_grant_end(grant=grant, by=desk.who):
            messages.success(request, "The access is ended.")
        else:
            messages.warning(request, "The access had ended already.")
        return redirect(reverse(LIST))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        grant = self.get_object(request, object_id)
        is_open = grant is not None and grant.ends_at > timezone.now()
        shown = {"may_end": is_open and desk_of(request).may_manage, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, shown)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        desk = desk_of(request)
        if not desk.may_approve:
            raise PermissionDenied
        form = GrantForm(desk, request.POST or None)
        if request.method == "POST" and form.is_valid():
            grant = form.grant()
            if grant:
                self.log_addition(request, grant, "Added.")
                until = moment(grant.ends_at, grant.collection.lender)
                messages.success(request, f"Opened {grant.collection} to {grant.operator} until {until}.")
                return redirect(reverse(LIST))
        shown = helpers.AdminForm(form, FIELDSETS, {}, model_admin=self)  # type: ignore[arg-type]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Let an operator look",
            "form": form,
            "adminform": shown,
            "errors": form.errors,
        }
        return TemplateResponse(request, f"{PAGES}/add.html", context)
