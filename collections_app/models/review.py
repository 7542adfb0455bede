"""What the lender's people say about a collection: notes, questions and the decision."""

from typing import Any

from django.conf import settings
from django.db import models

from collections_app.models.collection import Collection
from collections_app.models.document import new_key
from collections_app.models.sealed import Confidential, SealedRow, text


class Note(SealedRow):
    """Words among the lender's people. The borrower never sees them."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="notes")
    at = models.DateTimeField(auto_now_add=True)
    author = models.CharField(max_length=200)

    words = text()

    sealed_beside = ("author",)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Note {self.pk} on {self.collection_id}"


class Question(SealedRow):
    """A question to the borrower, answered behind the same link."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="questions")
    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    asked_at = models.DateTimeField(auto_now_add=True)
    asked_by = models.CharField(max_length=200)
    answered_at = models.DateTimeField(null=True, blank=True)

    words = text()
    answer = text()

    sealed_beside = ("key",)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Question {self.pk} on {self.collection_id}"


class Decision(SealedRow):
    """One person's verdict on what was submitted, with what that person had before the eyes.

    `seen` lists every file, document and check by its SHA-256, in the form that is signed: `signature` is of
    its canonical JSON, made with the instance's key that `signed_by` names. Where a lender wants four eyes
    the first verdict is a proposal and the second one, by somebody else, is final.
    """

    class Verdict(models.TextChoices):
        ACCEPT = "accept", "Accept"
        DECLINE = "decline", "Decline"
        RETURN = "return", "Return for correction"

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="decisions")
    at = models.DateTimeField()
    author = models.CharField(max_length=200)
    verdict = models.CharField(max_length=8, choices=Verdict)
    is_final = models.BooleanField(default=True)
    signed_by = models.CharField(max_length=64)
    signature = models.CharField(max_length=100)

    words = text()
    seen: Confidential[dict[str, Any]] = Confidential(dict)

    sealed_beside = ("author", "verdict")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} {self.collection_id}"


class DeskStart(models.Model):
    """How a person wants the list of collections to open: a view, an order and filters."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="desk_start")
    query = models.CharField(max_length=500)

    def __str__(self) -> str:
        return f"List of {self.user_id}"
