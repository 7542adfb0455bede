"""Step 6: QuickStart categories for the accounts that came without one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from collections_app import assignment, readiness, remembering
from collections_app.models import Account, Collection, Run
from collections_app.reports import categories
from collections_app.section_names import SECTION_NAMES
from collections_app.services import intake
from portal.access import BORROWER
from portal.fields import words_of
from portal.flow.step import Answer, Question, Visit
from portal.steps.account_questions import answer_in, answers_in


def grouped_choices(collection: Collection) -> list[tuple[Any, Any]]:
    """The offered names: those in use in this company first, then the standard list by section."""
    used = readiness.categories_in_use(collection)
    sections: dict[str, list[tuple[str, str]]] = {}
    for category in categories.STANDARD:
        sections.setdefault(category.section, []).append((category.name, category.name))
    standard = [(SECTION_NAMES[section], names) for section, names in sections.items()]
    in_use = [(_("In use in your company"), [(name, name) for name in used])] if used else []
    return [("", _("Choose a category")), *in_use, *standard]


class CategoriesForm(forms.Form):
    """One choice per account, one for all accounts that are ticked, and a suggestion that is accepted."""

    accept = forms.CharField(required=False, strip=False)
    accept_all = forms.CharField(required=False, strip=False)

    selected = forms.MultipleChoiceField(required=False)
    category_for_selected = forms.ChoiceField(required=False, label=_("Category for the ticked accounts"))

    def __init__(
        self,
        data: Any,
        *,
        accounts: Iterable[Account],
        choices: list[tuple[Any, Any]],
        remembered: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(data)
        of_last_time = remembered or {}
        self.accounts = list(accounts)
        self.fields["selected"].choices = [(account.number, account.number) for account in self.accounts]  # type: ignore[attr-defined]
        self.fields["category_for_selected"].choices = choices  # type: ignore[attr-defined]
        for account in self.accounts:
            self.fields[self.field_name(account)] = forms.ChoiceField(
                required=False,
                label=f"{account.number} {account.title}",
                choices=choices,
                initial=account.assigned_category or of_last_time.get(account.number, ""),
                error_messages={"invalid_choice": _("Choose a category from the list.")},
            )

    @staticmethod
    def field_name(account: Account) -> str:
        return f"category-{account.number}"

    def answers(self) -> dict[str, str]:
        """The category of each account that was posted.

        The bulk choice wins for the ticked ones. An accepted suggestion wins for its one account; one for
        several accounts, and all at once, leave those alone for which something was chosen on the page.
        """
        given = {
            account.number: self.cleaned_data[self.field_name(account)]
            for account in self.accounts
            if self.field_name(account) in self.data
        }
        bulk = self.cleaned_data.get("category_for_selected")
        given |= {number: bulk for number in self.cleaned_data["selected"] if bulk}
        category, numbers = answer_in(self.cleaned_data["accept"])
        accepted = numbers if len(numbers) == 1 else [each for each in numbers if not given.get(each)]
        likely = answers_in(self.cleaned_data["accept_all"])
        left_alone = {number: name for number, name in likely.items() if not given.get(number)}
        return given | left_alone | dict.fromkeys(accepted, category)

    def rows(self) -> list[tuple[Account, forms.BoundField]]:
        """For the template: each account with its bound field."""
        return [(account, self[self.field_name(account)]) for account in self.accounts]


class Categories(Question):
    slug = "categories"
    title = _("Complete the QuickStart categories")

    def is_complete(self, collection: Collection) -> bool:
        """Once Connect was pressed nothing is missing, and the accounts need not be decrypted to know it."""
        return readiness.connect_pressed(collection) or not readiness.categories_missing(collection)

    def answers(self, collection: Collection) -> Sequence[Answer]:
        chosen = sum(bool(account.assigned_category) for account in readiness.chart_of(collection))
        said = ngettext("%(count)d category chosen here", "%(count)d categories chosen here", chosen) % {
            "count": chosen
        }
        return [
            Answer(
                _("QuickStart categories"),
                said if chosen else _("None had to be chosen"),
                _("Every account with figures in the period has one."),
            )
        ]

    def make_form(self, collection: Collection, data: Any = None) -> CategoriesForm:
        accounts = readiness.accounts_to_assign(collection)
        remembered = remembering.categories_of_last_time(collection, accounts)
        choices = grouped_choices(collection)
        return CategoriesForm(data, accounts=accounts, choices=choices, remembered=remembered)

    def context(self, collection: Collection) -> dict[str, Any]:
        return {
            "queue": assignment.queue_of(collection),
            "account_count": len(readiness.chart_of(collection)),
            "run": readiness.run_of(collection, Run.Kind.EXAMINE),
            "operators_problem": readiness.waiting_for_operator(collection),
        }

    def get(self, visit: Visit) -> HttpResponse:
        """With `search`: the accounts that have all its words in number or title."""
        if not readiness.chart_read(visit.collection):
            return self.render(visit, template="reading_accounts")
        searched = words_of(visit.request.GET.get("search", ""))
        return self.render(visit, self.make_form(visit.collection), more={"searched": " ".join(searched)})

    def post(self, visit: Visit) -> HttpResponse:
        if visit.request.headers.get("Accept") == "application/json":
            return self.keep(visit)
        return super().post(visit)

    def keep(self, visit: Visit) -> JsonResponse:
        """Saves one answer as soon as it is given, for the script, and says how many are left."""
        form = self.make_form(visit.collection, visit.request.POST)
        if not form.is_valid():
            wrong = [str(text) for errors in form.errors.values() for text in errors]
            return JsonResponse({"said": " ".join(wrong)}, status=422)
        try:
            self.save(visit.collection, form)
        except ValidationError as refusal:
            return JsonResponse({"said": " ".join(refusal.messages)}, status=422)
        left = len(readiness.accounts_blocking(visit.collection))
        said = ngettext("Saved. %(count)d account left.", "Saved. %(count)d accounts left.", left)
        return JsonResponse({"said": said % {"count": left}})

    def take(self, visit: Visit, form: forms.Form) -> HttpResponse:
        """Saves the answers; who wants to go on is told what is missing, if anything is."""
        response = super().take(visit, form)
        if response.status_code == 422:
            return response
        if visit.request.POST.get("action") != "continue":
            # To the next question, not to the top of a long page.
            return redirect(reverse("portal:step", args=[self.slug]) + "#next")
        missing = readiness.categories_missing(visit.collection)
        return self.render_refusal(visit, missing) if missing else response

    def render_refusal(self, visit: Visit, reasons: list[str]) -> HttpResponse:
        """The page again, with what was just saved and why it cannot go on."""
        stored = {
            CategoriesForm.field_name(account): account.assigned_category
            for account in readiness.accounts_to_assign(visit.collection)
        }
        form = self.make_form(visit.collection, stored)
        form.full_clean()
        missing = readiness.accounts_blocking(visit.collection)
        place = CategoriesForm.field_name(missing[0]) if missing else None
        for reason in reasons:
            form.add_error(place, reason)
        return self.render(visit, form, status=422)

    def save(self, collection: Collection, form: forms.Form) -> None:
        answers = cast(CategoriesForm, form).answers()
        intake.categories_assign(collection=collection, answers=answers, by=BORROWER)
