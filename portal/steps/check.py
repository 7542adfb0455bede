"""Step 7: all answers on one page, each with a way to change it, and the button that starts."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from collections_app import readiness
from collections_app.models import Collection
from collections_app.reports.figures import REPORT_TITLES
from collections_app.services import intake
from portal.access import BORROWER
from portal.flow.step import Question


class Check(Question):
    slug = "check"
    title = _("Check your answers")
    checks_answers = True

    def is_complete(self, collection: Collection) -> bool:
        return readiness.connect_pressed(collection)

    def context(self, collection: Collection) -> dict[str, Any]:
        return {"reports": [REPORT_TITLES[name] for name in collection.reports]}

    def save(self, collection: Collection, form: forms.Form) -> None:
        try:
            intake.collection_submit(collection=collection, by=BORROWER)
        except intake.NotReady as refusal:
            raise ValidationError(refusal.reasons) from None
