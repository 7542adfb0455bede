"""The append-only record of what happened."""

import logging
from typing import Any, ClassVar, NoReturn

from django.db import models
from django.utils import timezone

from collections_app import data_keys, vault
from collections_app.audit import digests, keys
from collections_app.models.collection import Collection
from collections_app.models.sealed import Confidential, SealedQuerySet, SealedRow

logger = logging.getLogger(__name__)

WRITTEN_ONCE = "Events are written once and never changed."


class EventQuerySet(SealedQuerySet["Event"]):
    """Refuses what would rewrite history in bulk."""

    def update(self, **fields: Any) -> NoReturn:
        raise TypeError(WRITTEN_ONCE)

    def delete(self) -> NoReturn:
        raise TypeError(WRITTEN_ONCE)


class Event(SealedRow):
    """Something that happened to a collection, or to the instance: who did what, when. Written once, never
    changed.

    `data` is confidential and ends with the collection's data key; who, what and when outlive it. Of an event
    without a collection it is sealed under the audit key. `signature` is made with the event; `position` and
    `link_seal` when it becomes a link of the chain, a moment after the commit: see `services.auditing`.
    """

    class Actor(models.TextChoices):
        BORROWER = "borrower", "Borrower"
        STAFF = "staff", "Lender's staff"
        OPERATOR = "operator", "Operator"
        WORKER = "worker", "Worker"

    collection = models.ForeignKey(
        Collection, on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )
    about = models.CharField(
        max_length=200, blank=True, help_text="What it is about where that is no collection: lender:harbor."
    )
    at = models.DateTimeField(default=timezone.now, editable=False)
    actor_kind = models.CharField(max_length=8, choices=Actor)
    actor = models.CharField(max_length=200, blank=True)
    action = models.CharField(max_length=60, help_text="A dotted name, for example collection.submitted.")
    signature = models.CharField(max_length=64, blank=True, editable=False)
    position = models.PositiveBigIntegerField(null=True, unique=True, editable=False)
    link_seal = models.CharField(max_length=64, blank=True, editable=False)

    data: Confidential[dict[str, Any]] = Confidential(dict)

    sealed_beside = ("action",)
    objects: ClassVar[EventQuerySet] = EventQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(name="event_by_collection", fields=["collection", "at"]),
            models.Index(name="event_by_actor", fields=["actor", "at"]),
            # Of lenders, people and pages; those of a request are found by the request.
            models.Index(name="event_by_thing", fields=["about", "id"], condition=models.Q(collection=None)),
            models.Index(name="event_unlinked", fields=["id"], condition=models.Q(position__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.at:%Y-%m-%d %H:%M %Z}"

    def data_still_kept(self) -> dict[str, Any]:
        """The data, or nothing when the collection was erased. Raises vault.VaultError."""
        try:
            return self.data
        except data_keys.KeyDestroyed:
            return {}

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises TypeError for an event that is stored already."""
        if self.pk:
            raise TypeError(WRITTEN_ONCE)
        self.seal_now()
        self.signature = self._sign()
        super().save(*args, **kwargs)

    def data_key(self) -> bytes:
        """The collection's key, or the instance's. Raises data_keys.KeyUnavailable, vault.VaultError."""
        return keys.audit_key() if self.collection_id is None else super().data_key()

    def _sign(self) -> str:
        """Empty while the vault's key is missing: `verifyaudit` then tells of the event."""
        said = digests.Signed(**{name: getattr(self, name) for name in digests.Signed._fields})
        try:
            return digests.signature_of(keys.audit_key(), said)
        except vault.VaultError as error:
            logger.warning("The event %s is kept without its signature: %s", self.action, error)
            return ""

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raises TypeError."""
        raise TypeError(WRITTEN_ONCE)
