"""The last step where the books cannot be connected: sharing documents in the place of reports."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collections_app.documents import documents_of
from collections_app.models import Collection
from collections_app.services import sharing
from portal.access import BORROWER
from portal.flow.step import Question


class DocumentsConsentForm(forms.Form):
    agreed = forms.BooleanField(
        label=_("I may share these documents, and I agree to share them for this request."),
        error_messages={"required": _("Tick the box to agree, or close this page if you do not.")},
    )


class ShareDocuments(Question):
    slug = "share-documents"
    title = _("Share documents instead")
    form_class = DocumentsConsentForm

    def is_complete(self, collection: Collection) -> bool:
        return collection.status == Collection.Status.SUBMITTED

    def context(self, collection: Collection) -> dict[str, Any]:
        return {"documents": documents_of(collection)}

    def save(self, collection: Collection, form: forms.Form) -> None:
        sharing.documents_share(collection=collection, by=BORROWER)
