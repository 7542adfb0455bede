"""Lenders: operators make them, a manager mends the own one's contact, color, time zone and terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from collections_app import logos
from collections_app.admin.access import desk_of
from collections_app.admin.mapping import choose_own_layout
from collections_app.admin.record import ShowsRecord
from collections_app.models import Lender
from collections_app.models.lender import time_zones
from collections_app.services import erasing, lenders
from collections_app.uploads.limits import MOST_DOCUMENTS
from collections_app.uploads.rules import KINDS, MOST_MEGABYTES

FIXED_FOR_STAFF = ("name", "slug")
ABOUT_WORDS = (
    "Plain text, each shown as yours, in the borrower's language or else in the other one; nothing is shown "
    "where both are empty. No addresses of web pages or mailboxes: mail programs would make links of them."
)
WORDS = ("welcome_en", "welcome_es", "closing_en", "closing_es", "invitation_en", "invitation_es")
NO_LAYOUT = "None: the usual lines"
AGREED = "What borrowers agree to"
NOT_OF_THE_MODEL = ("logo_file", "remove_logo", "erase_now")
ROWS_OF_WORDS = {"welcome": 4, "closing": 4, "invitation": 2}


if TYPE_CHECKING:
    LenderModelForm = forms.ModelForm[Lender]
    Upload = UploadedFile[bytes]
else:
    LenderModelForm = forms.ModelForm
    Upload = UploadedFile


class LenderForm(LenderModelForm):
    """A lender's details, with the zones and the color to choose from."""

    logo_file = forms.FileField(
        label="Logo",
        required=False,
        help_text=(
            f"PNG, JPEG or WebP, at most {logos.LARGEST // 1000} kB. It stands beside the name on the "
            "borrower's pages, 40 pixels high on white. Mails have none, so that nobody suspects tracking."
        ),
    )
    remove_logo = forms.BooleanField(label="Show no logo", required=False)
    erase_now = forms.CharField(required=False, widget=forms.HiddenInput)
    upload_kinds = forms.MultipleChoiceField(
        label="Kinds of files",
        choices=list(KINDS.items()),
        initial=list(KINDS),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one kind of file."},
        help_text="Borrowers may upload these, also inside a ZIP file if that is one of them.",
    )

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
            "retention_days",
            "allows_preview",
            "allows_copy",
            "usual_mapping",
            "terms",
            "requires_code",
            "link_days",
            "reminds_after_days",
            "wants_four_eyes",
            "upload_kinds",
            "upload_megabytes",
            "upload_documents",
            *WORDS,
        )
        widgets = {
            "time_zone": forms.Select(choices=[(zone, zone) for zone in sorted(time_zones())]),
            "brand_color": forms.TextInput(attrs={"type": "color"}),
            "terms": forms.Textarea(attrs={"rows": 16, "cols": 80, "spellcheck": "false"}),
        } | {
            name: forms.Textarea(attrs={"rows": ROWS_OF_WORDS[name[:-3]], "cols": 80, "lang": name[-2:]})
            for name in WORDS
        }
        help_texts = {
            "time_zone": "Times at this desk and in the reports are shown in this zone.",
            "brand_color": "Leads on the borrower's pages.",
            "contact_name": "A person: borrowers read it on the first page and under each mail.",
            "contact_email": "Borrowers' answers and questions go here, and requests for a new link.",
            "requires_code": (
                "Before anything is shown, the page mails six digits to the borrower's address and asks for "
                "them. A link that was passed on then opens only together with that mailbox."
            ),
            "retention_days": (
                "Borrowers read it before they agree, in years or days. After that everything of a request "
                "is erased by itself and nobody can bring it back. A larger number holds for who agrees from "
                "now on, a smaller one for all."
            ),
            "welcome_en": "On the borrower's first page, below the heading.",
            "closing_en": "On the borrower's last page, once everything is shared.",
            "invitation_en": "Below the first sentence of the mail with the link.",
            "upload_megabytes": f"At most {MOST_MEGABYTES}, which is what this service looks through.",
            "upload_documents": (
                f"At most {MOST_DOCUMENTS}. What you ask for by name has room for one file in any case."
            ),
            "terms": (
                "Borrowing base, definitions of ratios and covenants as a JSON document; empty for the usual "
                "terms. They apply to reports made from now on, and are printed in them."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "usual_mapping" in self.fields:
            choose_own_layout(self.fields["usual_mapping"], self.instance.pk, NO_LAYOUT)
        if "upload_kinds" in self.fields:
            self.initial["upload_kinds"] = self.instance.upload_kinds or list(KINDS)

    def clean(self) -> dict[str, Any]:
        """Asks before a smaller number of days erases what was shared."""
        answers = super().clean() or self.cleaned_data
        days = answers.get("retention_days")
        if self.instance.pk and days and "retention_days" in self.changed_data:
            self._ask_before_erasing(erasing.retention_made_due(lender=self.instance, days=days), answers)
        return answers

    def _ask_before_erasing(self, count: int, answers: dict[str, Any]) -> None:
        """Shows a box to tick. Ticked for another number of requests than there are now, it is not."""
        if not count or answers.get("erase_now") == str(count):
            return
        requests = "1 request" if count == 1 else f"{count} requests"
        when = "within the hour" if settings.ERASE_AFTER_RETENTION else "when the operator next applies it"
        self["erase_now"].label = f"Yes, erase {requests} {when}"
        self.fields["erase_now"].widget = forms.CheckboxInput({"value": count}, check_test=lambda _: False)
        self.add_error(
            "erase_now",
            f"{requests} would be kept no longer. Tick the box to have them erased: nobody can undo that.",
        )

    def clean_upload_kinds(self) -> list[str]:
        """All of them stay all when this service learns another."""
        chosen: list[str] = self.cleaned_data["upload_kinds"]
        return [] if set(chosen) == set(KINDS) else chosen

    def clean_logo_file(self) -> Upload | None:
        """The first bytes say what a file is; its name and its type say what somebody wants it to be."""
        given: Upload | None = self.cleaned_data["logo_file"]
        if given:
            logos.name_of(given.read(logos.LARGEST + 1))
            given.seek(0)
        return given


@admin.register(Lender)
class LenderAdmin(ShowsRecord):
    """Changes are kept in Django's own history, field by field."""

    form = LenderForm
    lender_path = "pk"
    list_display = ("name", "slug", "time_zone", "contact_name", "contact_email", "contact_phone")
    search_fields = ("name", "slug")
    fieldsets = (
        (None, {"fields": ("name", "slug")}),
        ("Contact", {"fields": ("contact_name", "contact_email", "contact_phone")}),
        ("Borrowers' links", {"fields": ("link_days", "requires_code")}),
        (AGREED, {"fields": ("retention_days",)}),
        ("Appearance and time", {"fields": ("brand_color", "time_zone")}),
        ("Review", {"fields": ("wants_four_eyes", "reminds_after_days")}),
        ("Reports", {"fields": ("usual_mapping",)}),
        ("What borrowers may", {"fields": ("allows_preview", "allows_copy")}),
        ("Your words to borrowers", {"fields": WORDS, "description": ABOUT_WORDS}),
    )
    uploads = ("upload_megabytes", "upload_documents")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return desk_of(request).is_operator

    def has_change_permission(self, request: HttpRequest, obj: Lender | None = None) -> bool:
        return desk_of(request).may_manage and self.is_within_reach(request, obj)

    def get_fieldsets(self, request: HttpRequest, obj: Lender | None = None) -> list[Any]:
        """Who only reads gets the terms as they are laid out."""
        if not desk_of(request).may_manage:
            uploads = ("What borrowers may upload", {"fields": ("upload_kinds_shown", *self.uploads)})
            return [*self.fieldsets, uploads, ("Terms", {"fields": ("terms_laid_out",)})]
        logo = ("logo_shown", "logo_file", "remove_logo") if obj and obj.logo else ("logo_file",)
        agreed = {"fields": ("retention_days", "erase_now")}
        return [
            *((title, agreed if title == AGREED else options) for title, options in self.fieldsets),
            ("What borrowers may upload", {"fields": ("upload_kinds", *self.uploads)}),
            ("Logo", {"fields": logo}),
            ("Terms", {"fields": ("terms",)}),
        ]

    @admin.display(description="Logo now")
    def logo_shown(self, lender: Lender) -> SafeString:
        address = reverse("portal:logo", args=[lender.slug, lender.logo])
        return format_html('<img src="{}" alt="The logo of {}" height="40">', address, lender.name)

    @admin.display(description="Kinds of files")
    def upload_kinds_shown(self, lender: Lender) -> str:
        return lender.upload_rules.words

    @admin.display(description="Terms")
    def terms_laid_out(self, lender: Lender) -> SafeString | str:
        if not lender.terms:
            return "The usual terms."
        region = '<pre class="document" tabindex="0" role="region" aria-label="The terms as JSON">{}</pre>'
        return format_html(region, lender.terms)

    def get_readonly_fields(self, request: HttpRequest, obj: Lender | None = None) -> tuple[str, ...]:
        desk = desk_of(request)
        if desk.is_operator:
            # The record knows the lender by it, and nothing in the record is changed.
            return ("slug", "logo_shown") if obj else ("logo_shown",)
        if desk.may_manage:
            return (*FIXED_FOR_STAFF, "logo_shown")
        return (*FIXED_FOR_STAFF, "upload_kinds_shown", "terms_laid_out")

    def save_model(
        self, request: HttpRequest, obj: Lender, form: forms.ModelForm[Lender], change: bool
    ) -> None:
        """Writes what was changed on the form alone, so that two people's changes do not undo each other."""
        stored = [name for name in form.changed_data if name not in NOT_OF_THE_MODEL]
        options: dict[str, Any] = {"update_fields": stored} if change else {"force_insert": True}
        obj.save(**options)
        given = form.cleaned_data.get("logo_file")
        if given:
            lenders.lender_logo_set(lender=obj, content=given.read())
        elif form.cleaned_data.get("remove_logo"):
            lenders.lender_logo_set(lender=obj, content=b"")
