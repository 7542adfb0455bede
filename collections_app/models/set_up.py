"""The set-up in Sage Intacct: who was asked to do it, and how far it is."""

from django.db import models

from collections_app.models.collection import Collection
from collections_app.models.sealed import SealedRow, text


class SetUpLink(SealedRow):
    """A capability of a colleague of the borrower: to read the set-up guide and to sign in, and nothing else.

    Only the token's hash is stored. `signed_in_at` is when this link's sign-in was saved, `accepted_at` when
    Sage Intacct accepted it.
    """

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="set_up_links")
    token_hash = models.BinaryField(max_length=32, unique=True, editable=False)
    issued_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    opened_count = models.PositiveIntegerField(default=0)
    last_opened_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    signed_in_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)

    mailed_to = text()

    class Meta:
        ordering = ["-issued_at", "-pk"]

    def __str__(self) -> str:
        return f"Set-up link {self.pk} of {self.collection_id}"


class SetUpTick(models.Model):
    """A step of the set-up guide that was ticked, by the borrower or by the colleague with the link."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="set_up_ticks")
    by_colleague = models.BooleanField()
    step = models.CharField(max_length=20)
    ticked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="set_up_tick_once", fields=["collection", "by_colleague", "step"])
        ]

    def __str__(self) -> str:
        return f"{self.step} of {self.collection_id}"
