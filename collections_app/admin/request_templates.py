"""What a lender usually asks for: templates that managers keep and the form of a request begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin.filters import RelatedOnlyFieldListFilter
from django.http import HttpRequest

from collections_app.admin.access import Desk, LenderScoped, desk_of
from collections_app.admin.mapping import choose_own_layout
from collections_app.models import RequestTemplate
from collections_app.reports.figures import REPORT_TITLES
from collections_app.services.document_requests import wanted_documents, wanted_documents_check

YOUR_USUAL_LAYOUT = "Your usual layout"

if TYPE_CHECKING:
    TemplateModelForm = forms.ModelForm[RequestTemplate]
else:
    TemplateModelForm = forms.ModelForm


class RequestTemplateForm(TemplateModelForm):
    """The fields of a template, with the reports to tick."""

    lender_id: int | None = None
    reports = forms.MultipleChoiceField(
        choices=list(REPORT_TITLES.items()), initial=list(REPORT_TITLES), widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = RequestTemplate
        exclude = ("lender",)
        widgets = {"documents": forms.Textarea(attrs={"rows": 6, "cols": 80})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.lender_id and not self.instance.pk:
            self.instance.lender_id = self.lender_id
        if "mapping" in self.fields:
            choose_own_layout(self.fields["mapping"], self.instance.lender_id, YOUR_USUAL_LAYOUT)

    def clean_documents(self) -> str:
        text: str = self.cleaned_data["documents"]
        wanted_documents_check(wanted_documents(text.splitlines()))
        return text

    def _get_validation_exclusions(self) -> set[str]:
        """Names are once for a lender, and there is one usual template, though no field says which lender."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # Django's, unlisted
        return excluded - {"lender"}


class OperatorsRequestTemplateForm(RequestTemplateForm):
    """The same for an operator, who is asked for which lender it is."""

    class Meta(RequestTemplateForm.Meta):
        exclude: tuple[str, ...] = ()  # type: ignore[assignment]


@admin.register(RequestTemplate)
class RequestTemplateAdmin(LenderScoped[RequestTemplate]):
    """All staff read them; managers add, change and delete. Each change is in Django's own history."""

    list_display = ("name", "period", "documents_asked", "is_usual")
    list_filter = (("lender", RelatedOnlyFieldListFilter),)
    list_select_related = ("lender",)
    search_fields = ("name",)
    empty_words = "There is no template yet. One keeps what you ask for again and again."

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        is_operator = desk_of(request).is_operator
        kwargs["form"] = OperatorsRequestTemplateForm if is_operator else RequestTemplateForm
        form: Any = super().get_form(request, obj, change, **kwargs)
        member = desk_of(request).member
        form.lender_id = None if is_operator or member is None else member.lender_id
        return form

    def get_fieldsets(self, request: HttpRequest, obj: RequestTemplate | None = None) -> list[Any]:
        lender = ["lender"] if desk_of(request).is_operator else []
        return [
            (None, {"fields": [*lender, "name", "is_usual"]}),
            ("What is asked for", {"fields": ["reports", "documents", "allows_other_documents"]}),
            ("Period", {"fields": ["date_rule", "date_count", "first_month"]}),
            ("The request", {"fields": ["purpose", "link_days"]}),
            ("Reports", {"fields": ["mapping"]}),
        ]

    @admin.display(description="period")
    def period(self, template: RequestTemplate) -> str:
        rule = template.get_date_rule_display()
        return f"{rule}: {template.date_count}" if template.date_rule else rule

    @admin.display(description="documents")
    def documents_asked(self, template: RequestTemplate) -> int:
        return len(wanted_documents(template.documents.splitlines()))

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        columns = list(self.list_display)
        if desk_of(request).is_operator:
            columns.insert(1, "lender")
        return columns

    def has_add_permission(self, request: HttpRequest) -> bool:
        return desk_of(request).may_manage

    def has_change_permission(self, request: HttpRequest, obj: RequestTemplate | None = None) -> bool:
        return desk_of(request).may_manage and self.is_within_reach(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: RequestTemplate | None = None) -> bool:
        """Requests hold a copy, the rule for the dates too, so that nothing is lost with a template."""
        return desk_of(request).may_manage and self.is_within_reach(request, obj)


def templates_for(desk: Desk) -> list[RequestTemplate]:
    """What this person may fill a request in with."""
    return list(RequestTemplate.objects.filter(lender__in=desk.lenders).select_related("lender"))


def chosen_template(templates: list[RequestTemplate], asked: str | None) -> RequestTemplate | None:
    """The one that was asked for; the usual one where none was, if there is just one."""
    if asked is None:
        usual = [template for template in templates if template.is_usual]
        return usual[0] if len(usual) == 1 else None
    return next((template for template in templates if str(template.pk) == asked), None)


def filled_in(template: RequestTemplate) -> dict[str, Any]:
    """What the form of a request begins with, on this day of the lender."""
    return template.answers() | {"lender": template.lender_id}
