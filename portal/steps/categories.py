"""Step 6: QuickStart categories for the accounts that came without one, then Connect."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from collections_app import readiness
from collections_app.models import Account, Collection, Run
from collections_app.reports import categories
from collections_app.services import intake
from portal.access import BORROWER
from portal.flow.step import Question, Visit

STATEMENTS = {"balancesheet": _("Balance sheet"), "incomestatement": _("Income statement")}


def grouped_choices(collection: Collection) -> list[tuple[Any, Any]]:
    """The offered names: those in use in this company first, then the standard list by section."""
    used = sorted(
        {account.category for account in collection.accounts.exclude(category="")}, key=str.casefold
    )
    sections: dict[str, list[tuple[str, str]]] = {}
    for category in categories.STANDARD:
        sections.setdefault(category.section, []).append((category.name, category.name))
    in_use = [(_("In use in your company"), [(name, name) for name in used])] if used else []
    return [("", _("Choose a category")), *in_use, *sections.items()]


class CategoriesForm(forms.Form):
    """One choice per account, and one choice for all accounts that are ticked."""

    selected = forms.MultipleChoiceField(required=False)
    category_for_selected = forms.ChoiceField(required=False, label=_("Category for the ticked accounts"))

    def __init__(self, data: Any, *, accounts: Iterable[Account], choices: list[tuple[Any, Any]]) -> None:
        super().__init__(data)
        self.accounts = list(accounts)
        self.fields["selected"].choices = [(account.number, account.number) for account in self.accounts]  # type: ignore[attr-defined]
        self.fields["category_for_selected"].choices = choices  # type: ignore[attr-defined]
        for account in self.accounts:
            self.fields[self.field_name(account)] = forms.ChoiceField(
                required=False,
                label=f"{account.number} {account.title}",
                choices=choices,
                initial=account.assigned_category,
                error_messages={"invalid_choice": _("Choose a category from the list.")},
            )

    @staticmethod
    def field_name(account: Account) -> str:
        return f"category-{account.number}"

    def answers(self) -> dict[str, str]:
        """The category of each account that was posted; the bulk choice wins for the ticked ones."""
        given = {
            account.number: self.cleaned_data[self.field_name(account)]
            for account in self.accounts
            if self.field_name(account) in self.data
        }
        bulk = self.cleaned_data.get("category_for_selected")
        return given | {number: bulk for number in self.cleaned_data["selected"] if bulk}

    def rows(self) -> list[dict[str, Any]]:
        """For the template: each account with its bound field."""
        return [{"account": account, "field": self[self.field_name(account)]} for account in self.accounts]


class Categories(Question):
    slug = "categories"
    title = _("Complete the QuickStart categories and connect")

    def is_complete(self, collection: Collection) -> bool:
        return collection.submitted_at is not None

    def make_form(self, collection: Collection, data: Any = None) -> CategoriesForm:
        return CategoriesForm(
            data, accounts=readiness.accounts_to_assign(collection), choices=grouped_choices(collection)
        )

    def context(self, collection: Collection) -> dict[str, Any]:
        return {
            "blocking": readiness.accounts_blocking(collection),
            "statements": STATEMENTS,
            "account_count": collection.accounts.count(),
            "run": readiness.run_of(collection, Run.Kind.EXAMINE),
            "operators_problem": readiness.waiting_for_operator(collection),
        }

    def get(self, visit: Visit) -> HttpResponse:
        if not readiness.chart_read(visit.collection):
            return self.render(visit, template="reading_accounts")
        return super().get(visit)

    def take(self, visit: Visit, form: forms.Form) -> HttpResponse:
        """Saves the answers; the Connect button then starts the collection, or says what is missing."""
        response = super().take(visit, form)
        if response.status_code == 422 or visit.request.POST.get("action") != "connect":
            return response
        try:
            intake.collection_submit(collection=visit.collection, by=BORROWER)
        except intake.NotReady as refusal:
            return self.render_refusal(visit, refusal.reasons)
        return redirect("portal:collection")

    def render_refusal(self, visit: Visit, reasons: list[str]) -> HttpResponse:
        """The page again, with what was just saved and why the collection cannot start."""
        stored = {
            CategoriesForm.field_name(account): account.assigned_category
            for account in readiness.accounts_to_assign(visit.collection)
        }
        form = self.make_form(visit.collection, stored)
        form.full_clean()
        for reason in reasons:
            form.add_error(None, reason)
        return self.render(visit, form, status=422)

    def save(self, collection: Collection, form: forms.Form) -> None:
        answers = cast(CategoriesForm, form).answers()
        intake.categories_assign(collection=collection, answers=answers, by=BORROWER)
