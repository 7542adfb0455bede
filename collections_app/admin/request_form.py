"""The form that asks a borrower for reports."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from collections_app.admin import once
from collections_app.admin.access import Desk
from collections_app.admin.request_templates import filled_in
from collections_app.models import Collection, Lender, RequestTemplate
from collections_app.models.lender import LONGEST_LINK_DAYS
from collections_app.reports.figures import REPORT_TITLES
from collections_app.services import invitations, refreshing
from collections_app.services.asking import CollectionRequest
from collections_app.services.document_requests import WantedDocument, as_lines, wanted_documents
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
    purpose = forms.CharField(
        label="Why",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vTextField"}),
        help_text=(
            "Optional: a sentence for the borrower, for example: For the yearly review of your credit line. "
            "Without it: So that you can review the company's finances for a loan or credit."
        ),
    )
    contact_name = forms.CharField(
        label="Contact for this request",
        max_length=200,
        required=False,
        help_text="Optional: the person whom the borrower asks. Without a name it is your institution's.",
    )
    contact_phone = forms.CharField(label="Contact's telephone", max_length=40, required=False)
    contact_email = forms.EmailField(label="Contact's e-mail", required=False)
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
    documents = forms.CharField(
        label="Documents to ask for",
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 80}),
        help_text=(
            "Optional: one on each line, with a sentence behind a colon if it needs one. Write (optional) "
            "behind a name that is not required: 2025 tax return (optional): All pages, as filed."
        ),
    )
    allows_other_documents = forms.BooleanField(
        label="The borrower may upload other documents too", required=False
    )
    expires_days = forms.IntegerField(
        label="Link works for",
        min_value=1,
        max_value=LONGEST_LINK_DAYS,
        required=False,
        help_text="Days; empty for your usual number. The borrower may stop and go on as often as needed.",
    )
    send_mail = forms.BooleanField(label="Mail the link to the borrower", initial=True, required=False)

    def __init__(
        self,
        desk: Desk,
        *args: Any,
        template: RequestTemplate | None = None,
        refreshes: Collection | None = None,
        **kwargs: Any,
    ) -> None:
        if template:
            kwargs["initial"] = filled_in(template) | kwargs.get("initial", {})
        if refreshes:
            kwargs["initial"] = asked_again(refreshes) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.desk, self.template, self.refreshes = desk, template, refreshes
        lender = refreshes.lender if refreshes else desk.member.lender if desk.member else None
        if desk.is_operator and not refreshes:
            self.fields["lender"].queryset = desk.lenders  # type: ignore[attr-defined]
        else:
            del self.fields["lender"]
            self.fields["expires_days"].initial = lender.link_days if lender else None
        if desk.is_operator:
            # It is not shown to one.
            self.fields["send_mail"].disabled = True
        if refreshes:
            # What is remembered is this borrower's: another one gets a request of its own.
            self.fields["borrower_name"].disabled = True
            # It is remembered for whoever has the link, which an operator does not have sent to itself.
            self.fields["borrower_email"].disabled = desk.is_operator

    def clean_adjustment_books(self) -> list[str]:
        return [book.strip() for book in self.cleaned_data["adjustment_books"].split(",") if book.strip()]

    def clean_documents(self) -> list[WantedDocument]:
        return wanted_documents(self.cleaned_data["documents"].splitlines())

    def invite(self) -> Invitation:
        """Makes the request. Raises ValidationError."""
        answers = {"template": self.template, "refreshes": self.refreshes} | self.cleaned_data
        del answers["form_key"]
        send_mail = answers.pop("send_mail")
        if self.refreshes:
            answers |= {"lender": self.refreshes.lender, "template": self.refreshes.template}
        elif self.desk.member and not self.desk.is_operator:
            answers["lender"] = self.desk.member.lender
        asked = CollectionRequest(**answers)
        return invitations.collection_invite(asked, by=self.desk.who, send_mail=send_mail)

    def keep(self, refusal: ValidationError) -> None:
        """Puts each reason at its field where the form has it, and above the form otherwise."""
        by_field = getattr(refusal, "error_dict", {"": refusal})
        for name, reasons in by_field.items():
            self.add_error(name if name in self.fields else None, reasons)


def asked_again(collection: Collection) -> dict[str, Any]:
    """What the form begins with to ask the same once more, for the period that follows."""
    again = refreshing.request_again(collection)
    books, documents = ", ".join(again["adjustment_books"]), as_lines(again["documents"])
    return again | {"adjustment_books": books, "documents": documents}
