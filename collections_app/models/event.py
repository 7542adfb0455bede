"""The append-only record of what happened."""

from typing import Any, NoReturn

from django.db import models

from collections_app.models.collection import Collection

WRITTEN_ONCE = "Events are written once and never changed."


class EventQuerySet(models.QuerySet["Event"]):
    """Refuses what would rewrite history in bulk; the end of a collection takes its events along."""

    def update(self, **fields: Any) -> NoReturn:
        raise TypeError(WRITTEN_ONCE)

    def delete(self) -> NoReturn:
        raise TypeError(WRITTEN_ONCE)


class Event(models.Model):
    """Something that happened to a collection: who did what, when. Written once, never changed."""

    class Actor(models.TextChoices):
        BORROWER = "borrower", "Borrower"
        STAFF = "staff", "Lender's staff"
        OPERATOR = "operator", "Operator"
        WORKER = "worker", "Worker"

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(auto_now_add=True)
    actor_kind = models.CharField(max_length=8, choices=Actor)
    actor = models.CharField(max_length=200, blank=True)
    action = models.CharField(max_length=60, help_text="A dotted name, for example collection.submitted.")
    data = models.JSONField(default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(name="event_by_collection", fields=["collection", "at"])]

    def __str__(self) -> str:
        return f"{self.action} {self.at:%Y-%m-%d %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises TypeError for an event that is stored already."""
        if self.pk:
            raise TypeError(WRITTEN_ONCE)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raises TypeError."""
        raise TypeError(WRITTEN_ONCE)
