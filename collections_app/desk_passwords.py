"""Passwords that people set for themselves. Each is told in the person's history, and so on the record."""

from typing import Any

from django.contrib.admin.forms import AdminPasswordChangeForm
from django.contrib.auth.views import PasswordChangeView, PasswordResetConfirmView
from django.http import HttpResponse

from collections_app.services import staff_record


class OwnPasswordView(PasswordChangeView):
    """Django's own, for somebody who is in."""

    form_class = AdminPasswordChangeForm

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        staff_record.note(form.user, "Changed the own password.", by=form.user)
        return response


class PasswordByLinkView(PasswordResetConfirmView):
    """Django's own, behind a one-time link: of an invitation, of a mail, or printed by a command."""

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        staff_record.note(form.user, "Set a password by a one-time link.", by=form.user)
        return response
