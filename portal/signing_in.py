"""The sign-in's forms and what stands beside them, on the borrower's step and the colleague's page."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from collections_app import readiness, set_up, sign_in_tries
from collections_app.models import Collection, Run
from collections_app.permissions import applications_for
from collections_app.services import setting_up
from portal.fields import IdentifierField


class PermissionTypeForm(forms.Form):
    permission_type = forms.ChoiceField(
        label=_("How does your company give permissions?"),
        choices=Collection.PermissionType.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose role-based or user-based permissions."),
            "invalid_choice": _("Choose role-based or user-based permissions."),
        },
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


def guide_context(collection: Collection, *, by_colleague: bool) -> dict[str, Any]:
    """What the set-up guide shows, with the ticks of the one who reads it."""
    return {
        "permission_type": collection.permission_type,
        "sender_id": settings.INTACCT_SENDER_ID,
        "applications": applications_for(collection.reports),
        "ticked": set_up.ticked(collection, by_colleague=by_colleague),
        "ticks_said": ticks_said(collection, by_colleague=by_colleague),
        "permission_type_form": PermissionTypeForm(initial={"permission_type": collection.permission_type}),
    }


def sign_in_context(collection: Collection) -> dict[str, Any]:
    """How the sign-in stands: what is wrong with it, what to do, and until when it is held back."""
    problem, paused = readiness.borrowers_problem(collection), readiness.paused_run(collection)
    connection = readiness.connection_of(collection)
    return {
        "problem": problem,
        "mended_in": set_up.MENDED_IN.get(problem.name, "") if problem and collection.permission_type else "",
        "is_under_way": bool(paused and paused.kind == Run.Kind.COLLECT),
        "missing": paused.problem_names if paused else [],
        "paused_until": connection and sign_in_tries.paused_until(connection.company_id, connection.user_id),
        "can_try_again": readiness.can_try_again(collection),
        "operators_problem": readiness.waiting_for_operator(collection),
        "run": readiness.run_of(collection, Run.Kind.VERIFY),
    }


def ticks_said(collection: Collection, *, by_colleague: bool) -> str:
    """How many steps of the guide are ticked, in words."""
    steps = len(set_up.steps_of(collection))
    done = len(set_up.ticked(collection, by_colleague=by_colleague))
    said = ngettext("%(done)d of %(steps)d step done", "%(done)d of %(steps)d steps done", steps)
    return said % {"done": done, "steps": steps}


def take_tick(
    request: HttpRequest, collection: Collection, *, by_colleague: bool, back_to: str
) -> HttpResponse | None:
    """Ticks or unticks what was posted and leads back to that step; None if it was something else."""
    done = "tick" in request.POST
    if not done and "untick" not in request.POST:
        return None
    step = request.POST["tick" if done else "untick"]
    try:
        setting_up.tick_set(collection=collection, step=step, done=done, by_colleague=by_colleague)
    except ValidationError:
        # The type of permissions was changed in another tab, and with it the guide.
        return redirect(back_to)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"said": ticks_said(collection, by_colleague=by_colleague)})
    return redirect(f"{back_to}#set-up-{step}")
