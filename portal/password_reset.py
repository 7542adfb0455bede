"""A new password by mail, asked for on the sign-in page. The second factor stays as it was."""

from collections.abc import Iterable
from smtplib import SMTPException
from typing import Any

from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.models import User
from django.contrib.auth.views import PasswordResetView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from collections_app import rate_limit
from collections_app.services import lenders
from portal.access import caller


class AskForm(PasswordResetForm):
    """Mails a link to each active member of staff with that address; the page says the same in any case."""

    def get_users(self, email: str) -> Iterable[User]:
        """Also those who were invited and never set a password."""
        return User.objects.filter(email__iexact=email, is_active=True, is_staff=True)

    def save(self, *args: Any, **kwargs: Any) -> None:
        for user in self.get_users(self.cleaned_data["email"]):
            try:
                lenders.password_link_send(user=user)
            except (SMTPException, OSError):
                lenders.logger.exception("A link for a new password could not be mailed.")


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
