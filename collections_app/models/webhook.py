"""Where a lender's own systems are told, and what they were told."""

from django.db import models
from django.utils import timezone

from collections_app.models.lender import Lender


class Webhook(models.Model):
    """An address of a lender's system. `secret`, sealed by the vault, signs what is sent there."""

    lender = models.ForeignKey(Lender, on_delete=models.CASCADE, related_name="webhooks")
    url = models.URLField(max_length=500)
    secret = models.BinaryField(editable=False)
    events = models.JSONField(default=list, help_text="Names of events that are told; empty for all.")
    created_at = models.DateTimeField(auto_now_add=True)
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Webhook {self.pk}"


class Delivery(models.Model):
    """Something that one address is told. Written with what it tells of, in one transaction; sent later."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=60)
    body = models.TextField(help_text="As it is sent, a JSON object; no figures and no names.")
    created_at = models.DateTimeField(auto_now_add=True)
    try_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=60, blank=True, help_text="The status, or the kind of failure.")
    earlier = models.JSONField(
        null=True, blank=True, help_text="How it ended each time before it was sent again, the oldest first."
    )

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                name="delivery_unsent", fields=["try_at"], condition=models.Q(delivered_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.webhook_id}"

    @property
    def told_id(self) -> str:
        """The same in each try, and never given twice: after a restore of a backup the numbers alone are."""
        return f"{self.pk}-{int(self.created_at.timestamp())}"
