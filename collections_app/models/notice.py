"""Mails that have to be sent, so that none is lost when a worker or a mail server dies."""

from django.db import models
from django.utils import timezone

from collections_app.models.collection import Collection


class Notice(models.Model):
    """Something that somebody is told by mail. Written with what it tells of, in one transaction; sent
    afterwards.

    `tries` is 1 after the first failure; only what the server says to this very mail counts on from there.
    What is not to be sent any more is kept, with `dropped_at`, because the clock asks whether it wrote it.
    """

    class Kind(models.TextChoices):
        PAUSED = "paused", "The collection needs the borrower"
        FINISHED = "finished", "The collection is finished"
        SET_UP = "set_up", "The colleague has set up the sign-in"
        STOPPED = "stopped", "The collection needs the operator"
        LINK_ASKED = "link_asked", "The borrower asks for a new link"
        UNLISTED = "unlisted", "The borrower uses another accounting system"
        READY = "ready", "The reports are ready to look at"
        WITHDRAWN = "withdrawn", "The borrower has withdrawn"
        # What a member of staff may choose to be told: see StaffMember.Mail.
        OPENED = "opened", "The borrower opened the link"
        STUCK = "stuck", "The collection is stuck"
        SUBMITTED = "submitted", "The borrower shared the reports"
        EXPIRING = "expiring", "The link is about to expire"
        REMINDER = "reminder", "The borrower is reminded"
        QUESTION = "question", "The lender asks the borrower"
        ANSWERED = "answered", "The borrower has answered"
        RETURNED = "returned", "The lender asks for a correction"

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=10, choices=Kind)
    problem = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    try_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(name="notice_unsent", fields=["try_at"], condition=models.Q(sent_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.collection_id})"
