"""Step 5, only where there is a choice: the entity or the consolidation book."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from collections_app import readiness, remembering
from collections_app.models import Collection, ScopeOption
from collections_app.services import intake
from portal.access import BORROWER
from portal.fields import has_words, words_of
from portal.flow.step import Answer, Question, Visit

MEANINGS: dict[str, str | Promise] = {
    Collection.ScopeKind.COMPANY: _("The whole company: all entities added up, without eliminations."),
    Collection.ScopeKind.ENTITY: _("One entity, on its own."),
    Collection.ScopeKind.BOOK: _("A consolidation book, with eliminations, as it was last consolidated."),
}


SEARCHED_FROM = 8


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


def _value(option: ScopeOption | None) -> str:
    return f"{option.kind}:{option.identifier}" if option else ""


class Entity(Question):
    slug = "entity"
    title = _("Choose the entity or book")

    def is_applicable(self, collection: Collection) -> bool:
        return collection.scope_options.count() > 1

    def is_complete(self, collection: Collection) -> bool:
        return readiness.scope_chosen(collection)

    def make_form(self, collection: Collection, data: Any = None) -> forms.Form:
        """With what is chosen, or else with what was chosen last time: it counts once it is sent."""
        offered = list(collection.scope_options.all())
        chosen = f"{collection.scope_kind}:{collection.scope_id}" if collection.scope_kind else ""
        if not chosen:
            chosen = _value(remembering.scope_of_last_time(collection, offered))
        options = [(_value(option), option.name) for option in offered]
        return ScopeForm(data, initial={"scope": chosen}, options=options)

    def answers(self, collection: Collection) -> Sequence[Answer]:
        chosen = collection.chosen_scope
        if chosen is None:
            return []
        name = f"{chosen.name} ({chosen.identifier})" if chosen.identifier else chosen.name
        return [Answer(_("The reports are about"), name, MEANINGS[chosen.kind])]

    def context(self, collection: Collection) -> dict[str, Any]:
        connection = readiness.connection_of(collection)
        findings = connection.findings if connection else {}
        options = list(collection.scope_options.all())
        return {
            "options": options,
            "last_time": remembering.scope_of_last_time(collection, options),
            "option_count": len(options),
            "has_search": len(options) > SEARCHED_FROM,
            # None: even the list of entities may not be read, so nobody knows what is missing.
            "hidden_entities": findings.get("hidden_entities"),
        }

    def get(self, visit: Visit) -> HttpResponse:
        """With `search`: the options that have all its words in name, ID or currency, and the chosen one."""
        searched = words_of(visit.request.GET.get("search", ""))
        form = self.make_form(visit.collection)
        chosen = form["scope"].value()
        found = [
            option
            for option in visit.collection.scope_options.all()
            if _value(option) == chosen
            or has_words(f"{option.name} {option.identifier} {option.currency}", searched)
        ]
        return self.render(visit, form, more={"options": found, "searched": " ".join(searched)})

    def save(self, collection: Collection, form: forms.Form) -> None:
        kind, _separator, identifier = form.cleaned_data["scope"].partition(":")
        intake.scope_choose(collection=collection, kind=kind, identifier=identifier, by=BORROWER)
