"""What was collected, and the files made from it."""

from dataclasses import astuple
from decimal import Decimal
from typing import Any

from django.db import models

from collections_app.models.collection import Collection
from collections_app.models.money import plain
from collections_app.models.sealed import Confidential, SealedRow
from collections_app.reports.figures import TrialBalanceRow

Rows = tuple[TrialBalanceRow, ...]


def pack_rows(rows: Rows) -> list[list[str]]:
    return [[str(value) for value in astuple(row)] for row in rows]


def unpack_rows(kept: list[list[str]]) -> Rows:
    return tuple(
        TrialBalanceRow(account, *(plain(Decimal(text)) for text in texts)) for account, *texts in kept
    )


class TrialBalance(SealedRow):
    """The trial balance of one month, or part of one, exactly as the gateway gave it; debit positive.

    One row for the whole of it: its lines are only ever read together, and no database adds them up.
    """

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="trial_balances")
    start = models.DateField()
    end = models.DateField()
    row_count = models.PositiveIntegerField()
    checksum = models.CharField(max_length=64, help_text="SHA-256 of the lines as they were read.")

    rows: Confidential[Rows] = Confidential(tuple, pack=pack_rows, unpack=unpack_rows)

    sealed_beside = ("start", "end")

    class Meta:
        ordering = ["start"]
        constraints = [models.UniqueConstraint(name="trial_balance_once", fields=["collection", "start"])]

    def __str__(self) -> str:
        return f"Trial balance {self.start}"


class CollectedTable(models.Model):
    """A part of a table as it was collected: a gzipped CSV in the storage, sealed under the data key.

    `start` and `end` are the days it covers, both inclusive; a table without a period has neither. `size`
    counts the bytes in the storage, `sha256` is of the CSV before it was compressed and sealed.
    """

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="tables")
    name = models.CharField(max_length=60, help_text="For example general_ledger.")
    start = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True)
    part = models.PositiveIntegerField(default=0)
    columns = models.JSONField()
    row_count = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    storage_name = models.CharField(max_length=200)

    class Meta:
        ordering = ["name", "start", "part"]
        constraints = [
            models.UniqueConstraint(
                name="collected_table_once", fields=["collection", "name", "start", "part"]
            ),
            models.UniqueConstraint(
                name="collected_table_without_period_once",
                fields=["collection", "name", "part"],
                condition=models.Q(start=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.start or ''} part {self.part}"


class CheckResult(SealedRow):
    """What one check of the reports found. The outcome is plain, so that a list can show what failed."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="checks")
    position = models.PositiveSmallIntegerField()
    check_id = models.CharField(max_length=8, help_text="Such as R8.")
    outcome = models.CharField(max_length=12)
    is_warning = models.BooleanField(default=False)

    # The whole of it, in the form of statements.json.
    found: Confidential[dict[str, Any]] = Confidential(dict)

    sealed_beside = ("check_id",)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(name="check_once", fields=["collection", "check_id"])]

    def __str__(self) -> str:
        return f"{self.check_id}: {self.outcome}"


class ReportFile(models.Model):
    """A file made from the reports, kept in the storage, sealed under the data key.

    `size` and `sha256` are those of the file as it is downloaded.
    """

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=100, help_text="As downloaded, for example report.xlsx.")
    storage_name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(name="file_once", fields=["collection", "name"])]
        indexes = [models.Index(name="file_by_content", fields=["sha256"])]

    def __str__(self) -> str:
        return self.name
