"""The key under which everything collected for one request is kept."""

from django.db import models

from collections_app.models.collection import Collection


class DataKey(models.Model):
    """The data key of one collection, itself sealed by the vault.

    Destroying it (`wrapped` becomes null) makes everything collected unreadable, wherever a copy of it lies.
    The row stays and says when and why.
    """

    collection = models.OneToOneField(Collection, on_delete=models.CASCADE, related_name="data_key")
    wrapped = models.BinaryField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    destroyed_at = models.DateTimeField(null=True, blank=True)
    destroyed_why = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"Data key of {self.collection_id}"
