"""One step of the journey."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise

from collections_app.models import Collection

if TYPE_CHECKING:
    from portal.flow.journey import Journey


@dataclass(frozen=True)
class Visit:
    """A request to one step of one collection's journey."""

    request: HttpRequest
    collection: Collection
    journey: Journey


@dataclass(frozen=True)
class Answer:
    """What was answered, for the page on which all answers are checked."""

    term: str | Promise
    value: str | Promise
    note: str | Promise = ""


class Step(ABC):
    """A page of the journey.

    Where a borrower may be is computed from what is stored, never remembered. A step says whether it applies,
    whether it is answered, and shows and takes its answer; it knows no other step.
    """

    slug: ClassVar[str]
    title: ClassVar[str | Promise]
    # Whether it is the page on which all answers are checked: whoever changes one comes back here.
    checks_answers: ClassVar[bool] = False

    def is_applicable(self, collection: Collection) -> bool:
        """Whether this collection has the step at all."""
        return True

    def is_open(self, collection: Collection) -> bool:
        """Whether the answer may still be given or changed."""
        return collection.status == Collection.Status.STARTED

    @abstractmethod
    def is_complete(self, collection: Collection) -> bool:
        """Whether what this step waits for is there."""

    def answers(self, collection: Collection) -> Sequence[Answer]:
        """What was answered here, in words, to be checked before Connect."""
        return ()

    def context(self, collection: Collection) -> dict[str, Any]:
        """What the template needs besides the form."""
        return {}

    def get(self, visit: Visit) -> HttpResponse:
        return self.render(visit)

    def post(self, visit: Visit) -> HttpResponse:
        """A step that asks nothing leads to where things stand."""
        return redirect("portal:collection")

    def render(
        self,
        visit: Visit,
        form: Form | None = None,
        *,
        status: int = 200,
        template: str = "",
        more: Mapping[str, Any] | None = None,
    ) -> HttpResponse:
        """The step's page inside the journey's frame; `more` goes before the step's own context."""
        context = {
            "collection": visit.collection,
            "lender": visit.collection.lender,
            "journey": visit.journey,
            "step": self,
            "form": form,
            **self.context(visit.collection),
            **(more or {}),
        }
        name = template or self.slug.replace("-", "_")
        return render(visit.request, f"portal/steps/{name}.html", context, status=status)


class Question(Step):
    """A step with a form: shows the stored answer, takes a new one through one service."""

    form_class: ClassVar[type[Form]] = Form

    @abstractmethod
    def save(self, collection: Collection, form: Form) -> None:
        """Stores a valid answer through one service.

        Raises ValidationError for what only the service can refuse.
        """

    def make_form(self, collection: Collection, data: Any = None) -> Form:
        """The form: bound to what was posted, or filled with the stored answer."""
        return self.form_class(data, initial=self.initial(collection))

    def initial(self, collection: Collection) -> dict[str, Any]:
        """The stored answer, as the form's fields name it."""
        return {}

    def get(self, visit: Visit) -> HttpResponse:
        return self.render(visit, self.make_form(visit.collection))

    def post(self, visit: Visit) -> HttpResponse:
        return self.take(visit, self.make_form(visit.collection, visit.request.POST))

    def take(self, visit: Visit, form: Form) -> HttpResponse:
        """Stores a valid form and goes on; shows an invalid one again with everything that was typed."""
        if form.is_valid():
            try:
                self.save(visit.collection, form)
            except ValidationError as refusal:
                form.add_error(None, refusal)
            else:
                return redirect("portal:collection")
        return self.render(visit, form, status=422)
