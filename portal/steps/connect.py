"""Step 3: confirm the connection before anything is asked of the accounting system."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collections_app.models import Collection
from collections_app.services import intake
from portal.access import BORROWER
from portal.colleague import hand_on_context
from portal.flow.step import Question


class Connect(Question):
    slug = "connect"
    title = _("Connect to Sage Intacct")

    def is_complete(self, collection: Collection) -> bool:
        return collection.connect_confirmed_at is not None

    def context(self, collection: Collection) -> dict[str, Any]:
        return hand_on_context(collection)

    def save(self, collection: Collection, form: forms.Form) -> None:
        intake.connect_confirm(collection=collection, by=BORROWER)
