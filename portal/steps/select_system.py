"""Step 1: which accounting system."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from collections_app import readiness, systems
from collections_app.models import Collection
from collections_app.services import intake
from portal.access import BORROWER
from portal.flow.step import Answer, Question, Visit


class SystemForm(forms.Form):
    """One button per system; the button pressed is the answer."""

    system = forms.ChoiceField(
        choices=[(system.key, system.name) for system in systems.AVAILABLE],
        error_messages={
            "required": _("Choose your accounting system, or tell us which one you use."),
            "invalid_choice": _("Choose one of the systems on this page."),
        },
    )


class UnlistedSystemForm(forms.Form):
    """For a borrower whose system is not on the page."""

    unlisted_system = forms.CharField(
        label=_("Which accounting system do you use?"),
        max_length=200,
        error_messages={"required": _("Type the name of your accounting system.")},
    )


class SelectSystem(Question):
    slug = "select-system"
    title = _("Choose your accounting system")
    form_class = SystemForm

    def is_complete(self, collection: Collection) -> bool:
        return bool(collection.accounting_system) or readiness.documents_only(collection)

    def answers(self, collection: Collection) -> Sequence[Answer]:
        names = {system.key: system.name for system in systems.AVAILABLE}
        return [Answer(_("Accounting system"), names.get(collection.accounting_system, ""))]

    def context(self, collection: Collection) -> dict[str, Any]:
        return {"systems": systems.AVAILABLE}

    def post(self, visit: Visit) -> HttpResponse:
        if "unlisted_system" in visit.request.POST:
            return self.report_unlisted(visit)
        return super().post(visit)

    def report_unlisted(self, visit: Visit) -> HttpResponse:
        """Tells the lender, and shows the page again with what happens now."""
        form = UnlistedSystemForm(visit.request.POST)
        if not form.is_valid():
            return self.render(visit, form, status=422)
        intake.unlisted_system_report(
            collection=visit.collection, name=form.cleaned_data["unlisted_system"], by=BORROWER
        )
        return redirect("portal:step", slug=self.slug)

    def save(self, collection: Collection, form: forms.Form) -> None:
        intake.system_choose(collection=collection, key=form.cleaned_data["system"], by=BORROWER)
