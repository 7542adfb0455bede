"""A run of the worker and its counted units."""

from datetime import date

from django.db import models
from django.utils import timezone

from collections_app.models.collection import Collection
from collections_app.models.mapping import MappingTemplate


class Run(models.Model):
    """A piece of work on one collection. This row is the job; a Celery message only rings for it.

    What has to be done are its units, planned before it starts. A worker holds a unit, never the run.
    `status` is written by `collections_app.states` alone.
    """

    class Kind(models.TextChoices):
        VERIFY = "verify", "Check the sign-in"
        EXAMINE = "examine", "Read the chart of accounts"
        COLLECT = "collect", "Collect the reports"
        REBUILD = "rebuild", "Rebuild the reports"

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
    mapping = models.ForeignKey(
        MappingTemplate,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="runs",
        help_text="The lender's layout that a rebuild applies; empty for none.",
    )
    terms = models.TextField(
        blank=True,
        help_text="The lender's terms when it was planned: all its files are made by these.",
    )
    announces = models.BooleanField(
        default=False,
        help_text="Whether at its end lenders' systems are told that everything is here: it puts what the "
        "borrower said into the files that were shared.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    served_at = models.DateTimeField(
        default=timezone.now, help_text="When a unit of it was last begun: the longest unserved comes first."
    )

    trace = models.CharField(
        max_length=32, blank=True, help_text="The id of the request or command that planned it, for the logs."
    )

    waits = models.PositiveSmallIntegerField(
        default=0, help_text="Waits for the gateway since the last unit that was done."
    )
    waiting_since = models.DateTimeField(
        null=True, blank=True, help_text="When the wait for the gateway began that has not ended yet."
    )
    retry_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(
        max_length=40, blank=True, help_text="Why it waits or stopped: a name, see problems."
    )
    problem_names = models.JSONField(
        default=list, blank=True, help_text="What is missing, in Sage Intacct's own menu words."
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
        indexes = [models.Index(name="run_by_status", fields=["status", "served_at"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.get_status_display()})"


class WorkUnit(models.Model):
    """One counted piece of a run, planned before the run starts, done once.

    Whoever holds a live lease works on it. `fence` grows with every claim, and each write of a worker carries
    it, so that a worker that was thought dead cannot write over its successor. A unit that asks the gateway
    takes one of its company's places while it is held, and no two units can have the same place.
    """

    class Kind(models.TextChoices):
        COMPANY = "company", "Company and entities"
        CHART = "chart", "Chart of accounts"
        PERIOD_BALANCE = "period_balance", "Trial balance of the whole period"
        SURVEY = "survey", "What there is to read"
        TRIAL_BALANCE = "trial_balance", "Trial balance"
        TABLE = "table", "Table"
        REPORTS = "reports", "Reports"

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="units")
    position = models.PositiveIntegerField()
    stage = models.PositiveSmallIntegerField(
        default=1, help_text="Begun when all units of earlier stages are done."
    )
    kind = models.CharField(max_length=16, choices=Kind)
    subject = models.CharField(max_length=40, blank=True, help_text="Which table or report it makes.")
    start = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True)
    part = models.PositiveSmallIntegerField(default=0, help_text="Which range of record numbers, from 0.")
    first_key = models.CharField(max_length=40, blank=True, help_text="Record numbers from here on.")
    last_key = models.CharField(max_length=40, blank=True, help_text="Record numbers up to here.")

    lease_owner = models.CharField(max_length=200, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    fence = models.PositiveIntegerField(default=0)
    crashes = models.PositiveSmallIntegerField(
        default=0, help_text="Claims whose worker died or was overtaken."
    )
    company_key = models.CharField(
        max_length=64, blank=True, help_text="Equal for units of the same company."
    )
    place = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Which of the company's places it holds."
    )

    started_at = models.DateTimeField(null=True, blank=True)
    rows_read = models.PositiveIntegerField(default=0, help_text="Rows so far, told with each heartbeat.")
    done_at = models.DateTimeField(null=True, blank=True)
    row_count = models.PositiveIntegerField(null=True, blank=True)
    checksum = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the rows as stored.")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="unit_once", fields=["run", "position"]),
            models.UniqueConstraint(
                name="one_unit_per_place",
                fields=["company_key", "place"],
                condition=models.Q(place__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="unit_in_hand", fields=["lease_until"], condition=models.Q(lease_until__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return " ".join(
            str(part) for part in (self.get_kind_display(), self.subject, self.start, self.part) if part
        )

    @property
    def asks_gateway(self) -> bool:
        """Whether it reads from the company; reports are made from what is stored."""
        return self.kind != self.Kind.REPORTS

    @property
    def window(self) -> tuple[date, date]:
        """The days of a unit that reads balances or detail, first and last. Raises ValueError for another."""
        if self.start is None or self.end is None:
            raise ValueError(f"A unit of kind {self.kind} has no window.")
        return self.start, self.end
