"""Arriving: the secure link, the code a lender may require, the first page, and asking for a new link."""

import logging
from functools import wraps

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from collections_app import datasets, links, rate_limit, readiness
from collections_app.links import LinkState
from collections_app.models import Collection, Link
from collections_app.reports.figures import REPORT_TITLES
from collections_app.services import intake, linking, proving
from collections_app.services.proving import CodeNotSent
from collections_app.table_names import TABLE_NAMES
from portal import access, languages, visits
from portal.access import View
from portal.code_form import CodeForm
from portal.flow.journey import Journey
from portal.steps.review import never_read

logger = logging.getLogger(__name__)


def link_view(view: View) -> View:
    """Hands the view the link of the token in the address. What is no token of ours gets the same page."""

    @wraps(view)
    def recognized(request: HttpRequest, token: str) -> HttpResponseBase:
        caller = access.caller(request)
        if rate_limit.LINK_GUESSES.reached(caller):
            return too_many_tries(request)
        found = links.find(token)
        if found is None:
            _count_guess(caller)
            return render(request, "errors/link_unknown.html", status=404)
        languages.speak(request, found.collection)
        return view(request, found, token)

    return recognized


def arriving_view(view: View) -> View:
    """Hands the view the link that this browser is opening, once the token is gone from the address."""

    @wraps(view)
    def arriving(request: HttpRequest) -> HttpResponseBase:
        number = request.session.get(access.ARRIVING)
        link = links.numbered(number) if number is not None else None
        if link is None:
            return access.not_let_in(request)
        languages.speak(request, link.collection)
        if refused := access.of_another(request, link, arriving=True):
            return refused
        state = links.state(link)
        return view(request, link) if state is LinkState.OPEN else access.refusal(request, link, state)

    return arriving


@require_http_methods(["GET", "HEAD", "POST"])
@link_view
def link(request: HttpRequest, link: Link, token: str) -> HttpResponse:
    """The secure link. Looking changes nothing; the button exchanges the token for a session and drops it."""
    state = links.state(link)
    if state is not LinkState.OPEN:
        return access.refusal(request, link, state, token)
    if access.is_proved(request, link):
        return _open(request, link) if request.method == "POST" else _landing(request, link)
    return _begin_proving(request, link) if request.method == "POST" else _code_page(request, link)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("code")
@arriving_view
def code(request: HttpRequest, link: Link) -> HttpResponse:
    """Takes the code that was mailed, or mails another."""
    if access.is_proved(request, link):
        return redirect("portal:welcome")
    if request.method != "POST":
        return _code_page(request, link, CodeForm())
    if "send" in request.POST:
        return _send_again(request, link)
    caller = access.caller(request)
    if rate_limit.CODE_GUESSES.reached(caller):
        return too_many_tries(request)
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            proving.code_check(link=link, code=form.cleaned_data["code"], by=access.BORROWER)
        except ValidationError as refusal:
            rate_limit.CODE_GUESSES.count_failure(caller)
            form.add_error("code", refusal)
        else:
            access.prove(request, link)
            return redirect("portal:welcome")
    return _code_page(request, link, form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@arriving_view
def welcome(request: HttpRequest, link: Link) -> HttpResponse:
    """The first page for a browser that has proved its link with the code."""
    if not access.is_proved(request, link):
        return redirect("portal:code")
    visits.keep_alive(request.session)
    return _open(request, link) if request.method == "POST" else _landing(request, link)


@require_POST
@link_view
def ask(request: HttpRequest, link: Link, token: str) -> HttpResponse:
    """Asks the lender for a new link; the page of the old one then says so."""
    return _ask(request, link) or redirect("portal:link", token=token)


@require_POST
def ask_from_inside(request: HttpRequest) -> HttpResponse:
    """The same, for a browser that was let in before the link ended."""
    link = access.granted_link(request)
    if link is None:
        return access.not_let_in(request)
    return access.of_another(request, link) or _ask(request, link) or redirect("portal:collection")


def too_many_tries(request: HttpRequest) -> HttpResponse:
    return render(request, "errors/too_many_tries.html", status=429)


def _count_guess(caller: str) -> None:
    rate_limit.LINK_GUESSES.count_failure(caller)
    was_told = rate_limit.LINK_ALARM.reached()
    rate_limit.LINK_ALARM.count_failure()
    if not was_told and rate_limit.LINK_ALARM.reached():
        logger.error(
            "%s links that do not exist were tried within ten minutes: somebody may be guessing.",
            rate_limit.LINK_ALARM.failures,
        )


def _ask(request: HttpRequest, link: Link) -> HttpResponse | None:
    caller = access.caller(request)
    if rate_limit.LINK_ASKS.reached(caller):
        return too_many_tries(request)
    try:
        is_news = linking.link_ask(link=link, by=access.BORROWER)
    except ValidationError:
        # The page says what is to be done instead: the link works, or the lender is asked by telephone.
        is_news = False
    if not is_news:
        rate_limit.LINK_ASKS.count_failure(caller)
    return None


def _open(request: HttpRequest, link: Link) -> HttpResponse:
    intake.link_open(link=link, by=access.BORROWER)
    access.grant(request, link)
    response = redirect("portal:collection")
    languages.settle(request, response, link.collection)
    return response


def _landing(request: HttpRequest, link: Link) -> HttpResponse:
    collection = link.collection
    wanted = datasets.wanted(collection.reports)
    context = {
        "collection": collection,
        "lender": collection.lender,
        "works_until": links.works_until(link),
        "reports": [REPORT_TITLES[name] for name in collection.reports],
        "tables": [TABLE_NAMES[dataset.name] for dataset in wanted],
        "never_read": never_read(wanted),
        "documents_only": readiness.documents_only(collection),
        "is_asked": collection.questions.filter(answered_at=None).exists(),
    }
    if collection.status == Collection.Status.STARTED:
        context["sign_in_works"] = readiness.sign_in_works(collection)
        context["stopped_at"] = Journey(collection).current.title
    return render(request, "portal/landing.html", context)


def _begin_proving(request: HttpRequest, link: Link) -> HttpResponse:
    """Mails a code; one that was mailed a moment ago, perhaps at a mail scanner's knock, does as well."""
    try:
        proving.code_send(link=link, by=access.BORROWER)
    except CodeNotSent as failure:
        newest = proving.newest_code(link)
        if newest is None or not proving.is_live(newest):
            return _code_page(request, link, problem=str(failure), status=422)
    request.session[access.ARRIVING] = link.pk
    return redirect("portal:code")


def _send_again(request: HttpRequest, link: Link) -> HttpResponse:
    try:
        proving.code_send(link=link, by=access.BORROWER)
    except CodeNotSent as failure:
        return _code_page(request, link, CodeForm(), problem=str(failure), status=422)
    return redirect("portal:code")


def _code_page(
    request: HttpRequest, link: Link, form: CodeForm | None = None, *, problem: str = "", status: int = 200
) -> HttpResponse:
    """Nothing of the request is shown here but who sent it, with the contact that the lender shows everybody.
    Without a form, the code is not asked for yet."""
    newest = proving.newest_code(link) if form else None
    context = {
        "lender": link.collection.lender,
        "form": form,
        "code_sent": newest if newest and proving.is_live(newest) else None,
        "minutes": proving.LIFE.seconds // 60,
        "problem": problem,
        "unproved": True,
    }
    return render(request, "portal/code.html", context, status=status)
