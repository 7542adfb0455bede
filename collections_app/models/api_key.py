"""Keys with which a lender's own systems read and ask, and what they asked for."""

from django.db import models

from collections_app.models.collection import Collection
from collections_app.models.lender import Lender


class ApiKey(models.Model):
    """A capability of one lender's system. Only the key's hash is stored; the key is shown once."""

    class Scope(models.TextChoices):
        READ = "read", "List requests and where they stand"
        FILES = "files", "Download reports and documents"
        CREATE = "create", "Make requests"

    lender = models.ForeignKey(Lender, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=100, help_text="Which system has it.")
    key_hash = models.BinaryField(max_length=32, unique=True, editable=False)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = "API key"

    def __str__(self) -> str:
        return f"API key {self.name}"


class SentRequest(models.Model):
    """What a system asked for under a key of its own choice, so that sent again it is not made again."""

    lender = models.ForeignKey(Lender, on_delete=models.CASCADE, related_name="+")
    key_hash = models.BinaryField(max_length=32, editable=False)
    content_hash = models.BinaryField(
        max_length=32,
        editable=False,
        help_text="Of address and body: another request needs another key. Empty: erased.",
    )
    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="sent_requests")
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="sent_request_once", fields=["lender", "key_hash"])]

    def __str__(self) -> str:
        return f"sent request {self.pk}"
