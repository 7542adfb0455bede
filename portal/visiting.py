"""Staying and leaving: how long this browser is let in, and its end."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from portal import access, visits

# Not “cookies”: that would sign the borrower out of everything else on the lender's domain. Our own cookie
# goes with the session.
CLEARED = '"cache", "storage"'


@require_http_methods(["GET", "POST"])
def visit(request: HttpRequest) -> HttpResponse:
    """How many seconds are left, without counting as a sign of life; the button makes them all again."""
    if request.method == "POST":
        if access.granted_number(request) is None:
            return access.not_let_in(request)
        visits.prolong(request.session)
        if request.headers.get("Accept") != "application/json":
            return redirect("portal:collection")
    return JsonResponse({"left": visits.seconds_left(request.session)})


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Ends this browser's access; the link opens the collection again."""
    if request.method == "POST":
        access.revoke(request)
        response: HttpResponse = redirect("portal:leave")
        response.headers["Clear-Site-Data"] = CLEARED
        return response
    if access.granted_link(request):
        return redirect("portal:collection")
    return render(request, "portal/left.html")
