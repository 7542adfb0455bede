"""The end of the chain of events, and the key that it is made with."""

from django.db import models


class AuditChain(models.Model):
    """One row for the whole instance: how long the chain is, and the seal of its last event.

    `wrapped` is the audit key, sealed by the vault. `proof` is a keyed digest of position and seal, so that
    nobody who can write rows and does not have the key can put the end of the chain back.
    """

    ONLY = 1

    wrapped = models.BinaryField(editable=False)
    position = models.PositiveBigIntegerField(default=0)
    seal = models.CharField(max_length=64, blank=True)
    proof = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = "audit chain"

    def __str__(self) -> str:
        return f"{self.position}:{self.seal}"
