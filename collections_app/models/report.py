"""What was collected, and the files made from it.

Statements are computed from these rows whenever they are shown.
"""

from django.db import models

from collections_app.models.collection import Collection
from collections_app.models.money import MoneyField


class TrialBalanceLine(models.Model):
    """One account in one month's trial balance, exactly as the gateway gave it; debit positive."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="trial_balance_lines")
    start = models.DateField()
    end = models.DateField()
    account = models.CharField(max_length=50)
    opening = MoneyField()
    debits = MoneyField()
    credits = MoneyField()
    adjusting_debits = MoneyField()
    adjusting_credits = MoneyField()
    closing = MoneyField()

    class Meta:
        ordering = ["start", "account"]
        constraints = [
            models.UniqueConstraint(name="trial_balance_line_once", fields=["collection", "start", "account"])
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.start}"


class ReportFile(models.Model):
    """A file made from the reports, kept in the storage."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=100, help_text="As downloaded, for example report.xlsx.")
    storage_name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(name="file_once", fields=["collection", "name"])]

    def __str__(self) -> str:
        return self.name
