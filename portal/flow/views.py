"""The dispatcher: finds the step, checks that it is its turn, and lets it answer."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from collections_app.models import Collection
from collections_app.states import AnswersClosed
from portal import polling
from portal.access import borrower_view
from portal.flow.journey import Journey
from portal.flow.step import Visit


@require_safe
@borrower_view
def where_it_stands(request: HttpRequest, collection: Collection) -> HttpResponse:
    """Leads to the step that waits for an answer, or to the end."""
    if collection.status == Collection.Status.SUBMITTED:
        return redirect("portal:done")
    return redirect("portal:step", slug=Journey(collection).current.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@borrower_view
def step(request: HttpRequest, collection: Collection, slug: str) -> HttpResponse:
    """Shows a step or takes its answer; out of turn it leads to where things stand."""
    tag = polling.tag_of(request) if polling.is_poll(request) else ""
    journey = Journey(collection)
    asked = journey.find(slug)
    if asked is None:
        raise Http404
    if collection.status == Collection.Status.SUBMITTED or not journey.can_visit(asked):
        return redirect("portal:collection")
    visit = Visit(request, collection, journey)
    try:
        response = asked.post(visit) if request.method == "POST" else asked.get(visit)
    except AnswersClosed:
        return redirect("portal:collection")
    if tag:
        response.headers["ETag"] = tag
    return response
