"""Step 5, only where there is a choice: the entity or the consolidation book."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collections_app import readiness
from collections_app.models import Collection
from collections_app.services import intake
from portal.access import BORROWER
from portal.flow.step import Question


class ScopeForm(forms.Form):
    """One radio button per scope; its value is the kind and the id."""

    scope = forms.ChoiceField(
        label=_("What should the reports be about?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose an entity or book from the list."),
            "invalid_choice": _("Choose an entity or book from the list."),
        },
    )

    def __init__(self, *args: Any, options: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scope"].choices = options  # type: ignore[attr-defined]


class Entity(Question):
    slug = "entity"
    title = _("Choose the entity or book")

    def is_applicable(self, collection: Collection) -> bool:
        return collection.scope_options.count() > 1

    def is_complete(self, collection: Collection) -> bool:
        return readiness.scope_chosen(collection)

    def make_form(self, collection: Collection, data: Any = None) -> forms.Form:
        chosen = f"{collection.scope_kind}:{collection.scope_id}" if collection.scope_kind else ""
        options = [
            (f"{option.kind}:{option.identifier}", option.name) for option in collection.scope_options.all()
        ]
        return ScopeForm(data, initial={"scope": chosen}, options=options)

    def context(self, collection: Collection) -> dict[str, Any]:
        return {"options": list(collection.scope_options.all())}

    def save(self, collection: Collection, form: forms.Form) -> None:
        kind, _separator, identifier = form.cleaned_data["scope"].partition(":")
        intake.scope_choose(collection=collection, kind=kind, identifier=identifier, by=BORROWER)
