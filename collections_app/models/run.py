"""A run of the worker and its counted units."""

from datetime import date

from django.db import models

from collections_app.models.collection import Collection


class Run(models.Model):
    """A piece of work on one collection. This row is the job; a Celery message only rings for it.

    Whoever holds a live lease works on it. `fence` grows with every claim, and each write of a worker carries
    it, so that a worker that was thought dead cannot write over its successor. `status` is written by
    `collections_app.states` alone.
    """

    class Kind(models.TextChoices):
        VERIFY = "verify", "Check the sign-in"
        EXAMINE = "examine", "Read the chart of accounts"
        COLLECT = "collect", "Collect the reports"

    class Status(models.TextChoices):
        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        WAITING = "waiting", "Waiting for the gateway"
        NEEDS_BORROWER = "needs_borrower", "Needs the borrower"
        NEEDS_OPERATOR = "needs_operator", "Needs the operator"
        DONE = "done", "Done"
        CANCELLED = "cancelled", "Cancelled"

    LIVE = (Status.QUEUED, Status.RUNNING, Status.WAITING)

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="runs")
    kind = models.CharField(max_length=8, choices=Kind)
    status = models.CharField(max_length=16, choices=Status, default=Status.QUEUED)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    lease_owner = models.CharField(max_length=200, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    fence = models.PositiveIntegerField(default=0)
    crashes = models.PositiveSmallIntegerField(
        default=0, help_text="Claims whose worker died in the current unit."
    )

    waits = models.PositiveSmallIntegerField(
        default=0, help_text="Waits for the gateway in the current unit."
    )
    retry_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(
        max_length=40, blank=True, help_text="Why it waits or stopped: a name, see problems."
    )
    problem_detail = models.TextField(
        blank=True, help_text="For support: error number, function, support id."
    )

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="one_live_run_per_collection",
                fields=["collection"],
                condition=models.Q(status__in=["queued", "running", "waiting"]),
            ),
        ]
        indexes = [models.Index(name="run_by_status", fields=["status", "lease_until"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.get_status_display()})"


class WorkUnit(models.Model):
    """One counted piece of a run, planned before the run starts, done once."""

    class Kind(models.TextChoices):
        COMPANY = "company", "Company and entities"
        CHART = "chart", "Chart of accounts"
        PERIOD_BALANCE = "period_balance", "Trial balance of the whole period"
        TRIAL_BALANCE = "trial_balance", "Trial balance"
        REPORTS = "reports", "Reports"

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="units")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=Kind)
    start = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    row_count = models.PositiveIntegerField(null=True, blank=True)
    checksum = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the rows as stored.")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(name="unit_once", fields=["run", "position"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.start or ''}".strip()

    @property
    def window(self) -> tuple[date, date]:
        """The days of a unit that reads balances, first and last. Raises ValueError for any other unit."""
        if self.start is None or self.end is None:
            raise ValueError(f"A unit of kind {self.kind} has no window.")
        return self.start, self.end
