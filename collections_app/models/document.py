"""Documents beside the reports: what the lender asks for by name, and what the borrower uploads."""

import secrets

from django.db import models

from collections_app.models.collection import Collection
from collections_app.models.sealed import SealedRow, text


def new_key() -> str:
    """A name for an address: nobody can guess it, and it says nothing about how many there are."""
    return secrets.token_hex(16)


class DocumentRequest(models.Model):
    """A document that the lender asks for, in its own words."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="document_requests")
    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=100, help_text="For example 2025 tax return.")
    explanation = models.CharField(max_length=300, blank=True, help_text="One sentence for the borrower.")
    is_required = models.BooleanField(default=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="document_request_once", fields=["collection", "position"])
        ]

    def __str__(self) -> str:
        return self.name


class Document(SealedRow):
    """A file that the borrower uploaded, kept in the storage, sealed under the data key.

    `size` is that of the file as it was uploaded. `scanned_at` is null where no virus scanner was set up.
    `first_opened_at` says when the lender first downloaded it: from then on it stays.
    """

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="documents")
    request = models.ForeignKey(
        DocumentRequest, on_delete=models.CASCADE, null=True, blank=True, related_name="documents"
    )
    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    storage_name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    uploaded_at = models.DateTimeField(auto_now_add=True)
    scanned_at = models.DateTimeField(null=True, blank=True)
    first_opened_at = models.DateTimeField(null=True, blank=True)

    name = text()
    sha256 = text()

    sealed_beside = ("key", "storage_name")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Document {self.key}"
