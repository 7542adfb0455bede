"""A new password by mail, asked for on the sign-in page. The second factor stays as it was."""

from typing import Any

from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.views import PasswordResetView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from collections_app import rate_limit, tasks
from collections_app.services.password_asks import password_ask
from portal.access import caller


class AskForm(PasswordResetForm):
    """Has a link mailed to each active member of staff with that address.

    Nobody is looked up here and no mail server is met: the page says the same in any case, in the same time.
    """

    def save(self, *args: Any, **kwargs: Any) -> None:
        password_ask(email=self.cleaned_data["email"])
        tasks.ring_for_password_links()


class AskView(PasswordResetView):
    """At most ten an hour from one caller, so that nobody's mailbox is filled from here."""

    form_class = AskForm
    template_name = "admin/sign_in/ask_for_password.html"
    extra_context = {"title": "Have a link mailed to you"}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asking = caller(request)
        if rate_limit.PASSWORD_ASKS.reached(asking):
            return render(request, "admin/sign_in/too_many_asks.html", {"title": "Please wait"}, status=429)
        rate_limit.PASSWORD_ASKS.count_failure(asking)
        return super().post(request, *args, **kwargs)


def asked(request: HttpRequest) -> HttpResponse:
    """The same for every address, known or not."""
    return render(request, "admin/sign_in/asked_for_password.html", {"title": "Look into your mailbox"})
