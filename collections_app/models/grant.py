"""What a lender lets an operator see."""

from django.conf import settings
from django.db import models

from collections_app.models.collection import Collection

LONGEST_GRANT_HOURS = 72


class FiguresGrant(models.Model):
    """One operator may look at what one borrower shared, until then. Given by a manager of the lender.

    A row is written once; ending it early moves `ends_at` to that moment.
    """

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="figures_grants")
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="figures_grants"
    )
    granted_by = models.CharField(max_length=200)
    granted_at = models.DateTimeField(auto_now_add=True)
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=300)

    class Meta:
        verbose_name = "operator's access"
        verbose_name_plural = "operators' access"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.operator.get_username()} to {self.collection.reference}"
