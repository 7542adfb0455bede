"""Step 4: the Web Services user, its set-up, and the sign-in."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from collections_app import readiness, remembering
from collections_app.models import Collection, Run
from collections_app.permissions import are_enough
from collections_app.services import connecting, intake
from portal import signing_in
from portal.access import BORROWER
from portal.colleague import hand_on_context
from portal.flow.step import Answer, Question, Visit
from portal.signing_in import PermissionTypeForm, SignInForm


class Credentials(Question):
    slug = "credentials"
    title = _("Create the Web Services user and sign in")
    form_class = SignInForm

    def is_open(self, collection: Collection) -> bool:
        paused = collection.status == Collection.Status.COLLECTING and not readiness.waits_to_be_shared(
            collection
        )
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

    def answers(self, collection: Collection) -> Sequence[Answer]:
        connection = readiness.connection_of(collection)
        if connection is None:
            return []
        company = f"{connection.company_name} ({connection.company_id})"
        return [
            Answer(_("Company in Sage Intacct"), company),
            Answer(
                _("Web Services user"),
                connection.user_id,
                _("Its password is encrypted and shown to nobody."),
            ),
        ]

    def context(self, collection: Collection) -> dict[str, Any]:
        return {
            **signing_in.guide_context(collection, by_colleague=False),
            **signing_in.sign_in_context(collection),
            **hand_on_context(collection),
            **self.last_time(collection),
        }

    def last_time(self, collection: Collection) -> dict[str, Any]:
        """Whether there was a user for an earlier request, and whether it may read what is asked for now."""
        earlier = remembering.earlier_of(collection)
        if earlier is None or readiness.connection_of(earlier) is None:
            return {}
        return {"last_time": earlier, "may_read_it": are_enough(earlier.reports, collection.reports)}

    def get(self, visit: Visit) -> HttpResponse:
        if self.is_being_checked(visit):
            return self.render(visit, template="checking_sign_in")
        return super().get(visit)

    def post(self, visit: Visit) -> HttpResponse:
        here = reverse("portal:step", args=[self.slug])
        ticked = signing_in.take_tick(visit.request, visit.collection, by_colleague=False, back_to=here)
        if ticked:
            return ticked
        if "permission_type" in visit.request.POST:
            return self.choose_permission_type(visit)
        if "try-again" in visit.request.POST:
            return self.try_again(visit)
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
            here = reverse("portal:step", args=[self.slug])
            # Where there is a user from last time, the instructions are folded away; this opens them.
            return redirect(f"{here}#set-up" if visit.collection.refreshes_id else here)
        return self.render(visit, form, status=422)

    def try_again(self, visit: Visit) -> HttpResponse:
        """What was missing in Sage Intacct is there now: the sign-in that is still kept is tried again."""
        try:
            connecting.mended_confirm(collection=visit.collection, by=BORROWER)
        except ValidationError as refusal:
            # The password went while the page was open: the same form asks for it and says why.
            form = self.make_form(visit.collection, self.initial(visit.collection))
            form.full_clean()
            form.add_error(None, refusal)
            return self.render(visit, form, status=422)
        return redirect("portal:collection")

    def save(self, collection: Collection, form: forms.Form) -> None:
        connecting.connection_save(collection=collection, by=BORROWER, **form.cleaned_data)
