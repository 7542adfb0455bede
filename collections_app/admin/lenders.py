"""Lenders: operators make them, a manager mends the own one's contact, color and time zone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from collections_app.admin.access import LenderScoped, desk_of
from collections_app.models import Lender

FIXED_FOR_STAFF = ("name", "slug")


if TYPE_CHECKING:
    LenderModelForm = forms.ModelForm[Lender]
else:
    LenderModelForm = forms.ModelForm


class LenderForm(LenderModelForm):
    """A lender's details, with the zones and the color to choose from."""

    class Meta:
        model = Lender
        fields = (
            "name",
            "slug",
            "time_zone",
            "brand_color",
            "contact_name",
            "contact_email",
            "contact_phone",
        )
        widgets = {
            "time_zone": forms.Select(choices=[(zone, zone) for zone in sorted(available_timezones())]),
            "brand_color": forms.TextInput(attrs={"type": "color"}),
        }
        help_texts = {
            "time_zone": "Times at this desk and in the reports are shown in this zone.",
            "brand_color": "Leads on the borrower's pages.",
            "contact_email": "Borrowers' answers and questions go here.",
        }


@admin.register(Lender)
class LenderAdmin(LenderScoped[Lender]):
    """Changes are kept in Django's own history, field by field."""

    form = LenderForm
    lender_path = "pk"
    list_display = ("name", "slug", "time_zone", "contact_name", "contact_email", "contact_phone")
    search_fields = ("name", "slug")
    fieldsets = (
        (None, {"fields": ("name", "slug")}),
        ("Contact", {"fields": ("contact_name", "contact_email", "contact_phone")}),
        ("Appearance and time", {"fields": ("brand_color", "time_zone")}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return desk_of(request).is_operator

    def has_change_permission(self, request: HttpRequest, obj: Lender | None = None) -> bool:
        return desk_of(request).may_manage

    def get_readonly_fields(self, request: HttpRequest, obj: Lender | None = None) -> tuple[str, ...]:
        return () if desk_of(request).is_operator else FIXED_FOR_STAFF

    def save_model(
        self, request: HttpRequest, obj: Lender, form: forms.ModelForm[Lender], change: bool
    ) -> None:
        """Writes what was changed on the form alone, so that two people's changes do not undo each other."""
        options: dict[str, Any] = {"update_fields": form.changed_data} if change else {"force_insert": True}
        obj.save(**options)
