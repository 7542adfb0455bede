"""Step 2: what will be shared, with whom, for which dates; and the consent."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from collections_app import datasets
from collections_app.datasets import Dataset
from collections_app.models import Collection
from collections_app.reports.figures import REPORT_TITLES
from collections_app.services import intake
from collections_app.table_names import TABLE_NAMES
from portal.access import BORROWER
from portal.fields import LineField
from portal.flow.step import Answer, Question


class ConsentForm(forms.Form):
    """Who agrees, and to what. Which book the own statements use may be left open."""

    own_basis = forms.ChoiceField(
        label=_("Which book do your own financial statements use?"),
        choices=[
            (Collection.OwnBasis.ACCRUAL, _("Accrual")),
            (Collection.OwnBasis.CASH, _("Cash")),
            (Collection.OwnBasis.UNKNOWN, _("I do not know")),
        ],
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose accrual, cash, or that you do not know.")},
    )
    name = LineField(
        label=_("Your name"),
        max_length=200,
        error_messages={
            "required": _("Type your name: it is recorded with the consent."),
            "max_length": _("Type a name of at most 200 characters."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    title = LineField(
        label=_("Your title in the company (optional)"),
        max_length=200,
        required=False,
        error_messages={"max_length": _("Type a title of at most 200 characters.")},
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    # What the page said, so that nobody agrees to more than was read.
    kept_days = forms.IntegerField(required=False, widget=forms.HiddenInput)
    agreed = forms.BooleanField(
        label=_("I may share these figures, and I agree to share them for this request."),
        error_messages={"required": _("Tick the box to agree, or close this page if you do not.")},
    )


def never_read(wanted: Sequence[Dataset]) -> str:
    """What the request leaves alone, in one sentence: only what it really does not read is named."""
    names = {dataset.name for dataset in wanted}
    left = [gettext("payroll records"), gettext("bank account, card and tax numbers"), gettext("attachments")]
    left += [] if "customers" in names else [gettext("customers")]
    left += [] if "vendors" in names else [gettext("vendors")]
    left += [] if "general_ledger" in names else [gettext("single transactions")]
    return capfirst(f"{', '.join(left[:-1])}, {gettext('and')} {left[-1]}.")


class Review(Question):
    slug = "review"
    title = _("Review what will be shared")
    form_class = ConsentForm

    def is_complete(self, collection: Collection) -> bool:
        return collection.reviewed_at is not None

    def initial(self, collection: Collection) -> dict[str, Any]:
        return {
            "agreed": collection.reviewed_at is not None,
            "name": collection.consent_name,
            "title": collection.consent_title,
            "own_basis": collection.own_basis,
        }

    def answers(self, collection: Collection) -> Sequence[Answer]:
        person = ", ".join(part for part in (collection.consent_name, collection.consent_title) if part)
        choices = dict(ConsentForm.base_fields["own_basis"].choices)  # type: ignore[attr-defined]
        return [
            Answer(_("Agreed by"), person or collection.borrower_name),
            Answer(_("Your own statements use"), choices.get(collection.own_basis, _("Not said"))),
        ]

    def context(self, collection: Collection) -> dict[str, Any]:
        wanted = datasets.wanted(collection.reports)
        return {
            "reports": [REPORT_TITLES[name] for name in collection.reports],
            "tables": [TABLE_NAMES[dataset.name] for dataset in wanted],
            "never_read": never_read(wanted),
        }

    def save(self, collection: Collection, form: forms.Form) -> None:
        given = form.cleaned_data
        intake.review_confirm(
            collection=collection,
            name=given["name"],
            title=given["title"],
            own_basis=given["own_basis"],
            kept_days=given["kept_days"],
            by=BORROWER,
        )
