"""The code that proves a link to be in the hands of the person it was sent to."""

from django.db import models

from collections_app.models.link import Link


class LinkCode(models.Model):
    """Six digits mailed to the invited address. Only a keyed hash is stored; the newest code alone counts."""

    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="codes")
    code_hash = models.BinaryField(max_length=32, editable=False)
    sent_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Code {self.pk} of {self.link}"
