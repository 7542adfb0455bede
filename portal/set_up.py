"""The colleague's pages: the set-up link, the guide with the sign-in, and nothing of the request."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from collections_app import rate_limit, readiness, set_up, states
from collections_app.contacts import contact_of
from collections_app.models import Collection, Run, SetUpLink
from collections_app.services import connecting, intake, setting_up
from portal import access, languages, set_up_access, signing_in
from portal.set_up_access import COLLEAGUE, set_up_view
from portal.signing_in import PermissionTypeForm, SignInForm
from portal.visiting import CLEARED


@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The set-up link. Looking changes nothing; the button exchanges the token for a session and drops it."""
    caller = access.caller(request)
    if rate_limit.LINK_GUESSES.reached(caller):
        return render(request, "errors/too_many_tries.html", status=429)
    found = set_up.find(token)
    if found is None:
        rate_limit.LINK_GUESSES.count_failure(caller)
        return render(request, "errors/link_unknown.html", status=404)
    languages.speak(request, found.collection)
    if set_up.state(found) is not set_up.SetUpLinkState.OPEN:
        return set_up_access.refusal(request, found)
    if request.method == "POST":
        setting_up.set_up_link_open(link=found, by=COLLEAGUE)
        set_up_access.grant(request, found)
        response = redirect("portal:set_up")
        languages.keep(response, request.LANGUAGE_CODE)
        return response
    return render(request, "portal/set_up/landing.html", _context(found))


@require_http_methods(["GET", "HEAD", "POST"])
@set_up_view
def page(request: HttpRequest, link: SetUpLink) -> HttpResponse:
    """The guide and the sign-in, or that it is being tried, or that nothing is left to do."""
    if request.method == "POST":
        try:
            return _take(request, link)
        except states.AnswersClosed:
            return redirect("portal:set_up")
    collection = link.collection
    if readiness.sign_in_works(collection):
        return render(request, "portal/set_up/done.html", _context(link))
    verify = readiness.run_of(collection, Run.Kind.VERIFY)
    if verify and verify.status in Run.LIVE and "change" not in request.GET:
        return render(request, "portal/set_up/checking.html", _context(link, run=verify))
    return _guide(request, link, SignInForm(initial=_typed(link)))


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Ends this browser's access; the set-up link opens the page again."""
    if request.method == "POST":
        set_up_access.revoke(request)
        response: HttpResponse = redirect("portal:set_up_leave")
        response.headers["Clear-Site-Data"] = CLEARED
        return response
    return render(request, "portal/left.html")


def _take(request: HttpRequest, link: SetUpLink) -> HttpResponse:
    collection = link.collection
    ticked = signing_in.take_tick(request, collection, by_colleague=True, back_to=reverse("portal:set_up"))
    if ticked:
        return ticked
    if "permission_type" in request.POST:
        return _choose_permission_type(request, link)
    if "try-again" in request.POST:
        return _try_again(request, link)
    form = SignInForm(request.POST)
    if form.is_valid():
        try:
            setting_up.colleague_sign_in(link=link, by=COLLEAGUE, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return redirect("portal:set_up")
    return _guide(request, link, form, status=422)


def _choose_permission_type(request: HttpRequest, link: SetUpLink) -> HttpResponse:
    form = PermissionTypeForm(request.POST)
    if not form.is_valid():
        return _guide(request, link, form, status=422)
    chosen = form.cleaned_data["permission_type"]
    intake.permission_type_choose(collection=link.collection, permission_type=chosen, by=COLLEAGUE)
    return redirect("portal:set_up")


def _try_again(request: HttpRequest, link: SetUpLink) -> HttpResponse:
    try:
        connecting.mended_confirm(collection=link.collection, by=COLLEAGUE)
    except ValidationError as refused:
        form = SignInForm(_typed(link))
        form.full_clean()
        form.add_error(None, refused)
        return _guide(request, link, form, status=422)
    return redirect("portal:set_up")


def _guide(request: HttpRequest, link: SetUpLink, form: forms.Form, status: int = 200) -> HttpResponse:
    collection = link.collection
    context = _context(
        link,
        form=form,
        **signing_in.guide_context(collection, by_colleague=True),
        **signing_in.sign_in_context(collection),
    )
    return render(request, "portal/set_up/guide.html", context, status=status)


def _typed(link: SetUpLink) -> dict[str, str]:
    """What was typed through this link, to be corrected; what the borrower typed is not shown here."""
    connection = setting_up.typed_by(link)
    return {"company_id": connection.company_id, "user_id": connection.user_id} if connection else {}


def _context(link: SetUpLink, **more: Any) -> dict[str, Any]:
    """Who asks, for which company, and whom to ask: all that the pages tell of the request."""
    collection: Collection = link.collection
    return {
        "lender": collection.lender,
        "contact": contact_of(collection.lender, collection),
        "borrower": collection.borrower_name,
        "link": link,
        **more,
    }
