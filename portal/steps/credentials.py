"""Step 4: the Web Services user, its set-up, and the sign-in."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from collections_app import readiness
from collections_app.models import Collection, Run
from collections_app.services import intake
from portal.access import BORROWER
from portal.flow.step import Question, Visit

INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


class IdentifierField(forms.CharField):
    """An id that is copied and pasted: blanks around it and characters that nobody can see are dropped."""

    def to_python(self, value: Any) -> str:
        return super().to_python(str(value or "").translate(INVISIBLE)) or ""


class PermissionTypeForm(forms.Form):
    permission_type = forms.ChoiceField(
        label=_("How does your company give permissions?"),
        choices=Collection.PermissionType.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose role-based or user-based permissions.")},
    )


class SignInForm(forms.Form):
    """The password is taken as typed, never shown again and never logged."""

    company_id = IdentifierField(
        label=_("Company ID"),
        max_length=100,
        error_messages={"required": _("Type your Sage Intacct company ID.")},
        widget=forms.TextInput(attrs={"autocomplete": "organization", "spellcheck": "false"}),
    )
    user_id = IdentifierField(
        label=_("Web Services user ID"),
        max_length=100,
        error_messages={"required": _("Type the user ID of the Web Services user.")},
        widget=forms.TextInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Password of the Web Services user"),
        max_length=500,
        strip=False,
        error_messages={"required": _("Type the password of the Web Services user.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class Credentials(Question):
    slug = "credentials"
    title = _("Create the Web Services user and sign in")
    form_class = SignInForm

    def is_open(self, collection: Collection) -> bool:
        paused = collection.status == Collection.Status.COLLECTING
        return super().is_open(collection) or (paused and not readiness.sign_in_works(collection))

    def is_complete(self, collection: Collection) -> bool:
        if collection.status == Collection.Status.COLLECTING:
            return readiness.borrowers_problem(collection) is None
        return readiness.sign_in_works(collection)

    def initial(self, collection: Collection) -> dict[str, Any]:
        connection = readiness.connection_of(collection)
        if connection is None:
            return {}
        return {"company_id": connection.company_id, "user_id": connection.user_id}

    def context(self, collection: Collection) -> dict[str, Any]:
        return {
            "sender_id": settings.INTACCT_SENDER_ID,
            "problem": readiness.borrowers_problem(collection),
            "operators_problem": readiness.waiting_for_operator(collection),
            "run": readiness.run_of(collection, Run.Kind.VERIFY),
            "permission_type_form": PermissionTypeForm(
                initial={"permission_type": collection.permission_type}
            ),
        }

    def get(self, visit: Visit) -> HttpResponse:
        if self.is_being_checked(visit):
            return self.render(visit, template="checking_sign_in")
        return super().get(visit)

    def post(self, visit: Visit) -> HttpResponse:
        if "permission_type" in visit.request.POST:
            return self.choose_permission_type(visit)
        return super().post(visit)

    def is_being_checked(self, visit: Visit) -> bool:
        """Whether a worker is trying the sign-in, and the borrower has not asked to change it."""
        verify = readiness.run_of(visit.collection, Run.Kind.VERIFY)
        live = verify is not None and verify.status in Run.LIVE
        return live and "change" not in visit.request.GET

    def choose_permission_type(self, visit: Visit) -> HttpResponse:
        form = PermissionTypeForm(visit.request.POST)
        if form.is_valid():
            intake.permission_type_choose(
                collection=visit.collection, permission_type=form.cleaned_data["permission_type"], by=BORROWER
            )
            return redirect("portal:step", slug=self.slug)
        return self.render(visit, form, status=422)

    def save(self, collection: Collection, form: forms.Form) -> None:
        intake.connection_save(collection=collection, by=BORROWER, **form.cleaned_data)
