"""From a request to the set-up that a colleague of the borrower may do, or a refusal."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from collections_app import set_up
from collections_app.contacts import contact_of
from collections_app.events import Who
from collections_app.models import Event, SetUpLink
from collections_app.set_up import SetUpLinkState
from portal import bound_forms

LINK_IN_SESSION = "set_up_link"
COLLEAGUE = Who(Event.Actor.BORROWER, "colleague with the set-up link")

View = Callable[..., HttpResponseBase]


def grant(request: HttpRequest, link: SetUpLink) -> None:
    """Lets this browser do the link's set-up from now on; the token itself is not kept."""
    request.session.cycle_key()
    request.session[LINK_IN_SESSION] = link.pk


def revoke(request: HttpRequest) -> None:
    request.session.pop(LINK_IN_SESSION, None)
    request.session.cycle_key()


def set_up_view(view: View) -> View:
    """Hands the view the set-up link that this browser opened; others get a page that says why not."""

    @sensitive_post_parameters("password")
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        opened = request.session.get(LINK_IN_SESSION, 0)
        link = SetUpLink.objects.select_related("collection__lender").filter(pk=opened).first()
        if link is None:
            return render(request, "errors/link_needed.html", status=403)
        bound_forms.bind(request, link.collection)
        if bound_forms.is_of_another(request, link.collection):
            return bound_forms.refusal(request, _told(link) | {"back": reverse("portal:set_up")})
        if set_up.state(link) is not SetUpLinkState.OPEN:
            return refusal(request, link)
        return view(request, link, *args, **kwargs)

    return guarded


def refusal(request: HttpRequest, link: SetUpLink) -> HttpResponse:
    """The page for the holder of a set-up link that was once good. It says no more than the link did."""
    context = _told(link) | {"expired": set_up.state(link) is SetUpLinkState.EXPIRED}
    return render(request, "errors/set_up_closed.html", context, status=410)


def _told(link: SetUpLink) -> dict[str, Any]:
    """All that the set-up link itself told: who asks, for which company, and whom to ask."""
    return {
        "lender": link.collection.lender,
        "contact": contact_of(link.collection.lender, link.collection),
        "borrower": link.collection.borrower_name,
    }
