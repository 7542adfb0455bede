"""How long staff and operators stay signed in, and what they read when somebody guesses their password."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from collections_app.admin.access import desk_of
from collections_app.rate_limit import SIGN_IN_GUESSES
from portal.access import caller

OPENED_AT, SEEN_AT = "staff_opened_at", "staff_seen_at"
# The session is written at most this often.
WRITTEN_EVERY = 60


@receiver(user_logged_in)
def begin(request: HttpRequest, **kwargs: Any) -> None:
    request.session[OPENED_AT] = request.session[SEEN_AT] = _now()


@receiver(user_login_failed)
def count_guess(request: HttpRequest | None = None, **kwargs: Any) -> None:
    if request is not None:
        SIGN_IN_GUESSES.count_failure(caller(request))


def sign_in(request: HttpRequest) -> HttpResponse:
    """The desk's sign-in. Of who guesses, for whatever names, no password is looked at for a while."""
    if request.method == "POST" and SIGN_IN_GUESSES.reached(caller(request)):
        return render(request, "admin/sign_in/too_many_guesses.html", {"title": "Too many tries"}, status=429)
    return admin.site.login(request)


class StaffSessionMiddleware:
    """Ends a session of the desk when nobody is there any more, and after a working day in any case."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(reverse("admin:index")) and request.user.is_authenticated:
            why = why_over(request)
            if why:
                return sign_out(request, why)
            if _now() - request.session[SEEN_AT] >= WRITTEN_EVERY:
                request.session[SEEN_AT] = _now()
        return self.get_response(request)


def why_over(request: HttpRequest) -> str:
    """Why this session is over, in a sentence; empty as long as it is not."""
    opened, seen = request.session.get(OPENED_AT, 0), request.session.get(SEEN_AT, 0)
    member = desk_of(request).member
    if member and member.signed_out_at and opened <= member.signed_out_at.timestamp():
        return "You were signed out everywhere. Please sign in again."
    if _now() >= opened + settings.STAFF_HOURS * 3600:
        return f"You were signed out after {settings.STAFF_HOURS} hours. Please sign in again."
    if _now() >= seen + settings.STAFF_IDLE_MINUTES * 60:
        return (
            f"You were signed out because nothing was done for {settings.STAFF_IDLE_MINUTES} minutes. "
            "Please sign in again."
        )
    return ""


def sign_out(request: HttpRequest, why: str) -> HttpResponse:
    """Leads to the sign-in, and from there back to the page."""
    back = request.get_full_path() if request.method == "GET" else reverse("admin:index")
    logout(request)
    messages.info(request, why)
    return HttpResponseRedirect(f"{reverse('admin:login')}?{urlencode({'next': back})}")


def name_that_signs_in(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """The name that failures are counted under: the same in capitals, and with spaces around it."""
    given = (credentials or {}).get("username") or request.POST.get("username", "")
    return str(given).strip().lower()[:255]


def locked_out(
    request: HttpRequest, response: HttpResponse | None, credentials: Mapping[str, Any] | None
) -> HttpResponse:
    """The page for somebody whose name was tried too often from there; a right password is not looked at."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    context = {"title": "Too many tries", "minutes": minutes, "tries": settings.AXES_FAILURE_LIMIT}
    return render(request, "admin/locked_out.html", context, status=429)


def _now() -> int:
    return int(timezone.now().timestamp())
