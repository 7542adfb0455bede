"""From a request to the collection it may answer, or a refusal. Every borrower's page enters here."""

from collections.abc import Callable
from functools import wraps
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from collections_app import links, selectors
from collections_app.contacts import contact_of
from collections_app.data_keys import KeyDestroyed
from collections_app.events import Who
from collections_app.links import LinkState
from collections_app.models import Collection, Link
from collections_app.services import linking
from portal import bound_forms, visits

# What the session keeps: the number of the link that was opened, of one that is being opened, and of one
# whose code was entered here. Never a token, a code or an address.
LINK_IN_SESSION, ARRIVING, PROVED = "link", "arriving", "proved"
BORROWER = Who.borrower()

View = Callable[..., HttpResponseBase]


def caller(request: HttpRequest) -> str:
    """The address that asks.

    Behind a proxy it is the last one, which the proxy wrote; the others are the caller's own words.
    """
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def callers_address(request: HttpRequest) -> str | None:
    """The same where an address is to be stored; None for what is none, such as a socket's."""
    try:
        return str(ip_address(caller(request)))
    except ValueError:
        return None


def grant(request: HttpRequest, link: Link) -> None:
    """Lets this browser answer the link's collection from now on; the token itself is not kept."""
    request.session.cycle_key()
    request.session[LINK_IN_SESSION] = link.pk
    request.session.pop(ARRIVING, None)
    visits.begin(request.session)


def revoke(request: HttpRequest) -> None:
    """Forgets the visit, and the session with it unless a member of staff is signed in with the same one."""
    if request.user.is_authenticated:
        forget(request)
        request.session.cycle_key()
    else:
        request.session.flush()


def forget(request: HttpRequest) -> None:
    for name in (LINK_IN_SESSION, ARRIVING, PROVED):
        request.session.pop(name, None)
    visits.end(request.session)


def granted_number(request: HttpRequest) -> int | None:
    """The number of the link that this browser opened, while the visit lasts; being asked keeps it going."""
    opened: int | None = request.session.get(LINK_IN_SESSION)
    if opened is None or visits.is_over(request.session):
        return None
    visits.keep_alive(request.session)
    return opened


def granted_link(request: HttpRequest) -> Link | None:
    """The link that this browser opened, whatever its state now."""
    opened = granted_number(request)
    return links.numbered(opened) if opened is not None else None


def is_proved(request: HttpRequest, link: Link) -> bool:
    """Whether this browser may see what the link leads to: a code, if one is required, was entered here."""
    if not link.collection.lender.requires_code:
        return True
    return request.session.get(PROVED) == link.pk and not visits.is_over(request.session)


def prove(request: HttpRequest, link: Link) -> None:
    """Remembers that the link's code was entered in this browser."""
    request.session.cycle_key()
    request.session[PROVED] = link.pk
    visits.begin(request.session)


def borrower_view(view: View) -> View:
    """Hands the view the collection whose link this browser opened; others get a page that says why not."""

    @sensitive_post_parameters("password")
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        link = granted_link(request)
        if link is None:
            return not_let_in(request)
        if refused := of_another(request, link):
            return refused
        state = links.state(link)
        # One that was opened too often stays good for those who are in.
        if state not in (LinkState.OPEN, LinkState.USED_UP):
            return refusal(request, link, state)
        if not is_proved(request, link):
            request.session[ARRIVING] = link.pk
            return redirect("portal:code")
        visits.announce(request)
        try:
            return view(request, link.collection, *args, **kwargs)
        except KeyDestroyed:
            return refusal(request, link, LinkState.ERASED)

    return guarded


def of_another(request: HttpRequest, link: Link, *, arriving: bool = False) -> HttpResponse | None:
    """The answer to what a page of another request sent; None for what may go on to this link's request.

    From here on the forms of the page that answers say that they are of this one. `arriving` is for a link
    that is being opened: nobody is let in yet, and a code that was sent cannot be sent again.
    """
    bound_forms.bind(request, link.collection)
    if not bound_forms.is_of_another(request, link.collection):
        return None
    is_known = is_proved(request, link)
    context = {
        "lender": link.collection.lender,
        "collection": link.collection if is_known else None,
        "unproved": not is_known,
        "back": reverse("portal:code" if arriving else "portal:collection"),
        "arriving": arriving,
    }
    return bound_forms.refusal(request, context)


def not_let_in(request: HttpRequest) -> HttpResponse:
    """The page for a browser that opened no link, or whose visit is over."""
    if LINK_IN_SESSION not in request.session:
        return render(request, "errors/link_needed.html", status=403)
    link = links.numbered(request.session[LINK_IN_SESSION])
    context: dict[str, Any] = {"minutes": settings.BORROWER_IDLE_MINUTES}
    if link:
        lender = link.collection.lender
        known = link.collection if not lender.requires_code else None
        context |= {"lender": lender, "contact": contact_of(lender, known)}
    return render(request, "errors/visit_over.html", context, status=403)


def refusal(request: HttpRequest, link: Link, state: LinkState, token: str = "") -> HttpResponse:
    """The page for the holder of a link that was once good: what happened, and how to ask the lender."""
    collection = link.collection
    asked = linking.last_asked(collection)
    context = {
        # The reference, and the person who asks, are part of what a code protects.
        "collection": collection if is_proved(request, link) else None,
        "lender": collection.lender,
        "unproved": not is_proved(request, link),
        "is_withdrawn": collection.status == Collection.Status.WITHDRAWN,
        "ended_at": links.works_until(link),
        "state": state.name,
        "is_replaced": collection.links.filter(revoked_at=None).exists(),
        "asked_at": asked and asked.created_at,
        "may_ask": bool(selectors.addresses_for(collection)),
        "token": token,
    }
    return render(request, "errors/link_closed.html", context, status=410)
