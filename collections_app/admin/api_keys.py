"""Keys with which a lender's own systems use the API: made, replaced and switched off at the desk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.filters import RelatedOnlyFieldListFilter
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from collections_app.admin import once
from collections_app.admin.access import Desk, desk_of
from collections_app.admin.moments import moment
from collections_app.admin.shown_once import SecretForm, ShowsSecretOnce
from collections_app.models import ApiKey, Lender
from collections_app.services import api_keys

USUAL_DAYS = 90
# How long an old key goes on beside the new one.
USUAL_GRACE_HOURS, LONGEST_GRACE_HOURS = 24, 24 * 30


class KeyForm(SecretForm):
    """A new key."""

    name = forms.CharField(max_length=100, help_text="Which system has it, such as “Loan system”.")
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        choices=ApiKey.Scope.choices,
        initial=[ApiKey.Scope.READ],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.IntegerField(
        label="Days until it ends", min_value=1, max_value=api_keys.LONGEST_DAYS, initial=USUAL_DAYS
    )

    def make(self, lender: Lender, desk: Desk) -> tuple[ApiKey, str]:
        answers = self.cleaned_data
        return api_keys.key_create(
            lender=lender, name=answers["name"], scopes=answers["scopes"], days=answers["days"], by=desk.who
        )


class ReplacementForm(forms.Form):
    """A new key in the place of one that a system uses."""

    form_key = forms.CharField(required=False, widget=forms.HiddenInput, initial=once.form_key)
    days = forms.IntegerField(
        label="Days until the new key ends",
        min_value=1,
        max_value=api_keys.LONGEST_DAYS,
        initial=USUAL_DAYS,
    )
    grace_hours = forms.IntegerField(
        label="Hours that this key works on",
        min_value=0,
        max_value=LONGEST_GRACE_HOURS,
        initial=USUAL_GRACE_HOURS,
    )


@admin.register(ApiKey)
class ApiKeyAdmin(ShowsSecretOnce[ApiKey]):
    """The keys of a lender. No key is stored, so that none can be shown again."""

    form_class = KeyForm
    acts = {"replace": "replace_view", "revoke": "revoke_view"}
    made_title = "The new API key"
    made_words = (
        "Whoever has the key can do what its scopes say in your name. Put it where the system keeps its "
        "passwords, and nowhere else."
    )
    lead = (
        "A system that has the key sends it with each request. It sees your requests and nobody else's. The "
        "key is shown once, on the next page."
    )
    submit = "Make the key"
    empty_words = (
        "No system has a key yet. With one, a loan system makes requests and fetches reports by itself."
    )
    list_display = ("name", "may", "state", "last_used")
    list_filter = (("lender", RelatedOnlyFieldListFilter),)
    list_select_related = ("lender",)
    search_fields = ("name",)
    fields = ("name", "may", "made", "state", "last_used")
    readonly_fields = fields
    change_form_template = "admin/collections_app/apikey/change_form.html"

    @admin.display(description="may")
    def may(self, key: ApiKey) -> str:
        return "; ".join(ApiKey.Scope(scope).label for scope in key.scopes)

    @admin.display(ordering="created_at")
    def made(self, key: ApiKey) -> str:
        return moment(key.created_at, key.lender)

    @admin.display(ordering="expires_at")
    def state(self, key: ApiKey) -> str:
        if key.revoked_at:
            return f"Switched off {moment(key.revoked_at, key.lender)}"
        ends = moment(key.expires_at, key.lender)
        return f"Works until {ends}" if api_keys.is_good(key) else f"Ended {ends}"

    @admin.display(description="last used", ordering="last_used_at")
    def last_used(self, key: ApiKey) -> str:
        return moment(key.last_used_at, key.lender) if key.last_used_at else "Never"

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        key, desk = self.get_object(request, object_id), desk_of(request)
        works = key is not None and api_keys.is_good(key)
        shown = {
            "replacement": ReplacementForm() if works and desk.may_approve else None,
            "may_revoke": works and desk.may_manage,
        }
        return super().change_view(request, object_id, form_url, shown | (extra_context or {}))

    def replace_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Makes a new key like this one, which works on for the hours given."""
        key, desk = self.posted_row(request, object_id), desk_of(request)
        if isinstance(key, HttpResponse):
            return key
        if not desk.may_approve:
            raise PermissionDenied
        form = ReplacementForm(request.POST)
        if not form.is_valid():
            faults = [f"{form[name].label}: {' '.join(map(str, said))}" for name, said in form.errors.items()]
            messages.error(request, " ".join(faults))
            return redirect(self.address_of(key))
        answers = form.cleaned_data
        grace = timedelta(hours=answers["grace_hours"])
        try:
            with once.spending(request, answers["form_key"]):
                new, text = api_keys.key_rotate(key=key, days=answers["days"], grace=grace, by=desk.who)
        except once.SentBefore:
            return self.made_already(request)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
            return redirect(self.address_of(key))
        self.log_addition(request, new, f"Made in the place of API key {key.pk}.")
        self.log_change(request, key, f"Replaced by API key {new.pk}.")
        return self.made_page(request, new, text)

    def revoke_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Switches the key off at once."""
        key = self.posted_row(request, object_id)
        if isinstance(key, HttpResponse):
            return key
        if api_keys.key_revoke(key=key, by=desk_of(request).who):
            self.log_change(request, key, "Switched off.")
            messages.success(request, "The key is switched off: it works no more.")
        else:
            messages.warning(request, "The key was switched off before.")
        return redirect(self.address_of(key))
