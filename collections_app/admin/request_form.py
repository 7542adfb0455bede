"""The form that asks a borrower for reports."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from collections_app import links
from collections_app.admin import once
from collections_app.admin.access import Desk
from collections_app.models import Collection, Lender
from collections_app.reports.figures import REPORT_TITLES
from collections_app.services import invitations
from collections_app.services.invitations import Invitation


class DayInput(forms.DateInput):
    """The browser's own calendar, which needs no script of ours."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class RequestForm(forms.Form):
    """A request as a manager fills it in; only operators are asked which lender it is for."""

    form_key = forms.CharField(widget=forms.HiddenInput, initial=once.form_key, required=False)
    lender = forms.ModelChoiceField(queryset=Lender.objects.none(), empty_label="Choose a lender")
    borrower_name = forms.CharField(
        label="Borrower", max_length=200, help_text="The company, as you call it."
    )
    borrower_email = forms.EmailField(label="Borrower's e-mail", help_text="The link is for this person.")
    date_from = forms.DateField(label="From", widget=DayInput(), help_text="The first day of the period.")
    date_to = forms.DateField(
        label="To", widget=DayInput(), help_text="The last day of the period, included."
    )
    lender_reference = forms.CharField(
        label="Your own reference",
        max_length=100,
        required=False,
        help_text="Optional: a loan or file number, to find this request by. The borrower sees it too.",
    )
    reports = forms.MultipleChoiceField(
        choices=list(REPORT_TITLES.items()), initial=list(REPORT_TITLES), widget=forms.CheckboxSelectMultiple
    )
    basis = forms.ChoiceField(
        choices=Collection.Basis.choices,
        required=False,
        help_text="Leave it at the company's own book unless your policy names a basis.",
    )
    adjustment_books = forms.CharField(
        max_length=400,
        required=False,
        help_text="Optional: IDs of adjustment books to include, separated by commas, for example GAAPADJ.",
    )
    expires_days = forms.IntegerField(
        label="Link works for",
        initial=links.DEFAULT_DAYS,
        min_value=1,
        max_value=invitations.LONGEST_LINK_DAYS,
        help_text="Days. The borrower can stop and go on as often as needed within this time.",
    )
    send_mail = forms.BooleanField(label="Mail the link to the borrower", initial=True, required=False)

    def __init__(self, desk: Desk, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.desk = desk
        if desk.is_operator:
            self.fields["lender"].queryset = desk.lenders  # type: ignore[attr-defined]
        else:
            del self.fields["lender"]

    def clean_adjustment_books(self) -> list[str]:
        return [book.strip() for book in self.cleaned_data["adjustment_books"].split(",") if book.strip()]

    def invite(self) -> Invitation | None:
        """Makes the request. None when the service refused it; the form then holds the reasons."""
        answers = {name: value for name, value in self.cleaned_data.items() if name != "form_key"}
        if self.desk.member and not self.desk.is_operator:
            answers["lender"] = self.desk.member.lender
        try:
            return invitations.collection_invite(by=self.desk.who, **answers)
        except ValidationError as refusal:
            self._keep(refusal)
            return None

    def _keep(self, refusal: ValidationError) -> None:
        """Puts each reason at its field where the form has it, and above the form otherwise."""
        by_field = getattr(refusal, "error_dict", {"": refusal})
        for name, reasons in by_field.items():
            self.add_error(name if name in self.fields else None, reasons)
