"""All addresses, and some that fail in every way there is a page for."""

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import path

from collections_app.models import Collection
from portal import bound_forms, errors
from portal.urls import handler400, handler403, handler404, handler500
from portal.urls import urlpatterns as all_addresses

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

FAILURES = {"400": SuspiciousOperation, "403": PermissionDenied, "500": RuntimeError}


def fail(request: HttpRequest, how: str) -> HttpResponse:
    if how == "stale":
        return errors.stale_form(request)
    if how == "another":
        collection = Collection.objects.select_related("lender").get()
        open_now = {"collection": collection, "lender": collection.lender, "back": "/collection/"}
        return bound_forms.refusal(request, open_now)
    raise FAILURES[how]("as was asked")


urlpatterns = [*all_addresses, path("fails/<str:how>/", fail)]
