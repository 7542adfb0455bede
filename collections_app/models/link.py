"""The secure link of a collection."""

from django.db import models

from collections_app.models.collection import Collection


class Link(models.Model):
    """A capability to answer one collection.

    Only the token's hash is stored; the token is shown once, at issue.
    """

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="links")
    token_hash = models.BinaryField(max_length=32, unique=True, editable=False)
    issued_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    opened_count = models.PositiveIntegerField(default=0)
    last_opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-issued_at", "-pk"]

    def __str__(self) -> str:
        return f"Link {self.pk} of {self.collection_id}"
