"""The borrower hands the set-up on: makes a set-up link, sees how far the colleague is, takes it back."""

import secrets
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from collections_app import readiness, set_up, states
from collections_app.models import Collection
from collections_app.services import linking, setting_up
from portal import signing_in
from portal.access import BORROWER, borrower_view
from portal.fields import AddressField

SEED_BYTES = 24


class ColleagueForm(forms.Form):
    """Where to mail the link, if anywhere. The seed makes a form that is sent twice one link."""

    email = AddressField(
        label=_("Your colleague’s email address (optional)"),
        max_length=254,
        required=False,
        error_messages={
            "invalid": _("Type an email address such as name@company.com, or leave it empty."),
            "max_length": _("Type an email address of at most 254 characters, or leave it empty."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    seed = forms.RegexField(r"^[0-9A-Za-z_-]{32}$", strip=False, widget=forms.HiddenInput)


@require_http_methods(["GET", "HEAD", "POST"])
@borrower_view
@sensitive_variables("url")
def page(request: HttpRequest, collection: Collection) -> HttpResponse:
    """The page of the set-up link. Its address is shown in the answer to the press of the button alone."""
    if not may_hand_on(collection):
        return redirect("portal:collection")
    if request.method != "POST":
        return _render(request, collection, new_form())
    form = ColleagueForm(request.POST)
    if not form.is_valid():
        return _render(request, collection, _with_seed(request, form), status=422)
    try:
        link, url = setting_up.set_up_link_issue(
            collection=collection, seed=form.cleaned_data["seed"], by=BORROWER
        )
    except states.AnswersClosed:
        return redirect("portal:collection")
    except ValidationError as refused:
        form.add_error(None, refused)
        return _render(request, collection, form, status=422)
    told: dict[str, Any] = {"url": url, "link": link}
    email = form.cleaned_data["email"]
    if email:
        try:
            sent = setting_up.set_up_link_mail(link=link, url=url, to=email, by=BORROWER)
            told |= {"mailed_to": email if sent else "", "mail_failed": not sent}
        except ValidationError as refused:
            form.add_error(None, refused)
            return _render(request, collection, form, status=422, **told)
    return _render(request, collection, new_form(), **told)


@require_POST
@borrower_view
def withdraw(request: HttpRequest, collection: Collection) -> HttpResponse:
    """Takes the set-up link back."""
    linking.set_up_link_revoke(collection=collection, by=BORROWER)
    return redirect("portal:colleague")


def may_hand_on(collection: Collection) -> bool:
    """Whether there is a sign-in to be set up: agreed to, and not working yet."""
    open_for_it = (Collection.Status.STARTED, Collection.Status.COLLECTING)
    if collection.status not in open_for_it or not collection.reviewed_at:
        return False
    return not readiness.sign_in_works(collection)


def hand_on_context(collection: Collection) -> dict[str, Any]:
    """How the handing on stands, for the steps from which it begins."""
    may = may_hand_on(collection)
    link = set_up.current(collection) if may else None
    return {
        "may_hand_on": may,
        "set_up_link": link,
        "colleagues_ticks": signing_in.ticks_said(collection, by_colleague=True) if link else "",
    }


def new_form() -> ColleagueForm:
    return ColleagueForm(initial={"seed": secrets.token_urlsafe(SEED_BYTES)})


def _with_seed(request: HttpRequest, form: ColleagueForm) -> ColleagueForm:
    """The form as it was typed, with a seed of ours if its own was none."""
    if "seed" not in form.errors:
        return form
    typed = request.POST.copy()
    typed["seed"] = secrets.token_urlsafe(SEED_BYTES)
    again = ColleagueForm(typed)
    if again.is_valid():
        again.add_error(None, _("This page was not complete. Press the button once more."))
    return again


def _render(
    request: HttpRequest, collection: Collection, form: forms.Form, status: int = 200, **told: Any
) -> HttpResponse:
    context = {
        "collection": collection,
        "lender": collection.lender,
        "form": form,
        **hand_on_context(collection),
        **told,
    }
    return render(request, "portal/colleague.html", context, status=status)
