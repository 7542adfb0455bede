"""From a request to the collection it may answer, or a refusal. Every borrower's page enters here."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters

from collections_app import links
from collections_app.events import Who
from collections_app.links import LinkState
from collections_app.models import Link

LINK_IN_SESSION = "link"
BORROWER = Who.borrower()

View = Callable[..., HttpResponseBase]


def caller(request: HttpRequest) -> str:
    """The address that asks.

    Behind a proxy it is the last one, which the proxy wrote; the others are the caller's own words.
    """
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def grant(request: HttpRequest, link: Link) -> None:
    """Lets this browser answer the link's collection from now on; the token itself is not kept."""
    request.session.cycle_key()
    request.session[LINK_IN_SESSION] = link.pk


def revoke(request: HttpRequest) -> None:
    request.session.pop(LINK_IN_SESSION, None)
    request.session.cycle_key()


def granted_link(request: HttpRequest) -> Link | None:
    """The link that this browser opened, whatever its state now."""
    opened = request.session.get(LINK_IN_SESSION)
    if opened is None:
        return None
    return Link.objects.select_related("collection__lender").filter(pk=opened).first()


def borrower_view(view: View) -> View:
    """Hands the view the collection whose link this browser opened; others get a page that says why not."""

    @sensitive_post_parameters("password")
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        link = granted_link(request)
        if link is None:
            return render(request, "errors/link_needed.html", status=403)
        state = links.state(link)
        if state in (LinkState.EXPIRED, LinkState.WITHDRAWN):
            return refusal(request, link, state)
        return view(request, link.collection, *args, **kwargs)

    return guarded


def refusal(request: HttpRequest, link: Link, state: LinkState) -> HttpResponse:
    """The page for the holder of a link that was once good: what happened, and how to ask the lender."""
    context = {
        "collection": link.collection,
        "lender": link.collection.lender,
        "link": link,
        "state": state.name,
    }
    return render(request, "errors/link_closed.html", context, status=410)
