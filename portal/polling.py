"""The most frequent request of all: the script of a page that waits asks whether there is something new.

The first question goes the whole way, through session, link and step. Its answer carries a tag (see
`standing`), and who shows that again is answered from the rows alone for a minute.
"""

from collections.abc import Callable

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from collections_app import progress, standing
from portal import access

# What the middleware that is left out would add; data has nothing to load.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}


def part(html: str) -> JsonResponse:
    """The part of the page that moves, for the script."""
    return JsonResponse({"finished": False, "html": html})


def is_poll(request: HttpRequest) -> bool:
    """Whether the script of a waiting page asks."""
    return request.method == "GET" and request.headers.get("Accept") == "application/json"


def tag_of(request: HttpRequest) -> str:
    """Names what a borrower who was let in is being shown; empty when there is nothing to name.

    Asked before the rows are read: what changes meanwhile is then shown by the next poll.
    """
    stands = standing.standing_of(
        request.session[access.LINK_IN_SESSION],
        holder=request.session.session_key or "",
        language=translation.get_language(),
    )
    return stands.tag if stands else ""


class PollMiddleware:
    """Answers a poll that shows its tag before anything else is done.

    That nothing is new takes one query, and what a collecting run has to show takes two. Every other request,
    also one for which more than the counts may have changed, goes the whole way.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = request.META.get("HTTP_IF_NONE_MATCH")
        if known and is_poll(request):
            try:
                # Asking first whether the connection is alive would take as long as the answer.
                connection.health_check_done = True  # type: ignore[attr-defined]
                answer = self._answer(request, known)
            except Error:
                # A connection that broke since it was used last: the whole way begins with a new one.
                connection.close()
                answer = None
            if answer is not None:
                for name, value in HEADERS.items():
                    answer.headers[name] = value
                return answer
        return self.get_response(request)

    def _answer(self, request: HttpRequest, known: str) -> HttpResponse | None:
        holder = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        stands = standing.shown_again(known, holder=holder) if holder else None
        if stands is None:
            return None
        if stands.tag == known:
            return HttpResponseNotModified(headers={"ETag": known})
        if not stands.only_counts or request.path != reverse("portal:step", args=["progress"]):
            return None
        context = {"progress": progress.read(stands.run, is_running=True)}
        with translation.override(stands.language):
            answer = part(render_to_string("components/progress_counts.html", context))
        answer.headers["ETag"] = stands.tag
        # Without it the server would send the answer in pieces.
        answer.headers["Content-Length"] = str(len(answer.content))
        return answer
