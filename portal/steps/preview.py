"""The last step where the lender allows it: the borrower looks first, explains, attests and shares."""

from typing import Any, cast

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from collections_app import books, readiness
from collections_app.documents import documents_of
from collections_app.models import CheckResult, Collection
from collections_app.reports.consistency import BooksRefused
from collections_app.services import sharing
from portal.access import BORROWER
from portal.flow.step import Question, Visit
from portal.previewed import Previewed, previewed


class PreviewForm(forms.Form):
    """A field for each check that failed, and who attests; the latter is only asked for when sharing."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=sharing.LONGEST_NAME,
        error_messages={"required": _("Type your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    title = forms.CharField(
        label=_("Your title"),
        max_length=sharing.LONGEST_NAME,
        error_messages={"required": _("Type your title, for example Controller.")},
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    agreed = forms.BooleanField(
        label=_(
            "I have looked at these reports. As far as I know they are what our books say. I may share them."
        ),
        error_messages={"required": _("Tick the box to attest the reports, or save and come back.")},
    )

    def __init__(
        self, data: Any, *, checks: list[CheckResult], explained: dict[str, str], initial: dict[str, str]
    ) -> None:
        super().__init__(data, initial=initial)
        self.checks = checks
        self.is_sharing = data is not None and data.get("action") == "share"
        for field in self.fields.values():
            field.required = self.is_sharing
        for check in checks:
            self.fields[self.field_name(check)] = forms.CharField(
                required=False,
                label=_("Your explanation"),
                max_length=sharing.LONGEST_EXPLANATION,
                initial=explained.get(check.check_id, ""),
                widget=forms.Textarea(attrs={"rows": 3}),
                error_messages={
                    "max_length": _("Shorten this explanation to at most %(limit_value)d characters.")
                },
            )

    @staticmethod
    def field_name(check: CheckResult) -> str:
        return f"explanation-{check.check_id}"

    def answers(self) -> dict[str, str]:
        """The words for each check that was on the posted page."""
        return {
            check.check_id: self.cleaned_data[self.field_name(check)]
            for check in self.checks
            if self.field_name(check) in self.data
        }

    def rows(self) -> list[tuple[CheckResult, forms.BoundField]]:
        """For the template: each check with the field for its explanation."""
        return [(check, self[self.field_name(check)]) for check in self.checks]


class Preview(Question):
    slug = "preview"
    title = _("Look at your reports and share them")

    def is_applicable(self, collection: Collection) -> bool:
        return collection.previews

    def is_open(self, collection: Collection) -> bool:
        return readiness.waits_to_be_shared(collection)

    def is_complete(self, collection: Collection) -> bool:
        return collection.status == Collection.Status.SUBMITTED

    def make_form(self, collection: Collection, data: Any = None) -> PreviewForm:
        explained = {given.check_id: given.words for given in collection.explanations.all()}
        failed = list(collection.checks.filter(outcome="fail"))
        # Who agreed is usually who attests, and is not made to type it twice.
        known = {"name": collection.consent_name, "title": collection.consent_title}
        return PreviewForm(data, checks=failed, explained=explained, initial=known)

    def context(self, collection: Collection) -> dict[str, Any]:
        reports, refusal = self.reports(collection)
        return {
            "previewed": reports,
            "refusal": refusal,
            "check_count": collection.checks.count(),
            "files": collection.files.all() if collection.lender.allows_copy else [],
            "documents": documents_of(collection),
        }

    def reports(self, collection: Collection) -> tuple[Previewed | None, str]:
        """The statements, or why they cannot be shown."""
        try:
            return previewed(books.statements_of(collection)), ""
        except BooksRefused as refusal:
            return None, str(refusal)

    def get(self, visit: Visit) -> HttpResponse:
        if not self.is_open(visit.collection):
            return redirect("portal:collection")
        return super().get(visit)

    def take(self, visit: Visit, form: forms.Form) -> HttpResponse:
        """Saving alone leads back to the page, which says so; sharing leads on."""
        response = super().take(visit, form)
        if response.status_code == 302 and not cast(PreviewForm, form).is_sharing:
            return redirect(reverse("portal:step", args=[self.slug]) + "?saved=1#attest")
        return response

    def save(self, collection: Collection, form: forms.Form) -> None:
        answers = cast(PreviewForm, form)
        sharing.explanations_save(collection=collection, answers=answers.answers(), by=BORROWER)
        if answers.is_sharing:
            sharing.collection_share(
                collection=collection,
                name=answers.cleaned_data["name"],
                title=answers.cleaned_data["title"],
                by=BORROWER,
            )
