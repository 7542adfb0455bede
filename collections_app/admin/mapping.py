"""A lender's own statement layouts: all staff read them, managers add versions, nobody changes one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.filters import RelatedOnlyFieldListFilter
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from collections_app.admin.access import Desk, LenderScoped, desk_of
from collections_app.admin.moments import moment
from collections_app.models import Lender, MappingTemplate
from collections_app.services.mapping import template_export, template_import

LARGEST_BYTES = 1_000_000
FIELDSETS = [(None, {"fields": ["file", "document"]})]
OPERATORS_FIELDSETS = [(None, {"fields": ["lender", "file", "document"]})]


class TemplateForm(forms.Form):
    """A new version, from a file or pasted."""

    lender = forms.ModelChoiceField(queryset=Lender.objects.none(), empty_label="Choose a lender")
    file = forms.FileField(required=False, label="File", help_text="The template as a JSON document.")
    document = forms.CharField(
        required=False,
        strip=False,
        label="Or paste it",
        max_length=LARGEST_BYTES,
        widget=forms.Textarea(attrs={"rows": 16, "cols": 80, "spellcheck": "false"}),
    )

    def __init__(self, desk: Desk, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.desk = desk
        if desk.is_operator:
            self.fields["lender"].queryset = desk.lenders  # type: ignore[attr-defined]
        else:
            del self.fields["lender"]

    def clean_file(self) -> str:
        """The text of the file; empty without one."""
        file = self.cleaned_data["file"]
        if file is None:
            return ""
        if file.size > LARGEST_BYTES:
            raise ValidationError("The file is larger than a template can be: 1 MB.")
        content: bytes = file.read()
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ValidationError("The file is not a text in UTF-8.") from None

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if not self.errors and bool(answers["file"].strip()) == bool(answers["document"].strip()):
            raise ValidationError("Give the template either as a file or pasted.")
        return answers

    def create(self) -> MappingTemplate | None:
        """Stores the version. None when it was refused; the form then holds the reasons."""
        answers = self.cleaned_data
        member = self.desk.member
        lender = answers["lender"] if self.desk.is_operator or member is None else member.lender
        try:
            text = answers["file"] or answers["document"]
            return template_import(lender=lender, text=text, by=self.desk.who)
        except ValidationError as refusal:
            self.add_error(None, ValidationError(refusal.messages))
            return None


def choose_own_layout(field: forms.Field, lender_id: int | None, empty_label: str) -> None:
    """Has this lender's layouts to choose from in a form, also where an operator sees everybody's.

    There are no buttons beside it: a layout is stored on a page of its own, which is no popup.
    """
    field.queryset = field.queryset.filter(lender=lender_id)  # type: ignore[attr-defined]
    field.empty_label = empty_label  # type: ignore[attr-defined]
    for button in ("can_add_related", "can_change_related", "can_view_related"):
        setattr(field.widget, button, False)


@admin.register(MappingTemplate)
class MappingTemplateAdmin(LenderScoped[MappingTemplate]):
    """Every version that was ever stored stays, because reports were made with it."""

    list_display = ("name", "version", "created", "created_by", "short_hash")
    list_display_links = ("name", "version")
    list_filter = (("lender", RelatedOnlyFieldListFilter),)
    list_select_related = ("lender",)
    search_fields = ("name",)
    empty_words = "There is no layout of yours yet: the reports have the usual lines."
    fields = ("name", "version", "lender_name", "created", "created_by", "content_hash", "document")
    readonly_fields = fields

    @admin.display(description="lender")
    def lender_name(self, template: MappingTemplate) -> str:
        return template.lender.name

    @admin.display(ordering="created_at")
    def created(self, template: MappingTemplate) -> str:
        return moment(template.created_at, template.lender)

    @admin.display(description="content")
    def short_hash(self, template: MappingTemplate) -> str:
        return template.content_hash[:12]

    @admin.display(description="JSON")
    def document(self, template: MappingTemplate) -> SafeString:
        region = '<pre class="document" tabindex="0" role="region" aria-label="The template as JSON">{}</pre>'
        return format_html(region, template_export(template))

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        columns = list(self.list_display)
        if desk_of(request).is_operator:
            columns.insert(2, "lender_name")
        return columns

    def has_add_permission(self, request: HttpRequest) -> bool:
        return desk_of(request).may_manage

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Takes a new version, or says in sentences what is wrong with it."""
        desk = desk_of(request)
        if not desk.may_manage:
            raise PermissionDenied
        posted = [request.POST, request.FILES] if request.method == "POST" else []
        form = TemplateForm(desk, *posted)
        if form.is_valid():
            template = form.create()
            if template:
                self.log_addition(request, template, "Added.")
                messages.success(request, f"{template} is stored.")
                return redirect(reverse("admin:collections_app_mappingtemplate_change", args=[template.pk]))
        fieldsets = OPERATORS_FIELDSETS if desk.is_operator else FIELDSETS
        shown = helpers.AdminForm(form, fieldsets, {}, model_admin=self)  # type: ignore[arg-type]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Add a template",
            "form": form,
            "adminform": shown,
            "errors": form.errors,
        }
        return TemplateResponse(request, "admin/collections_app/mappingtemplate/add.html", context)
