"""Gives each request an id for the logs, and counts pages."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from collections_app import tallies, tracing

HEADER = "X-Request-ID"
# This page answers whatever the database does.
ALIVE = "/healthz"


class TraceMiddleware:
    """The id is made here and never taken from outside: nobody writes into our logs by a header.

    It stays with the thread until the next request: the line of the access log comes after the answer.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began, trace = time.monotonic(), tracing.begin()
        response = self.get_response(request)
        response.headers[HEADER] = trace
        tallies.count(tallies.PAGES, f"{response.status_code // 100}xx", seconds=time.monotonic() - began)
        if request.path != ALIVE:
            tallies.flush()
        return response
