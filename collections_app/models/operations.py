"""Rows that keep the machine running rather than describe a collection."""

from django.db import models


class WorkerPulse(models.Model):
    """The last sign of life of a worker, so that pages and commands can say honestly that none is there."""

    name = models.CharField(max_length=200, unique=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.seen_at:%H:%M:%S}"


class FailureCount(models.Model):
    """How often something failed for one caller in one window of time; the caller is kept as a hash."""

    key = models.CharField(max_length=100)
    window = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(name="failure_count_once", fields=["key", "window"])]

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
