"""Rows that keep the machine running rather than describe a collection."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class WorkerPulse(models.Model):
    """The last sign of life of a worker, so that pages and commands can say honestly that none is there."""

    name = models.CharField(max_length=200, unique=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.seen_at:%H:%M:%S}"


class Tally(models.Model):
    """How often something happened since the installation began, over all processes, and how long it took."""

    name = models.CharField(max_length=40)
    label = models.CharField(max_length=60, blank=True)
    count = models.PositiveBigIntegerField(default=0)
    seconds = models.FloatField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(name="tally_once", fields=["name", "label"])]

    def __str__(self) -> str:
        return f"{self.name} {self.label}: {self.count}"


class FailureCount(models.Model):
    """How often something failed for one caller in one window of time; the caller is kept as a hash."""

    key = models.CharField(max_length=100)
    window = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(name="failure_count_once", fields=["key", "window"])]

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"


class SpentForm(models.Model):
    """A form that one person sent and that did its work, so that sent again it does nothing."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key_hash = models.BinaryField(max_length=32, editable=False)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="spent_form_once", fields=["user", "key_hash"])]

    def __str__(self) -> str:
        return f"spent form {self.pk}"


class PasswordAsk(models.Model):
    """Somebody asked for a link to set a password, for an address that may be anybody's or nobody's.

    It is deleted once it is answered.
    """

    email = models.EmailField(max_length=254)
    asked_at = models.DateTimeField(auto_now_add=True)
    try_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"Asked at {self.asked_at:%H:%M:%S}"


class SignInTry(models.Model):
    """A sign-in that was sent to the gateway and refused, or is not answered yet.

    `key` is the keyed fingerprint of company and user. Two places for each, and no two rows can have the same
    one: so the database itself keeps a third try from being sent.
    """

    key = models.CharField(max_length=64)
    place = models.PositiveSmallIntegerField()
    at = models.DateTimeField(help_text="When it was sent; once it was refused, when that was.")
    refused = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_try_per_place", fields=["key", "place"])]

    def __str__(self) -> str:
        return f"Try {self.place} at {self.at:%H:%M:%S}"
