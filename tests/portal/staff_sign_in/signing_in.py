"""What somebody of the staff does to sign in, and what their browser then shows."""

import re
from typing import Any

from django.contrib.auth.models import User
from django.test import Client

from collections_app.models import AuthenticatorApp, Lender
from collections_app.services import second_factor
from tests import factories
from tests.authenticator import code_of_bytes

PASSWORD = "three blue herons at noon"
LIST = "/admin/collections_app/staffmember/"


def sign_in(browser: Client, user: User, password: str = PASSWORD, **extra: Any) -> Any:
    answers = {"username": user.username, "password": password, "next": "/admin/"}
    return browser.post("/admin/login/", answers, follow=True, **extra)


def code_now(app: AuthenticatorApp) -> str:
    return code_of_bytes(app.key)


def set_up(user: User) -> AuthenticatorApp:
    app = second_factor.enrolment_begin(user=user)
    AuthenticatorApp.objects.filter(pk=app.pk).update(confirmed=True)
    return app


def where(response: Any) -> str:
    return str(response.redirect_chain[-1][0] if response.redirect_chain else response.request["PATH_INFO"])


def words(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def manager_of(lender: Lender) -> Client:
    browser = Client()
    browser.force_login(factories.make_staff(lender))
    return browser
