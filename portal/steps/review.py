"""Step 2: what will be shared, with whom, for which dates; and the consent."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collections_app.models import Collection
from collections_app.reports.figures import REPORT_TITLES
from collections_app.services import intake
from portal.access import BORROWER
from portal.flow.step import Question


class ConsentForm(forms.Form):
    agreed = forms.BooleanField(
        label=_("I may share these figures, and I agree to share them for this request."),
        error_messages={"required": _("Tick the box to agree, or close this page if you do not.")},
    )


class Review(Question):
    slug = "review"
    title = _("Review what will be shared")
    form_class = ConsentForm

    def is_complete(self, collection: Collection) -> bool:
        return collection.reviewed_at is not None

    def initial(self, collection: Collection) -> dict[str, Any]:
        return {"agreed": collection.reviewed_at is not None}

    def context(self, collection: Collection) -> dict[str, Any]:
        return {"reports": [REPORT_TITLES[name] for name in collection.reports]}

    def save(self, collection: Collection, form: forms.Form) -> None:
        intake.review_confirm(collection=collection, by=BORROWER)
