"""The lender's questions after it has looked, and the borrower's answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from collections_app.models import Collection
from collections_app.services import reviewing
from portal import access


class AnswersForm(forms.Form):
    """A field for each open question; what stays empty is left for later."""

    def __init__(self, data: Any, collection: Collection) -> None:
        super().__init__(data)
        self.collection = collection
        for question in collection.questions.filter(answered_at=None):
            self.fields[question.key] = forms.CharField(
                label=question.words,
                required=False,
                max_length=reviewing.LONGEST_WORDS,
                widget=forms.Textarea(attrs={"rows": 4}),
                error_messages={
                    "max_length": gettext_lazy("Shorten your answer to at most %(limit_value)d characters.")
                },
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned.values()):
            raise forms.ValidationError(gettext("Write an answer first."))
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
@access.borrower_view
def questions(request: HttpRequest, collection: Collection) -> HttpResponse:
    """The questions and what was answered; a POST answers those that have words."""
    if collection.status == Collection.Status.WITHDRAWN or not collection.questions.exists():
        return redirect("portal:collection")
    form = AnswersForm(request.POST if request.method == "POST" else None, collection)
    if request.method == "POST" and form.is_valid():
        reviewing.questions_answer(collection=collection, answers=form.cleaned_data, by=access.BORROWER)
        return redirect("portal:questions")
    context = {
        "collection": collection,
        "lender": collection.lender,
        "form": form,
        "answered": collection.questions.exclude(answered_at=None),
    }
    return render(request, "portal/questions.html", context, status=422 if form.errors else 200)
