"""All addresses, and some that fail in every way there is a page for."""

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import path

from portal import errors
from portal.urls import handler400, handler403, handler404, handler500
from portal.urls import urlpatterns as all_addresses

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

FAILURES = {"400": SuspiciousOperation, "403": PermissionDenied, "500": RuntimeError}


def fail(request: HttpRequest, how: str) -> HttpResponse:
    if how == "stale":
        return errors.stale_form(request)
    raise FAILURES[how]("as was asked")


urlpatterns = [*all_addresses, path("fails/<str:how>/", fail)]
