"""The language of the borrower's pages: switched on any page, kept in a cookie and with the collection."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import escape_uri_path
from django.utils.translation import get_supported_language_variant

from collections_app.models import Collection
from collections_app.services import speaking
from portal import access

SWITCH = "language"


def can_switch(request: HttpRequest) -> bool:
    """Whether the page is there in several languages: all are, but the lender's desk."""
    return not request.path_info.startswith(reverse("admin:index"))


def is_switch(request: HttpRequest) -> bool:
    """Whether a page's own switch was pressed.

    It posts to the page's own address, which then need not be written into the page: error pages must not
    repeat it, and the landing page's holds the token. For the same reason it carries no token of its own;
    what another site could do with it is change a language, and browsers that tell where they come from
    are refused that too.
    """
    asked = request.method == "POST" and request.META.get("QUERY_STRING") == SWITCH
    return asked and request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"


def switch(request: HttpRequest) -> HttpResponse:
    """Shows the same page in the chosen language; an opened collection keeps it for its mails."""
    # More than one slash in front would name another host.
    response = HttpResponseRedirect("/" + escape_uri_path(request.path).lstrip("/"))
    language = supported(request.POST.get(SWITCH, ""))
    if language:
        link = access.granted_link(request)
        if link:
            speaking.language_choose(collection=link.collection, language=language)
        keep(response, language)
    return response


def speak(request: HttpRequest, collection: Collection) -> None:
    """Turns to the language of the pages about this collection, on whichever device they are read.

    It is the one that was chosen on this device, else the one that was chosen for the collection, else the
    one that the browser asks for.
    """
    if supported(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")):
        return
    chosen = supported(collection.language)
    if chosen:
        translation.activate(chosen)
        request.LANGUAGE_CODE = chosen


def settle(request: HttpRequest, response: HttpResponseBase, collection: Collection) -> None:
    """When a link is opened: whoever pressed Continue could read the page, so this device stays with its
    language. A collection that has none yet takes it too, unless it is the usual one."""
    if not collection.language and request.LANGUAGE_CODE != settings.LANGUAGE_CODE:
        speaking.language_choose(collection=collection, language=request.LANGUAGE_CODE)
    keep(response, request.LANGUAGE_CODE)


def keep(response: HttpResponseBase, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )


def supported(language: str) -> str:
    """The language as the settings name it; empty for one that is not spoken here."""
    try:
        return get_supported_language_variant(language)
    except LookupError:
        return ""
