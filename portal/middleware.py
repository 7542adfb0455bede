"""What holds for every page: headers, language, and addresses that there are none of."""

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from portal import languages

# What says this is the same for everybody and never changes: a picture whose address is its hash.
FOR_ANYBODY = "public, max-age=31536000, immutable"
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class PrivatePagesMiddleware:
    """Pages are for one person: never cached, never indexed, without the browser's devices."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.headers.get("Cache-Control") != FOR_ANYBODY:
            response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Permissions-Policy"] = PERMISSIONS_POLICY
        return response


class LanguageMiddleware(LocaleMiddleware):
    """The language chosen on a page, else the one that the browser asks for; the desk is in English."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:  # type: ignore[override]
        if not languages.can_switch(request):
            translation.activate(settings.LANGUAGE_CODE)
            request.LANGUAGE_CODE = settings.LANGUAGE_CODE
            return None
        super().process_request(request)
        return languages.switch(request) if languages.is_switch(request) else None


# A token that is none is counted as a guess, whatever is in it; a step shows as text what was searched for.
TAKES_ANY_TOKEN, TAKES_ANY_QUERY = ("/c/", "/s/"), "/collection/"


class NullCharacterMiddleware:
    """No address has a null character in it: PostgreSQL would refuse to be asked for one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path, query = request.path_info, request.META.get("QUERY_STRING", "")
        in_path = "\0" in path and not path.startswith(TAKES_ANY_TOKEN)
        if in_path or ("%00" in query and not path.startswith(TAKES_ANY_QUERY)):
            raise Http404("There is no such address.")
        return self.get_response(request)
