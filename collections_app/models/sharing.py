"""What the borrower says about the reports before sharing them."""

from django.db import models

from collections_app.models.collection import Collection
from collections_app.models.sealed import SealedRow, text


class Explanation(SealedRow):
    """The borrower's words on a check that did not pass."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="explanations")
    check_id = models.CharField(max_length=8, help_text="Such as R8.")

    words = text()

    sealed_beside = ("check_id",)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(name="explanation_once", fields=["collection", "check_id"])]

    def __str__(self) -> str:
        return f"Explanation of {self.check_id}"


class Attestation(SealedRow):
    """Who stood up for the reports when they were shared, and which text that person agreed to."""

    collection = models.OneToOneField(Collection, on_delete=models.CASCADE, related_name="attestation")
    at = models.DateTimeField()
    text_version = models.CharField(max_length=20)
    recorded_by = models.CharField(max_length=200, blank=True, help_text="Empty: the person, on the page.")

    name = text()
    title = text()

    def __str__(self) -> str:
        return f"Attestation of {self.collection_id}"
